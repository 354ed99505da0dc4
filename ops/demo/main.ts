/** What `./hub demo` runs: the product, then the demo's outside world in a thread of its own. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Demo } from '#ops/services.ts';
import type { Credentials } from './client.ts';
import type { Order, Report, WorldData } from './world.ts';

/** Starts the SMTP server, the product and the traffic; `stop` ends the traffic and the SMTP server, not the product. */
export async function runDemo({ data, start, say }: Demo): Promise<{ stop(): Promise<void> }> {
  const folder = join(data, 'demo');
  mkdirSync(folder, { recursive: true });
  const admin = adminCredentials(join(folder, 'admin.json'));
  const workerData: WorldData = { folder, columns: process.stdout.isTTY ? process.stdout.columns : undefined };
  const world = new Worker(new URL('./world.ts', import.meta.url), { workerData });
  const gone = once(world, 'exit');
  const order = (one: Order) => world.postMessage(one);
  const stop = async () => {
    order('stop');
    await gone;
  };
  try {
    const smtpUrl = await new Promise<string>((resolve, reject) => {
      world.on('error', (error) => {
        say(`the demo's traffic stopped: ${error.message}`);
        reject(error);
      });
      world.on('message', (report: Report) => {
        if ('smtpUrl' in report) resolve(report.smtpUrl);
        else if ('text' in report) process.stdout.write(report.text);
        else say(`the demo's traffic stopped: ${report.failure}`);
      });
    });
    const services = await start({
      HUB_ADMIN_CLIENT_ID: admin.clientId,
      HUB_ADMIN_CLIENT_SECRET: admin.clientSecret,
      HUB_SMTP_URL: smtpUrl,
    });
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
