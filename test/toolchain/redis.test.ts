import { deepEqual, equal, match, notEqual, ok, rejects, throws } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { MissingRedis, redisBinary } from '#ops/redis/binary.ts';
import { keepRedis } from '#ops/redis/keeper.ts';
import { probe } from '#ops/redis/probe.ts';
import { FolderInUse, freePort, startRedis } from '#ops/redis/server.ts';

const scratch = mkdtempSync(join(tmpdir(), 'relais redis '));
after(() => rmSync(scratch, { recursive: true }));

let folders = 0;
const folder = () => {
  folders += 1;
  const dir = join(scratch, `data ${folders}`);
  mkdirSync(dir);
  return dir;
};

/** Waits for a change of another process, which tells nobody; fails after ten seconds. */
async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await condition())) {
    ok(performance.now() < deadline, `never saw: ${what}`);
    await pause(20);
  }
}

const isUp = async (port: number) => (await probe(port)).state === 'ready';

async function call(port: number, ...words: string[]): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.write(`${words.join(' ')}\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString();
}

describe('startRedis', () => {
  it('keeps the promise: every write is on disk before its answer, and nothing is evicted', async () => {
    const redis = await startRedis({ dir: folder() });
    const promised = {
      appendonly: 'yes',
      appendfsync: 'always',
      'no-appendfsync-on-rewrite': 'no',
      'aof-use-rdb-preamble': 'yes',
      'maxmemory-policy': 'noeviction',
      bind: '127.0.0.1',
    };
    for (const [name, value] of Object.entries(promised)) {
      equal((await call(redis.port, 'CONFIG', 'GET', name)).split('\r\n')[4], value, name);
    }
    notEqual((await call(redis.port, 'CONFIG', 'GET', 'maxmemory')).split('\r\n')[4], '0');
    await redis.stop();
    await redis.stop();
    equal((await probe(redis.port)).state, 'down');
  });

  it('finds its data again after kill -9, on the same port', async () => {
    const dir = folder();
    const first = await startRedis({ dir });
    await call(first.port, 'SET', 'k', 'kept');
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const second = await startRedis({ dir, port: first.port });
    match(await call(second.port, 'GET', 'k'), /kept/);
    await second.stop();
  });

  it('takes further settings', async () => {
    const redis = await startRedis({ dir: folder(), extra: { maxmemory: '20mb' } });
    equal((await call(redis.port, 'CONFIG', 'GET', 'maxmemory')).split('\r\n')[4], `${20 * 1024 * 1024}`);
    await redis.stop();
  });

  it('refuses a folder that a live server holds, a port in use, and the machine’s own port', async () => {
    const dir = folder();
    const redis = await startRedis({ dir });
    await rejects(startRedis({ dir }), (error) => error instanceof FolderInUse && error.port === redis.port);
    await rejects(startRedis({ dir: folder(), port: redis.port }), /Address already in use/);
    await rejects(startRedis({ dir: folder(), port: 6379 }), /6379/);
    ok(await isUp(redis.port));
    await redis.stop();
  });

  it('ends its server when its own process dies without a word', async () => {
    const server = new URL('../../ops/redis/server.ts', import.meta.url);
    const code = `const { startRedis } = await import(${JSON.stringify(server.href)});
      console.log((await startRedis({ dir: ${JSON.stringify(folder())} })).port); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(line);
    ok(await isUp(port));
    child.kill('SIGKILL');
    await until('the server ended', async () => !(await isUp(port)));
  });
});

describe('keepRedis', () => {
  it('starts a server that ended on a full disk when there is room, not before', async () => {
    const said: string[] = [];
    let [free, asked] = [0, 0];
    const room = async (): Promise<number> => {
      asked += 1;
      return free;
    };
    const kept = await keepRedis({ dir: folder() }, (line) => said.push(line), room);
    const pid = kept.pid();
    process.kill(pid, 'SIGKILL');
    await until('it looks again', async () => asked > 2);
    equal(kept.pid(), 0);
    match(said.join('\n'), /disk is full/);
    free = Number.MAX_SAFE_INTEGER;
    await until('another server', async () => (await isUp(kept.port)) && ![0, pid].includes(kept.pid()));
    await kept.stop();
  });

  it('starts a dead server again on its port, with its data', async () => {
    const said: string[] = [];
    const kept = await keepRedis({ dir: folder() }, (line) => said.push(line));
    await call(kept.port, 'SET', 'k', 'kept');
    const pid = kept.pid();
    process.kill(pid, 'SIGKILL');
    await until('another server', async () => (await isUp(kept.port)) && ![0, pid].includes(kept.pid()));
    match(await call(kept.port, 'GET', 'k'), /kept/);
    match(said.join('\n'), /ended: starting it again/);
    await kept.stop();
    equal(await isUp(kept.port), false);
  });

  it('shares the server of another process on the same folder, and takes over when that one leaves', async () => {
    const dir = folder();
    const quiet = () => undefined;
    const first = await keepRedis({ dir }, quiet);
    const second = await keepRedis({ dir }, quiet);
    deepEqual([second.port, second.pid()], [first.port, 0]);
    await first.stop();
    await until('the second one’s own server', async () => second.pid() !== 0 && (await isUp(second.port)));
    await second.stop();
    equal(await isUp(second.port), false);
  });

  it('keeps the port of the last time, and takes another when that one is taken', async () => {
    const dir = folder();
    const port = await freePort();
    writeFileSync(join(dir, 'redis.port'), `${port}\n`);
    const again = await keepRedis({ dir }, () => undefined);
    equal(again.port, port);
    await again.stop();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const moved = await keepRedis({ dir }, () => undefined);
    notEqual(moved.port, port);
    await moved.stop();
    other.close();
  });
});

describe('redisBinary', () => {
  const command = (dir: string, name: string, script: string) => {
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
  };
  const server = (version: string) => `echo "Redis server v=${version} sha=0"`;

  it('takes Redis or Valkey of major 7 or later, and passes over an older one', () => {
    const path = folder();
    command(path, 'redis-server', server('6.2.1'));
    throws(() => redisBinary({ path, root: false }), MissingRedis);
    command(path, 'valkey-server', server('8.0.1'));
    equal(redisBinary({ path, root: false }), join(path, 'valkey-server'));
    command(path, 'redis-server', server('7.0.15'));
    equal(redisBinary({ path, root: false }), join(path, 'redis-server'));
  });

  it('tells another user than root the exact command, and the alternative', () => {
    const path = folder();
    command(path, 'apt-get', 'exit 99');
    throws(
      () => redisBinary({ path, root: false }),
      /^MissingRedis: no redis-server .*« sudo apt-get install -y --no-install-recommends redis-tools », or set HUB_REDIS_URL/,
    );
  });

  it('does not name apt-get where there is none', () => {
    throws(() => redisBinary({ path: folder(), root: true }), /install one, or set HUB_REDIS_URL/);
  });

  it('installs as root, with fresh package lists when the first try fails', () => {
    const path = folder();
    const lists = join(path, 'lists');
    command(
      path,
      'apt-get',
      `case "$*" in
        '-qq update') : >'${lists}' ;;
        '-qq install -y --no-install-recommends redis-tools')
          [ -e '${lists}' ] || exit 100
          printf '#!/bin/sh\\necho v=7.0.15\\n' >'${path}/redis-server'; /bin/chmod +x '${path}/redis-server' ;;
        *) exit 1 ;;
      esac`,
    );
    equal(redisBinary({ path, root: true }), join(path, 'redis-server'));
  });

  it('says so when the installation did not help', () => {
    const path = folder();
    command(path, 'apt-get', 'exit 0');
    throws(() => redisBinary({ path, root: true }), /did not provide redis-server/);
  });
});
