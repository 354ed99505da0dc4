import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { connect, loadFunctions } from '#engine/redis/connect.ts';
import { CONTROL, keysOf, recordKey } from '#engine/redis/keys.ts';
import { functionName, librarySource } from '#engine/redis/library.ts';
import { type RedisServer, startRedis } from '#ops/redis/server.ts';
import { openServer, type Server } from './server.ts';
import { callCount, undeclared } from './undeclared.ts';

/**
 * During a slot migration a function that touches an undeclared key dies half-way without roll-back.
 * All of test/lua runs as a user limited to the declared keys; these tests show that this limit holds.
 */
let limited: Server;
let cluster: RedisServer;
const dir = mkdtempSync(join(tmpdir(), 'relais-cluster-'));

before(async () => {
  limited = await openServer();
  cluster = await startRedis({ dir, extra: { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' } });
  const client = connect(cluster.url, () => undefined);
  await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  for (let up = ''; !up.includes('cluster_state:ok'); ) up = String(await client.call('CLUSTER', 'INFO'));
  client.disconnect();
});
after(async () => {
  await limited.close();
  await cluster.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('an undeclared key fails the call: the limit every other test runs under is real', async () => {
  const source = `#!lua name=probe
    redis.register_function({ function_name = '${functionName('probe')}', callback = function(keys, args)
      return redis.call('SET', args[1], 'x') end, flags = { 'allow-oom' } })`;
  await limited.redis.call('FUNCTION', 'LOAD', source);
  assert.equal(await limited.call('probe', ['{1}:a'], ['{1}:a']), 'OK');
  await assert.rejects(limited.call('probe', ['{1}:a'], ['{1}:b']), /access at least one of the keys/);
});

test('the source names no key: each call takes it from KEYS', () => {
  const source = librarySource();
  assert.ok(callCount(source) > 30, `${callCount(source)} calls`);
  assert.deepEqual(undeclared(source), []);
});

test('a key built inside a function is found, however it is built', () => {
  const source = librarySource();
  for (const bad of [
    "redis.call('SET', '{1}:a', 'x')",
    "redis.call('SET', args[1], 'x')",
    "redis.call('SET', tag .. ':a', 'x')",
    "local key = keys[1] .. ':a'\nredis.call('GET', key)",
    "redis.pcall('XADD', name, '*', 'm', 'x')",
    "keys[#keys + 1] = args[2]\nredis.call('GET', keys[#keys])",
    'keys = { args[1] }',
    'table.insert(keys, args[1])',
    "sliced('ZADD', args[1], args, 1, 2, 2)",
    'hear(args[1], 1, 2, 3)',
    "local function odd(n, key) redis.call('DEL', key) end\nodd(1, args[1])",
    "local function odd(key)\nkey = key .. 'a'\nredis.call('DEL', key) end",
    "redis.call('MGET', unpack(args, 1, 2))",
    "redis['call']('GET', 'a')",
    'local ask = redis.call\nask("GET", "a")',
  ])
    assert.notDeepEqual(undeclared(`${source}\n${bad}`), [], bad);
});

test('in a cluster every function runs on the keys of each partition', async () => {
  const client = connect(`cluster:${cluster.url}`, () => undefined);
  const ready = new Promise<void>((resolve) => client.once('ready', () => resolve()));
  await ready;
  await loadFunctions(client);
  const call = (name: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> =>
    client.fcall(functionName(name), keys.length, ...keys, ...args);
  try {
    for (let partition = 0; partition < ALL_PARTITIONS; partition += 1) {
      const keys = keysOf(partition);
      const [, token] = (await call('take', [keys.lease, keys.in], ['e#1', 'n', 10_000, 3])) as [number, string];
      assert.deepEqual(((await call('accept', [keys.in, keys.wake], [10, 'a'])) as number[])[0], 1);
      assert.deepEqual(await call('deliver', [keys.in, keys.seen, keys.wake], [1, 1, 1, 'b']), [1, 1]);
      const head = [token, 10_000, 10, 100_000, 1, 0, '', '', 1, '', 'mark'];
      const declared = [keys.in, keys.lease, keys.due, keys.timers, keys.out, keys.sent, recordKey(partition, 'f')];
      const reply = (await call('turn', declared, [...head, 'S', 7, 1, 'x', 'O', 5, 5, 1, 2, 1, 1, 'm'])) as unknown[];
      assert.equal(reply[1], 2);
      const again = [2, 'mark', 'next', 1, 0, 0, 1, 1, 1, 2, 'S', 7, 1, 'y'];
      assert.deepEqual(await call('redo', [...declared, keys.seen], again), [1, 2, 'next']);
      const [held, before] = (await call('hold', [keys.lease], ['mover#1', 'm', 10_000, ''])) as [string, string];
      assert.equal(before, 'e#1');
      assert.equal(await call('drop', [keys.lease, keys.free], [token]), 0);
      assert.equal(await call('drop', [keys.lease, keys.free], [held]), 1);
    }
    assert.deepEqual(await call('beat', [CONTROL.members], ['e', 1_000]), ['e']);
    assert.equal(await call('leave', [CONTROL.members], ['e']), 1);
  } finally {
    client.disconnect();
  }
});

test('keys of two partitions never go together', async () => {
  const client = connect(`cluster:${cluster.url}`, () => undefined);
  try {
    await new Promise<void>((resolve) => client.once('ready', () => resolve()));
    await assert.rejects(
      client.fcall(functionName('accept'), 2, keysOf(1).in, keysOf(2).wake, 10, 1, 'a'),
      /CROSSSLOT|same slot/i,
    );
  } finally {
    client.disconnect();
  }
});
