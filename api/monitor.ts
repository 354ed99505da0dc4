import type { Config } from '#engine/config.ts';
import { buildInfo, HostGauges } from '#engine/telemetry/host.ts';
import { openLog } from '#engine/telemetry/log.ts';
import { type Look, threadMetrics } from '#engine/telemetry/metrics.ts';
import { routes as health } from './routes/health.ts';
import { routes as metrics } from './routes/metrics.ts';
import { Budget } from './server/budget.ts';
import { HttpError } from './server/errors.ts';
import { Server } from './server.ts';

/**
 * What an engine process serves: `/health/live`, `/health/ready` and `/metrics`, and nothing of the contract.
 * @param looks what its engines say of themselves
 * @throws Error when the port is taken
 */
export async function startMonitor(
  config: Config,
  looks: () => Promise<Look[]>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const reasons = async (): Promise<string[]> => (await looks()).flatMap((look) => look.reasons);
  const counts = threadMetrics(config.role);
  const host = new HostGauges(counts.registry, config);
  buildInfo(counts.registry);
  const metricsText = async (): Promise<string> => {
    const [seen] = await Promise.all([looks(), host.refresh()]);
    return counts.text(seen.map(({ counted }) => counted));
  };
  const server = new Server({
    routes: [...health({ hub: { ready: reasons }, blobs: { check: async () => [] } }), ...metrics({ metricsText })],
    // Its routes are public: nobody is let in by a token.
    gate: { fresh: async () => undefined, auth: { authenticate: noOne, confirm: noOne } },
    log: openLog(config.logLevel, 'monitor'),
    uploads: new Budget(0),
    tls: config.tls,
    trustedProxies: config.trustedProxies,
  });
  const port = await server.listen(config.host, config.port);
  return { url: `${config.tls ? 'https' : 'http'}://${config.host}:${port}`, stop: () => server.close() };
}

function noOne(): never {
  throw new HttpError(401, 'Invalid Credentials', 900901);
}
