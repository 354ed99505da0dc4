import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { openHub } from '#engine/client/hub.ts';
import { type Config, loadConfig, type Role } from '#engine/config.ts';
import { connect } from '#engine/redis/connect.ts';
import { projectFolder } from '#ops/place.ts';
import { type RedisServer, startRedis } from '#ops/redis/server.ts';
import { option } from './measure.ts';
import { profileFolder, profileOptions, summarize } from './profile.ts';
import { openStore } from './store.ts';

/** What a bench runs against: our own Redis with the product's settings, and processes of the product. */
export const ADMIN = { id: 'bench-admin', secret: 'a-secret-of-the-benchmarks-only' } as const;
const STOP_MS = 20_000;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** A process of the product. */
export interface Running {
  url: string;
  pid: number;
  /** and of the engine processes started beside it */
  pids: number[];
  /** In good order; no effect on one that is dead. */
  stop(): Promise<void>;
}

export interface Stage {
  readonly redis: RedisServer;
  /** where everything of the run is: Redis' files, journals, attachments */
  readonly folder: string;
  /** of all its servers */
  readonly redisPids: readonly number[];
  /** SIGKILL, then at once a server on the same file and port; resolves when it has read the file. */
  restartRedis(): Promise<void>;
  /** what was promised, and what runs beside one process, in words */
  durability: string;
  redisVersion: string;
  config: Config;
  /** A process of the product; `url` when it serves the API, or is the portal. `more`: settings of this one only; `on`: another data folder. */
  start(role: Role, more?: NodeJS.ProcessEnv, on?: string): Promise<Running>;
  hub(): ReturnType<typeof openHub>;
  close(): Promise<void>;
}

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => {
        child.once('exit', () => resolve());
      });

export async function openStage(): Promise<Stage> {
  const dir = mkdtempSync(join(process.env['HUB_BENCH_DIR'] ?? tmpdir(), 'relais-bench-'));
  const store = await openStore(dir);
  let { redis } = store;
  const profile = profileFolder();
  const engines = option('engines', Number(process.env['HUB_ENGINES'] || 1));
  const beside = option('beside', 0);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    HUB_REDIS_URL: store.url,
    HUB_DURABILITY: store.level,
    HUB_ADMIN_CLIENT_ID: ADMIN.id,
    HUB_ADMIN_CLIENT_SECRET: ADMIN.secret,
    HUB_ENGINES: String(engines),
    HUB_LOG_LEVEL: process.env['HUB_LOG_LEVEL'] ?? 'warn',
  };
  const data = join(dir, 'data');
  const config = loadConfig(env, { role: 'api', data, port: 0 });
  const children: ChildProcess[] = [];
  const stop = async (child: ChildProcess): Promise<void> => {
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended(child);
    clearTimeout(force);
  };
  let over = false;
  const start = async (role: Role, more: NodeJS.ProcessEnv = {}, on = data): Promise<Running> => {
    if (over) throw new Error('the run was ended');
    const child = spawn(join(projectFolder, 'hub'), ['start', `--role=${role}`, `--data=${on}`, '--port=0'], {
      cwd: projectFolder,
      env: { ...env, ...more, ...(profile !== undefined && { NODE_OPTIONS: profileOptions(profile) }) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve);
      child.once('exit', (code) => reject(new Error(`hub start ended with ${code}`)));
    });
    const pid = child.pid as number;
    return { url, pid, pids: [pid], stop: () => stop(child) };
  };
  const opened: { close(): Promise<void> }[] = [];
  // Whoever ends a run must find nothing of it: no process, and no gigabytes in the temporary folder.
  const giveUp = (): void => {
    over = true;
    for (const child of children) child.kill('SIGKILL');
    void redis
      .stop()
      .then(store.stop)
      .then(() => {
        rmSync(dir, { recursive: true, force: true });
        process.exit(1);
      });
  };
  const fail = (error: Error): void => {
    console.error(error);
    giveUp();
  };
  for (const signal of SIGNALS) process.on(signal, giveUp);
  process.on('uncaughtException', fail);
  return {
    get redis() {
      return redis;
    },
    folder: dir,
    redisPids: store.pids,
    async restartRedis() {
      process.kill(redis.pid, 'SIGKILL');
      await redis.ended;
      redis = await startRedis({ dir: store.folder, port: redis.port });
    },
    durability: [
      store.words,
      ...(engines === 1 ? [] : [`${engines} engine threads`]),
      ...(beside === 0 ? [] : [`${beside} more engine processes`]),
      ...(profile === undefined ? [] : ['profiled']),
    ].join(', '),
    config,
    redisVersion: await versionOf(redis.url),
    async start(role, more, on) {
      const first = children.length === 0;
      const running = await start(role, more, on);
      // What a second engine brings is asked of the benches that start one process of all roles.
      const others = first && role === 'all' ? beside : 0;
      for (let other = 0; other < others; other += 1) running.pids.push((await start('engine')).pid);
      return running;
    },
    async hub() {
      const hub = await openHub(config, (error) => console.error(error.message));
      opened.push(hub);
      return hub;
    },
    async close() {
      for (const signal of SIGNALS) process.off(signal, giveUp);
      process.off('uncaughtException', fail);
      for (const hub of opened) await Promise.race([hub.close(), pause(STOP_MS, undefined, { ref: false })]);
      for (const child of children) await stop(child);
      if (profile !== undefined) summarize(profile);
      await redis.stop();
      await store.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function versionOf(url: string): Promise<string> {
  const client = connect(url, () => undefined);
  const info = await client.info('server');
  client.disconnect();
  return /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown';
}
