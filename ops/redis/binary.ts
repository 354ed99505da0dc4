/** Finds the redis-server binary of this machine, or installs it, or says in one sentence what to do. */
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { hubFolder } from '#ops/place.ts';

/** The oldest server whose functions and stream commands the engine uses. */
const oldestMajor = 7;

/** Debian's redis-tools holds the server's binary under this name; it chooses what to be by the name it is called by. */
const serverInTools = 'redis-check-rdb';

/** Neither the package nor its dependencies hold a service: nothing starts by itself. */
const install = ['apt-get', 'install', '-y', '--no-install-recommends', 'redis-tools'];

/** What the machine lacks and how to provide it, in one sentence. */
export class MissingRedis extends Error {
  override name = 'MissingRedis';
}

/** The path of a redis-server or valkey-server of major 7 or later. Installs it when root. Throws MissingRedis. */
export function redisBinary(): string {
  const found = find();
  if (found) return found;
  const command = install.join(' ');
  const own = 'or set HUB_REDIS_URL to a Redis or Valkey 7.0 or later of your own';
  if (!inPath('apt-get')) throw new MissingRedis(`no redis-server 7.0 or later here: install one, ${own}.`);
  if (process.getuid?.() !== 0)
    throw new MissingRedis(`no redis-server 7.0 or later here: run « sudo ${command} », ${own}.`);
  console.error(`hub: installing redis-tools (the redis-server binary, no service)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (args: string[]) =>
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  const installed = apt(install.slice(1)) || (apt(['update']) && apt(install.slice(1)));
  const path = installed ? find() : undefined;
  if (!path) throw new MissingRedis(`« ${command} » did not provide redis-server 7.0 or later: install one, ${own}.`);
  return path;
}

function find(): string | undefined {
  const named = ['redis-server', 'valkey-server'].map(inPath).find((path) => path && major(path) >= oldestMajor);
  if (named) return named;
  const tools = inPath(serverInTools);
  if (!tools) return undefined;
  const path = named ?? alias(tools);
  return major(path) >= oldestMajor ? path : undefined;
}

function alias(binary: string): string {
  const folder = join(hubFolder, 'redis');
  const path = join(folder, 'redis-server');
  mkdirSync(folder, { recursive: true });
  if (linkOf(path) === binary) return path;
  rmSync(path, { force: true });
  try {
    symlinkSync(binary, path);
  } catch (error) {
    // Another process of this project has just made the same link.
    if (linkOf(path) !== binary) throw error;
  }
  return path;
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function major(binary: string): number {
  try {
    return Number(/v=(\d+)\./.exec(execFileSync(binary, ['--version'], { encoding: 'utf8' }))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The full path of an executable of PATH. */
export function inPath(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(':').filter(Boolean)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
