/** The product in one process: Redis of our own unless HUB_REDIS_URL names one, then the engines, the API, the portal. */
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startApi } from '#api/main.ts';
import { startMonitor } from '#api/monitor.ts';
import { ConfigError, loadConfig, type Role } from '#engine/config.ts';
import { checkEnvironment, checkFolder } from '#engine/config-check.ts';
import { drainOf } from '#engine/drain.ts';
import { Local } from '#engine/local.ts';
import { portalConfig } from '#engine/portal-config.ts';
import { reach } from '#engine/redis/reach.ts';
import type { Look } from '#engine/telemetry/metrics.ts';
import { hubFolder } from './place.ts';
import { buildPortal } from './portal/build.ts';
import { noteProcess } from './processes.ts';
import { keepRedis } from './redis/keeper.ts';
import { startEngines } from './threads/engines.ts';
import { type Portal, portalsCounted, startPortal } from './threads/portals.ts';

export const roles: readonly Role[] = ['all', 'api', 'engine', 'portal'];

export type Options = {
  role: Role;
  /** Data folder: Redis' append-only file and the attachments. */
  data: string;
  /** HTTP port, 0 for a free one; without it, the configuration's. */
  port?: number;
  host?: string;
  /** false: the caller starts it later */
  portal?: false;
  env: NodeJS.ProcessEnv;
};

export type Services = {
  /** The API's base URL; none in an engine process. */
  url?: string;
  /** Where an engine process says how it is. */
  monitor?: string;
  /** The portal's address, where there is one. */
  portal?: string;
  /** '' in a portal process, which knows none. */
  redisUrl: string;
  stop(): Promise<void>;
};

/** What `./hub demo` gives to the demo: the product to start, once its own servers are up. */
export type Demo = {
  data: string;
  /** Starts the whole product with these variables added to the environment. Stopped by the command, after the demo. */
  start(env: Record<string, string>): Promise<Services>;
  /** Starts the portal in front of it; its client has to exist by then. Stopped by the command too. */
  portal(env: Record<string, string>): Promise<Portal>;
  /** Known before it starts: its provider must be told. */
  ports: { portal: number; files: number };
  say(line: string): void;
};

/** The data folder when nobody names one. */
export const usualData = join(hubFolder, 'data');

/** What an engine's thread that ended held in memory is lost, as with a killed process; the next one goes on from Redis. */
function die(reason: string): never {
  console.error(`hub: ${reason}`);
  process.exit(1);
}

const fault = (message: string): ConfigError => new ConfigError(message);

/** The portal of these settings; `alone`: there is nothing else in this process. @throws ConfigError when some are missing */
export async function startPortalWith(
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
  alone = false,
): Promise<Portal> {
  const found = portalConfig(env, fault);
  if ('missing' in found) throw fault(`the portal needs ${found.missing.join(', ')}`);
  buildPortal(say);
  return startPortal(found.config, alone, die);
}

/** Beside the API of this process, unless it is not set up: then says what is missing. */
async function portalBeside(
  apiUrl: string,
  given: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<Portal | undefined> {
  const env = { ...given, HUB_API_URL: given['HUB_API_URL'] || apiUrl };
  const found = portalConfig(env, fault);
  if (!('missing' in found)) return startPortalWith(env, say);
  say(`no portal: ${found.missing.join(', ')} not set (README.md, Configuration)`);
  return undefined;
}

/** Starts what `role` asks for. When a part fails, those before it are stopped and the error is thrown. */
export async function startServices(options: Options, say: (line: string) => void): Promise<Services> {
  const { role, env, port, host } = options;
  const data = resolve(options.data);
  const drainMs = drainOf(env, fault);
  /** What serves others says first that it will not; it is stopped later, when nobody comes any more. */
  const drain = async (parts: readonly { drain(): void }[]) => {
    if (drainMs === 0) return;
    for (const part of parts) part.drain();
    await delay(drainMs);
  };
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  const note = (url: string): void => {
    const forget = noteProcess(data, role, url);
    stops.push(async () => forget());
  };
  try {
    checkEnvironment(env, say);
    checkFolder('--data', data);
    if (role === 'portal') {
      const portal = await startPortalWith(env, say, true);
      stops.push(
        () => portal.stop(),
        () => drain([portal]),
      );
      note('');
      return { portal: portal.url, redisUrl: '', stop };
    }
    let redisUrl = env['HUB_REDIS_URL'];
    if (!redisUrl) {
      // The one setting by which our own server's promise can be a weaker one.
      const extra = env['HUB_DURABILITY'] === 'everysec' ? { appendfsync: 'everysec' } : {};
      const redis = await keepRedis({ dir: join(data, 'redis'), extra }, say);
      stops.push(() => redis.stop());
      redisUrl = redis.url;
    }
    const flags = { role, data, ...(port !== undefined && { port }), ...(host !== undefined && { host }) };
    const config = loadConfig({ ...env, HUB_REDIS_URL: redisUrl }, flags);
    if (env['HUB_REDIS_URL']) await reach(config.redisUrl);
    const local = role === 'all' ? new Local() : undefined;
    const engines = role === 'api' ? undefined : await startEngines(config, local, die);
    if (engines) stops.push(() => engines.stop());
    const looks = async (): Promise<Look[]> => (await engines?.look()) ?? [];
    if (role === 'engine') {
      const monitor = await startMonitor({ ...config, port: port ?? (env['HUB_PORT'] ? config.port : 0) }, looks);
      stops.push(() => monitor.stop());
      note(monitor.url);
      return { monitor: monitor.url, redisUrl, stop };
    }
    const api = await startApi(config, local, async () => [
      ...(await looks()).map(({ counted }) => counted),
      ...(await portalsCounted()),
    ]);
    stops.push(() => api.stop());
    const portal = role === 'all' && options.portal !== false ? await portalBeside(api.url, env, say) : undefined;
    if (portal) stops.push(() => portal.stop());
    stops.push(() => drain(portal ? [api, portal] : [api]));
    note(api.local);
    return { url: api.url, ...(portal && { portal: portal.url }), redisUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
