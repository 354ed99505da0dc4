import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { keysOf } from '#engine/redis/keys.ts';
import { until } from '../engine/world.ts';
import { openServer, type Server } from './server.ts';

let server: Server;
const keys = keysOf(3);
const TTL = 10_000;
const TRIES = 3;
type Taken = [taken: number, token: string, epoch: number, tries: number, alone: string];
const take = (owner: string, nonce = 'n'): Promise<unknown> =>
  server.call('take', [keys.lease, keys.in], [owner, nonce, TTL, TRIES]);
const drop = (token: string): Promise<unknown> => server.call('drop', [keys.lease, keys.free], [token]);
const lease = (): Promise<Record<string, string>> => server.redis.hgetall(keys.lease);
const expire = (): Promise<number> => server.redis.hset(keys.lease, 'until', 1);
const mail = (...messages: string[]): Promise<unknown> =>
  server.call('accept', [keys.in, keys.wake], [100, ...messages]);

before(async () => {
  server = await openServer();
});
after(() => server.close());
beforeEach(() => server.redis.flushall());

test('a partition nobody had is taken: token, epoch, end of the lease, consumer group', async () => {
  const earliest = await server.now();
  const [, token, epoch, ...rest] = (await take('e1#a', 'first')) as Taken;
  assert.ok(epoch >= earliest);
  assert.deepEqual([token, rest], [`${epoch}:first`, [0, '', 0, '', '', 0]]);
  const { owner, until, token: kept } = await lease();
  assert.deepEqual([kept, owner], [token, 'e1#a']);
  assert.ok(Number(until) >= earliest + TTL);
  const [group] = (await server.redis.xinfo('GROUPS', keys.in)) as string[][];
  assert.equal(group?.[1], 'engine');
});

test('a live lease is refused to another engine, which learns whose it is, and nothing is written', async () => {
  await take('e1#a');
  const before_ = await server.snapshot();
  const [taken, owner, until] = (await take('e2#b')) as [number, string, number];
  assert.deepEqual([taken, owner, String(until)], [0, 'e1#a', (await lease())['until']]);
  assert.deepEqual(await server.snapshot(), before_);
});

test('an expired lease is anyone’s, under a later epoch', async () => {
  const [, , first] = (await take('e1#a')) as Taken;
  await expire();
  const [taken, token, second] = (await take('e2#b', 'second')) as Taken;
  assert.deepEqual([taken, token], [1, `${second}:second`]);
  assert.ok(second > first);
});

test('an epoch is later than any before, even when the clock went back', async () => {
  const ahead = (await server.now()) + 1_000_000;
  await server.redis.hset(keys.lease, 'token', `${ahead}:x`, 'owner', '', 'until', 0);
  assert.equal(((await take('e1#a')) as Taken)[2], ahead + 1);
});

test('a clock that went back and a failover that lost takes give no epoch again that a journal knows', async () => {
  const ahead = (await server.now()) + 1_000_000;
  const reply = await server.call('take', [keys.lease, keys.in], ['e1#a', 'n', TTL, TRIES, 0, ahead]);
  assert.equal((reply as Taken)[2], ahead + 1);
  await server.redis.hset(keys.lease, 'token', '1:x', 'epoch', ahead + 5);
  assert.equal(((await take('e1#b')) as Taken)[2], ahead + 6);
});

test('a failover that loses a take gives its epoch to nobody else', async () => {
  await take('e1#a');
  const [[, , lost], kept] = [(await take('e1#b')) as Taken, await lease()];
  await server.redis.hset(keys.lease, { ...kept, token: '1:x', until: 0 });
  await until('the clock has moved on', async () => (await server.now()) > lost);
  assert.ok(((await take('e2#c')) as Taken)[2] > lost);
});

test('a new generation of the same engine takes at once: its predecessor is gone', async () => {
  await take('e1#a');
  assert.deepEqual(((await take('e1#b', 'again')) as Taken).at(0), 1);
});

test('a lease given up in good order is free at once, and said to be', async () => {
  const [, token] = (await take('e1#a')) as [number, string];
  assert.equal(
    await server.published(keys.free, async () => {
      assert.equal(await drop(token), 1);
    }),
    1,
  );
  assert.equal(((await take('e2#b', 'x')) as Taken)[0], 1);
});

test('a token no longer valid drops nothing, and nothing is written', async () => {
  const [, stale] = (await take('e1#a', 'old')) as [number, string];
  await take('e1#b', 'new');
  const before_ = await server.snapshot();
  const heard = await server.published(keys.free, async () => assert.equal(await drop(stale), 0));
  assert.equal(heard, 0);
  assert.deepEqual(await server.snapshot(), before_);
});

test('the same epoch with another nonce is another token', async () => {
  const [, , epoch] = (await take('e1#a', 'kept')) as Taken;
  assert.equal(await drop(`${epoch}:other`), 0);
  assert.equal(await drop(`${epoch}:kept`), 1);
});

test('owners that die while entries wait are counted, and in the end the entries go alone', async () => {
  await take('e1#a');
  await mail('poison', 'other');
  const last = (await server.redis.xrevrange(keys.in, '+', '-', 'COUNT', 1))[0]?.[0];
  for (const [generation, tries, alone] of [
    ['b', 1, ''],
    ['c', 2, ''],
    ['d', 3, last],
    ['e', 4, last],
  ] as const)
    assert.deepEqual(((await take(`e1#${generation}`)) as unknown[]).slice(3, 5), [tries, alone]);
});

test('an owner that leaves in good order, or dies over an empty mailbox, is not counted', async () => {
  const [, token] = (await take('e1#a')) as [number, string];
  await mail('a');
  await drop(token);
  assert.deepEqual(((await take('e2#a')) as unknown[]).slice(3, 5), [0, '']);
  await server.redis.xtrim(keys.in, 'MAXLEN', 0);
  assert.deepEqual(((await take('e2#b')) as unknown[]).slice(3, 5), [0, '']);
});

test('the same owner that takes again after a doubtful call is not counted', async () => {
  await take('e1#a');
  await mail('a');
  assert.deepEqual(((await take('e1#a')) as unknown[]).slice(3, 5), [0, '']);
});
