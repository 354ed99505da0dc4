import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { projectFolder } from '#ops/place.ts';
import { probe } from '#ops/redis/probe.ts';
import { startRedis } from '#ops/redis/server.ts';

/** From the command to a hub that serves: seconds on a busy machine. Milliseconds. */
const patienceMs = 30_000;

const scratch = mkdtempSync(join(tmpdir(), 'relais start '));
const running = new Set<ChildProcess>();
after(async () => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

let folders = 0;
const folder = () => {
  folders += 1;
  return join(scratch, `hub ${folders}`);
};

/** `./hub start` with these options; `first` is its first line of output. */
function start(options: string[], env: Record<string, string> = {}) {
  const child = spawn(join(projectFolder, 'hub'), ['start', ...options], {
    env: { HOME: process.env['HOME'] ?? '/', PATH: '/usr/local/bin:/usr/bin:/bin', HUB_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = once(child, 'close').then(([status]) => {
    running.delete(child);
    return status as number;
  });
  const lines = createInterface(child.stdout);
  const first = Promise.race([
    once(lines, 'line').then(([line]) => line as string),
    ended.then((status) => Promise.reject(new Error(`ended with ${status}: ${said}`))),
  ]);
  first.catch(() => undefined);
  /** where it says how it is: the API's address, or that of an engine process */
  const health = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const url = /^(?:health and metrics on )?(http\S+)$/.exec(line)?.[1];
      if (url) resolve(url);
    });
  });
  return {
    first,
    health,
    ended,
    said: () => said,
    async stop(signal: NodeJS.Signals = 'SIGTERM') {
      child.kill(signal);
      return await ended;
    },
  };
}

/** Waits for what another process does in its own time; fails after `patienceMs`. */
async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition().catch(() => false))) {
    ok(performance.now() < deadline, `never saw: ${what}`);
    await pause(50);
  }
}

const isReady = async (url: string) => (await fetch(`${url}/health/ready`)).status === 200;
const redisPort = (data: string) => Number(readFileSync(join(data, 'redis/redis.port'), 'utf8'));

describe('./hub start', () => {
  it('prints the base URL first, serves, and stops all it started with exit code 0', async () => {
    const data = folder();
    const hub = start(['--port=0', `--data=${data}`]);
    const url = await hub.first;
    match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    await until('ready', () => isReady(url));
    for (const path of ['/health/live', '/metrics']) equal((await fetch(url + path)).status, 200, path);
    const port = redisPort(data);
    equal(await hub.stop(), 0, hub.said());
    equal((await probe(port)).state, 'down');
  });

  it('lets two hubs run side by side, and survives the death of its Redis', async () => {
    const [one, two] = [folder(), folder()];
    const hubs = [one, two].map((data) => start(['--port=0', `--data=${data}`]));
    const urls = (await Promise.all(hubs.map((hub) => hub.first))) as [string, string];
    for (const url of urls) await until('ready', () => isReady(url));
    notEqual(redisPort(one), redisPort(two));
    const { pid } = await probe(redisPort(one));
    process.kill(pid, 'SIGKILL');
    await until('another redis-server', async () => {
      const seen = await probe(redisPort(one));
      return seen.state === 'ready' && seen.pid !== pid;
    });
    await until('ready again', () => isReady(urls[0]));
    ok(await isReady(urls[1]));
    for (const hub of hubs) equal(await hub.stop('SIGINT'), 0, hub.said());
  });

  it('runs an engine and an API as two processes on one data folder', async () => {
    const data = folder();
    const engine = start(['--role=engine', `--data=${data}`]);
    match(await engine.first, /^engine on redis:\/\/127\.0\.0\.1:\d+$/);
    const api = start(['--role=api', '--port=0', `--data=${data}`]);
    const url = await api.first;
    await until('ready', () => isReady(url));
    equal(await api.stop(), 0, api.said());
    equal(await engine.stop(), 0, engine.said());
  });

  it('says in every process that its blob folder is not the hub’s', async () => {
    const [ours, theirs] = [folder(), folder()];
    const redis = await startRedis({ dir: folder() });
    const env = { HUB_REDIS_URL: redis.url, HUB_MASTER_KEY: 'ab'.repeat(32) };
    const first = start(['--role=api', '--port=0', `--data=${ours}`], env);
    await first.first;
    const others = ['api', 'engine'].map((role) => start([`--role=${role}`, '--port=0', `--data=${theirs}`], env));
    const strange = await Promise.all(
      [first, ...others].map(async (hub) =>
        (await (await fetch(`${await hub.health}/health/ready`)).text()).includes('HUB_BLOBS'),
      ),
    );
    deepEqual(strange, [false, true, true]);
    for (const hub of [first, ...others]) equal(await hub.stop(), 0, hub.said());
    await redis.stop();
  });

  it('refuses a Redis that breaks the promise, and says which setting', async () => {
    const redis = await startRedis({
      dir: folder(),
      extra: { appendfsync: 'everysec', 'maxmemory-policy': 'allkeys-lru' },
    });
    const hub = start(['--port=0', `--data=${folder()}`], { HUB_REDIS_URL: redis.url });
    equal(await hub.ended, 1);
    match(hub.said(), /appendfsync is .everysec./);
    match(hub.said(), /maxmemory-policy is .allkeys-lru./);
    ok(!hub.said().includes('    at '), 'no stack trace for an operator');
    await redis.stop();
  });

  it('says in one sentence that Redis is away, without its password, and that a port is taken', async () => {
    const redis = await startRedis({ dir: folder() });
    const data = folder();
    const away = start(['--port=0', `--data=${data}`], { HUB_REDIS_URL: 'redis://user:sesame@127.0.0.1:1/' });
    const taken = start([`--port=${redis.port}`, `--data=${data}`, '--role=api'], { HUB_REDIS_URL: redis.url });
    for (const [hub, words] of [
      [away, /^hub: no Redis answers at redis:\/\/127\.0\.0\.1:1\/ \(.*\): start it, or correct HUB_REDIS_URL\n$/],
      [taken, /hub: cannot listen on 127\.0\.0\.1:\d+: another program does.*\n$/],
    ] as const) {
      equal(await hub.ended, 1, hub.said());
      match(hub.said(), words);
      ok(!/ {4}at |sesame/.test(hub.said()), hub.said());
    }
    await redis.stop();
  });

  it('names the wrong option or variable, with exit code 2', async () => {
    const wrong: [string[], Record<string, string>, RegExp][] = [
      [['--role=engin'], {}, /--role=engin is none of all api engine/],
      [['--port=eighty'], {}, /--port=eighty/],
      [['--prot=80'], {}, /--prot.*There is: --role/],
      [['--port=0'], { HUB_TOKEN_SECONDS: 'long' }, /HUB_TOKEN_SECONDS/],
      [['--port=0'], { HUB_ADMIN_CLIENT_ID: 'a', HUB_ADMIN_CLIENT_SECRET: 'short' }, /HUB_ADMIN_CLIENT_SECRET.*24/],
    ];
    const hubs = wrong.map(([options, env, expected]) => ({
      hub: start([...options, `--data=${folder()}`], env),
      expected,
    }));
    for (const { hub, expected } of hubs) {
      equal(await hub.ended, 2, hub.said());
      match(hub.said(), expected);
    }
  });
});
