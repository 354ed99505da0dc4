/**
 * Keeps a redis-server alive on a data folder for as long as this process needs it.
 *
 * The first process to ask starts it; another process with the same folder uses it, and takes over when the first one
 * leaves: the folder's lock decides, the port stays the same, and clients reconnect by themselves. A server that dies is
 * started again, later each time; the engine answers 503 meanwhile. One that stopped because its disk is full is started
 * when there is room.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { roomOf } from '#engine/telemetry/room.ts';
import { probe } from './probe.ts';
import { FolderInUse, freePort, isFree, lastPort, type RedisOptions, type RedisServer, startRedis } from './server.ts';

export type KeptRedis = {
  url: string;
  port: number;
  /** The pid of the server this process started; 0 while another process's server is in use. */
  pid(): number;
  stop(): Promise<void>;
};

/** The first restart is immediate; a server that dies at once is tried again after this, doubled each time. Milliseconds. */
const firstBackoffMs = 250;
const lastBackoffMs = 15_000;
/** A server that lived this long has recovered: the next death is a first one. Milliseconds. */
const steadyMs = 60_000;
/** How often the server of another process is looked at. Milliseconds. */
const watchMs = 500;
/** A server of another process may still be reading its file, or be on its way out. Milliseconds. */
const attachMs = 60_000;
/** With less, a server ends at one of its next writes: it would be read anew each time, for nothing. Bytes. */
const roomBytes = 16 * 1024 * 1024;

/**
 * Starts or joins the server of `options.dir`. `say` gets one line for each thing an operator should know.
 * @param free bytes that the disk of a folder has left
 */
export async function keepRedis(
  options: RedisOptions,
  say: (line: string) => void,
  free = freeBytes,
): Promise<KeptRedis> {
  const leaving = new AbortController();
  let own: RedisServer | undefined;
  const first = await join(options, await preferredPort(options));
  if (first.server) own = first.server;
  else say(`using the redis-server that another process runs on ${options.dir}`);
  const port = first.port;

  const keep = async () => {
    let backoffMs = 0;
    while (!leaving.signal.aborted) {
      const since = performance.now();
      if (own) await own.ended;
      else await gone(port, leaving.signal);
      if (leaving.signal.aborted) return;
      own = undefined;
      const steady = performance.now() - since > steadyMs;
      if ((await waitForRoom(() => free(options.dir), leaving.signal, say)) || steady) backoffMs = 0;
      if (leaving.signal.aborted) return;
      say(`redis-server on port ${port} ended: starting it again${backoffMs ? ` in ${backoffMs} ms` : ''}`);
      await sleep(backoffMs, undefined, { signal: leaving.signal }).catch(() => undefined);
      backoffMs = Math.min(Math.max(backoffMs * 2, firstBackoffMs), lastBackoffMs);
      if (leaving.signal.aborted) return;
      try {
        own = (await join(options, port)).server;
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
      }
    }
  };
  const keeping = keep();

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: () => own?.pid ?? 0,
    async stop() {
      leaving.abort();
      await own?.stop();
      await keeping;
      // A restart under way when we were told to leave.
      await own?.stop();
    },
  };
}

/** The port of the last time when nobody else took it, so that an address noted by somebody stays true. */
async function preferredPort(options: RedisOptions): Promise<number> {
  if (options.port) return options.port;
  const last = lastPort(options.dir);
  return last && (await isFree(last)) ? last : freePort();
}

async function join(options: RedisOptions, port: number): Promise<{ port: number; server?: RedisServer }> {
  const start = performance.now();
  for (;;) {
    try {
      const server = await startRedis({ ...options, port });
      return { port, server };
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error;
      if (error.port && (await probe(error.port)).state === 'ready') return { port: error.port };
      if (performance.now() - start > attachMs) throw error;
      await sleep(watchMs);
    }
  }
}

/** A folder that cannot be looked at is the server's to complain of. */
async function freeBytes(dir: string): Promise<number> {
  const found = await roomOf(dir).catch(() => undefined);
  return found?.free ?? Number.POSITIVE_INFINITY;
}

/** Until the disk takes the server's writes; true when it did not at first. */
async function waitForRoom(
  free: () => Promise<number>,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<boolean> {
  if ((await free()) >= roomBytes) return false;
  say(`its disk is full: redis-server is started again when ${roomBytes / 1024 / 1024} MB are free`);
  while (!signal.aborted && (await free()) < roomBytes)
    await sleep(watchMs, undefined, { signal }).catch(() => undefined);
  return true;
}

async function gone(port: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await probe(port)).state !== 'down') {
    await sleep(watchMs, undefined, { signal }).catch(() => undefined);
  }
}
