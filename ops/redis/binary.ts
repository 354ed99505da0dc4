/** Finds the redis-server binary of this machine, or installs it, or says in one sentence what to do. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { executable, here, install, type Machine, wordsFor } from '#ops/debian.ts';
import { hubFolder } from '#ops/place.ts';

/** What the machine lacks and how to provide it, in one sentence. */
export class MissingRedis extends Error {
  override name = 'MissingRedis';
}

/** The oldest server whose functions and stream commands the engine uses. */
const oldestMajor = 7;

/** Debian's redis-tools holds the server's binary under this name; it chooses what to be by the name it is called by. */
const serverInTools = 'redis-check-rdb';

/** Neither the package nor its dependencies hold a service: nothing starts by itself. */
const tools = 'redis-tools';

const own = 'or set HUB_REDIS_URL to a Redis or Valkey 7.0 or later of your own';

/** The path of a redis-server or valkey-server of major 7 or later. Installs it when root. Throws MissingRedis. */
export function redisBinary(machine = here()): string {
  const found = find(machine);
  if (found) return found;
  const apt = executable('apt-get', machine);
  if (!apt) throw new MissingRedis(`no redis-server 7.0 or later here: install one, ${own}.`);
  const command = `apt-get ${wordsFor(tools).join(' ')}`;
  if (!machine.root) throw new MissingRedis(`no redis-server 7.0 or later here: run « sudo ${command} », ${own}.`);
  console.error('hub: installing redis-tools: the binary of redis-server, no service');
  install(apt, tools);
  const path = find(machine);
  if (!path) throw new MissingRedis(`« ${command} » did not provide redis-server 7.0 or later: install one, ${own}.`);
  return path;
}

function find(machine: Machine): string | undefined {
  for (const name of ['redis-server', 'valkey-server']) {
    const path = executable(name, machine);
    if (path && major(path) >= oldestMajor) return path;
  }
  const checker = executable(serverInTools, machine);
  const path = checker && link(checker);
  return path && major(path) >= oldestMajor ? path : undefined;
}

function link(binary: string): string {
  const path = join(hubFolder, 'redis', 'redis-server');
  if (target(path) === binary) return path;
  mkdirSync(join(hubFolder, 'redis'), { recursive: true });
  rmSync(path, { force: true });
  try {
    symlinkSync(binary, path);
  } catch (error) {
    // Another process of this project has just made the same link.
    if (target(path) !== binary) throw error;
  }
  return path;
}

function target(path: string): string | undefined {
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
