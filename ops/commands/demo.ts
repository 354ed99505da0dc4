/** `./hub demo`: the whole product with realistic data and live traffic. The data stays for the next time. */
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runDemo } from '#ops/demo/main.ts';
import { live, options, portOption, say, WrongOption } from '#ops/life.ts';
import { hubFolder } from '#ops/place.ts';
import { freePort } from '#ops/portal/ports.ts';
import { probe } from '#ops/redis/probe.ts';
import { lastPort } from '#ops/redis/server.ts';
import { type Services, startPortalWith, startServices } from '#ops/services.ts';
import { startBeside } from '#ops/supervision/beside.ts';

const usualPort = 8080;

/** Removes the data of an earlier demo: only a folder that holds one, and that nobody uses. */
async function clear(data: string): Promise<void> {
  if (!existsSync(data)) return;
  const redis = join(data, 'redis');
  if (!existsSync(join(redis, 'redis.lock'))) throw new WrongOption(`--fresh: ${data} is not a data folder of Relais`);
  const port = lastPort(redis);
  if (port && (await probe(port)).state !== 'down') throw new WrongOption(`--fresh: ${data} is in use, stop it first`);
  rmSync(data, { recursive: true });
}

/** Beside the API's: 8081 and 8082 as a rule. */
async function portalPorts(api: number): Promise<{ portal: number; files: number }> {
  const wanted = Number(process.env['HUB_PORTAL_PORT'] || (api && api + 1));
  const files = Number(process.env['HUB_PORTAL_FILES_PORT'] || (api && api + 2));
  return { portal: wanted || (await freePort()), files: files || (await freePort()) };
}

await live(async () => {
  const given = options(['data', 'port', 'host'], ['fresh', 'ops']);
  const data = resolve(String(given['data'] ?? join(hubFolder, 'demo')));
  const port = portOption(given['port']) ?? usualPort;
  const host = given['host'] === undefined ? {} : { host: String(given['host']) };
  if (given['fresh']) await clear(data);
  const started: Pick<Services, 'stop'>[] = [];
  const stop = async () => {
    for (const services of started.splice(0).reverse()) await services.stop();
  };
  try {
    const start = async (env: Record<string, string>) => {
      const services = await startServices(
        { role: 'all', portal: false, data, port, ...host, env: { ...process.env, ...env } },
        say,
      );
      started.push(services);
      if (given['ops'] && services.url)
        started.push(await startBeside({ data, url: services.url, smtpUrl: env['HUB_SMTP_URL'] }, say));
      return services;
    };
    const portal = async (env: Record<string, string>) => {
      const opened = await startPortalWith({ ...process.env, ...env }, say);
      started.push(opened);
      return opened;
    };
    const demo = await runDemo({ data, start, portal, ports: await portalPorts(port), say });
    return {
      async stop() {
        await demo.stop();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
});
