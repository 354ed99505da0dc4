/** What `./hub demo` runs: the product, then the demo's outside world in a thread of its own. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Demo } from '#ops/services.ts';
import type { Credentials } from './client.ts';
import type { Order, Ready, Report, WorldData } from './world.ts';

/** Starts the SMTP server, the product and the traffic; `stop` ends the traffic and the SMTP server, not the product. */
export async function runDemo({ data, start, portal, ports, say }: Demo): Promise<{ stop(): Promise<void> }> {
  const folder = join(data, 'demo');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const admin = adminCredentials(join(folder, 'admin.json'));
  const columns = process.stdout.isTTY ? process.stdout.columns : undefined;
  const workerData: WorldData = { folder, columns, portalUrl: `http://localhost:${ports.portal}` };
  const world = new Worker(new URL('./world.ts', import.meta.url), { workerData });
  const gone = once(world, 'exit');
  const order = (one: Order) => world.postMessage(one);
  const stop = async () => {
    order('stop');
    await gone;
  };
  try {
    let openPortal: (client: Credentials) => void = () => undefined;
    const { smtpUrl, demoUrl, provider } = await new Promise<Ready>((resolve, reject) => {
      world.on('error', (error) => {
        say(`the demo's traffic stopped: ${error.message}`);
        reject(error);
      });
      world.on('message', (report: Report) => {
        if ('smtpUrl' in report) resolve(report);
        else if ('client' in report) openPortal(report.client);
        else if ('text' in report) process.stdout.write(report.text);
        else say(`the demo's traffic stopped: ${report.failure}`);
      });
    });
    const services = await start({
      HUB_ADMIN_CLIENT_ID: admin.clientId,
      HUB_ADMIN_CLIENT_SECRET: admin.clientSecret,
      HUB_SMTP_URL: smtpUrl,
      HUB_PORTAL_URL: workerData.portalUrl,
      HUB_OIDC_ISSUER: provider.issuer,
      HUB_OIDC_CLIENT_ID: provider.clientId,
    });
    openPortal = ({ clientId, clientSecret }) => {
      const settings = {
        HUB_API_URL: services.url as string,
        HUB_PORTAL_CLIENT_ID: clientId,
        HUB_PORTAL_CLIENT_SECRET: clientSecret,
        HUB_PORTAL_DEMO_URL: demoUrl,
        HUB_PORTAL_PORT: String(ports.portal),
        HUB_PORTAL_FILES_PORT: String(ports.files),
        HUB_OIDC_ISSUER: provider.issuer,
        HUB_OIDC_CLIENT_ID: provider.clientId,
        HUB_OIDC_CLIENT_SECRET: provider.clientSecret,
      };
      portal(settings).then(
        ({ url }) => order({ portal: url }),
        (error: Error) => {
          say(`no portal: ${error.message}`);
          order({ portal: '' });
        },
      );
    };
    if (!services.url) throw new Error('the API has no address');
    order({ apiUrl: services.url, admin });
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

// Drawn once per data folder: a secret in the source would be everybody's.
function adminCredentials(path: string): Credentials {
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Credentials;
  const clientSecret = randomBytes(32).toString('base64url');
  const admin: Credentials = { clientId: 'demo-admin', clientSecret, scope: 'ADMIN' };
  writeFileSync(path, `${JSON.stringify(admin)}\n`, { mode: 0o600 });
  return admin;
}
