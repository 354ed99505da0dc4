/** One redis-server of ours: started on a loopback port and a data folder, stopped by its pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { executable } from '#ops/debian.ts';
import { MissingRedis, redisBinary } from './binary.ts';
import { probe } from './probe.ts';

export type RedisOptions = {
  /** Data folder, made when absent: append-only file, log, port, lock. */
  dir: string;
  /** A loopback port; without it, a free one. Never 6379, which belongs to the machine's own server. */
  port?: number;
  /** More settings, by the names of redis.conf: `{ 'enable-debug-command': 'local' }`. */
  extra?: Record<string, string>;
  /** Variables of its environment, besides this process's own. */
  env?: Record<string, string>;
};

export type RedisServer = {
  url: string;
  port: number;
  pid: number;
  /** Settles when the process has ended, whoever ended it. */
  ended: Promise<void>;
  /** SIGTERM, then SIGKILL after a while. Safe to call twice, and after the server died. */
  stop(): Promise<void>;
};

/** Another live server holds the data folder. `port` is where it listens. */
export class FolderInUse extends Error {
  override name = 'FolderInUse';
  port: number;
  constructor(dir: string, port: number) {
    super(
      `another redis-server runs on ${dir} (port ${port}): stop what started it, or take another folder with --data=DIR`,
    );
    this.port = port;
  }
}

/** What Redis holds is nobody's business on the machine but the hub's. */
const privateMode = 0o700;
const machinePort = 6379;
/** From the start to the first sign of life. Milliseconds. */
const listenMs = 15_000;
/** Reading an append-only file of tens of gigabytes. Milliseconds. */
const loadMs = 30 * 60_000;
/** A clean stop writes and syncs what is left of the append-only file. Milliseconds. */
const stopMs = 20_000;
/** Another process may take the free port between our look and the server's bind. */
const portAttempts = 5;
/** The rest is for the engine, the page cache of the append-only file and the copy-on-write of its rewrite. */
const memoryShare = 0.5;
/** flock's exit code when another process holds the lock: none of redis-server's. */
const lockedCode = 75;

/** Starts a server and waits until it answers. Throws FolderInUse, MissingRedis, or an Error with the end of its log. */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  if (options.port === machinePort)
    throw new Error(`port ${machinePort} belongs to the machine's own Redis: choose another`);
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true, mode: privateMode });
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port || (await freePort());
    const child = launch(dir, port, options);
    const ended = new Promise<void>((end) => child.once('exit', () => end()).once('error', () => end()));
    if (await ready(child, port)) {
      try {
        notePort(dir, port);
      } catch (error) {
        await stop(child, ended);
        throw error;
      }
      return {
        url: `redis://127.0.0.1:${port}`,
        port,
        pid: child.pid as number,
        ended,
        stop: () => stop(child, ended),
      };
    }
    await stop(child, ended);
    if (child.exitCode === lockedCode) throw new FolderInUse(dir, lastPort(dir));
    const log = logTail(dir);
    const taken = !options.port && log.includes('Address already in use');
    if (!taken || attempt === portAttempts) throw new Error(`redis-server did not start on port ${port}:\n${log}`);
  }
}

/** For `lastPort`. A full disk has room for nothing, and a server that starts again keeps its port as a rule. */
function notePort(dir: string, port: number): void {
  if (lastPort(dir) === port) return;
  const path = join(dir, 'redis.port');
  writeFileSync(`${path}.new`, `${port}\n`);
  renameSync(`${path}.new`, path);
}

/** The port of the last server started on this folder; 0 when there was none. */
export function lastPort(dir: string): number {
  try {
    return Number(readFileSync(join(dir, 'redis.port'), 'utf8')) || 0;
  } catch {
    return 0;
  }
}

/** A loopback port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  return port && port !== machinePort ? port : freePort();
}

/** Whether nobody listens on the loopback port `port` now. */
export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) === port;
}

/** The port that could be listened on, 0 for none. */
function listenOnce(port: number): Promise<number> {
  return new Promise((result) => {
    const server = createServer().once('error', () => result(0));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => result(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function launch(dir: string, port: number, { extra, env }: RedisOptions): ChildProcess {
  const binary = redisBinary();
  const flock = executable('flock');
  const setpriv = executable('setpriv');
  if (!flock || !setpriv)
    throw new MissingRedis(
      'flock and setpriv are missing: run « sudo apt-get install -y util-linux », or set HUB_REDIS_URL.',
    );
  const settings = {
    port: String(port),
    dir,
    logfile: join(dir, 'redis.log'),
    maxmemory: String(memoryLimit()),
    ...extra,
  };
  const out = openSync(join(dir, 'redis.out'), 'w');
  try {
    // The kernel's lock ends with the process, so a crash leaves nothing to clean. When this process dies without a word,
    // the server gets SIGTERM. In a group of its own, Ctrl-C reaches it only after the engine has finished.
    return spawn(
      flock,
      [
        ...['--nonblock', '--no-fork', '--conflict-exit-code', String(lockedCode), join(dir, 'redis.lock')],
        ...[setpriv, '--pdeathsig', 'TERM', binary, join(import.meta.dirname, 'redis.conf')],
        ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
      ],
      { detached: true, stdio: ['ignore', out, out], ...(env && { env: { ...process.env, ...env } }) },
    );
  } finally {
    closeSync(out);
  }
}

async function ready(child: ChildProcess, port: number): Promise<boolean> {
  const start = performance.now();
  for (
    let pause = 5;
    child.exitCode === null && child.signalCode === null && child.pid;
    pause = Math.min(pause * 1.5, 200)
  ) {
    await sleep(pause);
    const { state, pid } = await probe(port);
    // Somebody else's server on this port answers too.
    if (state === 'ready' && pid === child.pid) return true;
    if (performance.now() - start > (state === 'loading' ? loadMs : listenMs)) return false;
  }
  return false;
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || !child.pid) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
  await ended;
  clearTimeout(timer);
}

function memoryLimit(): number {
  const constrained = process.constrainedMemory();
  const memory = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return Math.floor(memory * memoryShare);
}

function logTail(dir: string): string {
  const lines = ['redis.out', 'redis.log'].flatMap((name) => {
    try {
      return readFileSync(join(dir, name), 'utf8').trimEnd().split('\n').slice(-15);
    } catch {
      return [];
    }
  });
  return lines.filter(Boolean).join('\n');
}
