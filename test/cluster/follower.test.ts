import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Calls, isRefused, Unreplicated } from '#engine/redis/calls.ts';
import { type Client, connect, loadFunctions } from '#engine/redis/connect.ts';
import { guard } from '#engine/redis/guard.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { type RedisServer, startRedis } from '#ops/redis/server.ts';
import { until } from '../engine/world.ts';

/** One server and its replica. */
const dir = mkdtempSync(join(tmpdir(), 'relais-follower-'));
const REPLICATED = { level: 'replicated', replicas: 1 } as const;
let [master, replica]: RedisServer[] = [];
let client: Client;
let second: Client;
before(async () => {
  const extra = { 'repl-diskless-sync-delay': '0' };
  master = await startRedis({ dir: join(dir, 'a'), extra });
  replica = await startRedis({ dir: join(dir, 'b'), extra: { ...extra, replicaof: `127.0.0.1 ${master.port}` } });
  client = connect(master.url, () => undefined);
  second = connect(replica.url, () => undefined);
  await loadFunctions(client);
  await until('the replica follows', async () => (await client.info('replication')).includes('state=online'));
});
after(async () => {
  for (const each of [client, second]) each.disconnect();
  await Promise.all([master?.stop(), replica?.stop()]);
  rmSync(dir, { recursive: true, force: true });
});

test('a server and its replica are held to the level, each by its settings', async () => {
  await guard(client);
  await assert.rejects(guard(client, REPLICATED), /min-replicas-to-write is “0”: set it to “1”/);
  await client.config('SET', 'min-replicas-to-write', '1');
  await assert.rejects(guard(client, REPLICATED), /min-replicas-to-write is “0” on the replica 127\.0\.0\.1:\d+/);
  await second.config('SET', 'min-replicas-to-write', '1');
  await guard(client, REPLICATED);
  await second.config('SET', 'appendfsync', 'everysec');
  await assert.rejects(guard(client, REPLICATED), /appendfsync is “everysec” on the replica/);
  await guard(client, { level: 'everysec', replicas: 0 });
  await second.config('SET', 'appendfsync', 'always');
  await client.config('SET', 'appendfsync', 'everysec');
  await assert.rejects(guard(client), /appendfsync is “everysec”: set it to “always”/);
  await guard(client, { level: 'everysec', replicas: 0 });
  await client.config('SET', 'appendfsync', 'no');
  await assert.rejects(guard(client, { level: 'everysec', replicas: 0 }), /appendfsync is “no”: set it to “everysec”/);
  await client.config('SET', 'appendfsync', 'always');
});

test('what is done counts once the replica has it; what is refused is told as it is', async () => {
  const calls = new Calls(client, 2, 1);
  const keys = keysOf(1);
  const accept = (message: string) => calls.call('accept', [keys.in, keys.wake], [100, message]);
  const turn = () => calls.call('turn', [keys.in, keys.lease], ['no token', 1_000, 0, 0, 0, 0, '', '', 0, '', '']);
  const outcome = (call: Promise<unknown>) =>
    call.then(
      () => 'done',
      (error: Error) => (error instanceof Unreplicated ? 'short' : isRefused(error) ? 'refused' : error.message),
    );
  // Alone, and together in one command.
  assert.equal(await outcome(accept('a')), 'done');
  assert.deepEqual(await Promise.all([accept('b'), turn(), accept('c')].map(outcome)), ['done', 'refused', 'done']);
  assert.equal(await second.xlen(keys.in), 3, 'it was on the replica before it was said');
  process.kill(replica?.pid ?? 0, 'SIGSTOP');
  try {
    assert.deepEqual(await Promise.all([accept('d'), turn(), accept('e')].map(outcome)), ['short', 'refused', 'short']);
    assert.equal(await client.xlen(keys.in), 5, 'the effect stays');
  } finally {
    process.kill(replica?.pid ?? 0, 'SIGCONT');
  }
  assert.equal(await outcome(accept('f')), 'done');
  assert.equal(await second.xlen(keys.in), 6);
});

test('without enough replicas the server itself refuses, and nothing is written', async () => {
  const calls = new Calls(client, 2, 1);
  const keys = keysOf(2);
  await client.config('SET', 'min-replicas-to-write', '2');
  const refused = await calls.call('accept', [keys.in, keys.wake], [100, 'a']).catch((error: Error) => error);
  assert.match((refused as Error).message, /^NOREPLICAS /);
  assert.ok(isRefused(refused));
  assert.equal(await client.exists(keys.in), 0);
  await client.config('SET', 'min-replicas-to-write', '1');
});
