import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { keysOf, recordKey } from '#engine/redis/keys.ts';
import { LEASE_MS, type Owner, openServer, own, type Server } from './server.ts';

/** The library promotes so many timers in one turn. */
const TIMERS_PER_TURN = 64;
/** More values than one Lua call can unpack. */
const MANY = 9_000;

let server: Server;
let owner: Owner;
const keys = keysOf(4);
const mail = (...messages: string[]): Promise<unknown> =>
  server.call('accept', [keys.in, keys.wake], [10_000, ...messages]);
const ids = (entries: readonly [string, string][]): string[] => entries.map(([id]) => id);
const lease = (): Promise<Record<string, string>> => server.redis.hgetall(keys.lease);

before(async () => {
  server = await openServer();
});
after(() => server.close());
beforeEach(async () => {
  await server.redis.flushall();
  owner = await own(server, 4);
});

test('a turn hands out the oldest entries, at most as many as wanted, and says how many wait', async () => {
  await mail('a', 'b', 'c');
  const { entries, backlog } = await owner.turn({ wanted: 2 });
  assert.deepEqual([entries.map(([, message]) => message), backlog], [['a', 'b'], 3]);
});

test('bytes bound a turn too, but a single larger entry still goes', async () => {
  await mail('x'.repeat(100), 'y', 'z');
  const first = await owner.turn({ wanted: 10, bytes: 1 });
  assert.equal(first.entries[0]?.[1], 'x'.repeat(100));
  await mail(...Array.from({ length: 200 }, () => 'w'.repeat(100)));
  const second = await owner.turn({ wanted: 200, bytes: 500 });
  assert.ok(second.entries.length < 200, `${second.entries.length} entries`);
});

test('a commit removes what it covers and hands out the next, all in one call', async () => {
  await mail('a', 'b', 'c');
  const { entries } = await owner.turn({ wanted: 2 });
  const next = await owner.turn({
    wanted: 10,
    covers: ids(entries),
    operations: [['S', recordKey(4, 'f'), ['one', 'two']]],
  });
  assert.deepEqual(
    next.entries.map(([, message]) => message),
    ['c'],
  );
  assert.deepEqual(await server.redis.mget(recordKey(4, 'f0'), recordKey(4, 'f1')), ['one', 'two']);
  assert.deepEqual(
    (await owner.mail()).map(([, message]) => message),
    ['c'],
  );
  assert.equal((await lease())['done'], ids(entries).at(-1));
});

test('a commit may cover the first part of what was handed out', async () => {
  await mail('a', 'b', 'c');
  const { entries } = await owner.turn({ wanted: 3 });
  await owner.turn({ covers: ids(entries).slice(0, 2) });
  assert.deepEqual(
    (await owner.mail()).map(([, message]) => message),
    ['c'],
  );
});

test('trimming never passes the last id covered, whatever arrives meanwhile', async () => {
  await mail('a');
  const { entries } = await owner.turn({ wanted: 10 });
  await mail('b', 'c');
  await owner.turn({ covers: ids(entries) });
  assert.deepEqual(
    (await owner.mail()).map(([, message]) => message),
    ['b', 'c'],
  );
});

test('an emptied mailbox loads again from the append-only file', async () => {
  await mail('a', 'b');
  const { entries } = await owner.turn({ wanted: 10 });
  await owner.turn({ covers: ids(entries) });
  const info = (await server.redis.xinfo('STREAM', keys.in)) as unknown[];
  assert.equal(info[info.indexOf('radix-tree-keys') + 1], 0);
  await server.redis.bgrewriteaof();
  await mail('c');
  assert.deepEqual(
    (await owner.mail()).map(([, message]) => message),
    ['c'],
  );
});

test('every operation does what its letter says', async () => {
  const at = (name: string): string => recordKey(4, name);
  await server.redis.mset(at('gone0'), 'x', at('gone1'), 'y');
  await owner.turn({
    operations: [
      ['D', at('gone'), ['', '']],
      ['Z', at('set'), [1, 'one', 2, 'two']],
      ['R', at('set'), ['one']],
      ['H', at('hash'), ['a', '1', 'b', '2']],
      ['X', at('hash'), ['a']],
      ['A', at('list'), ['@1.0', 'first', '@1.1', 'second']],
      ['N', at('numbered'), [7, 'seven', 8, 'eight']],
      ['J', at('numbered'), [7]],
      ['L', at('letters'), [3, 'a', 'actor', 'm', 'message']],
      ['C', at('counts'), ['hits', 2]],
      ['C', at('counts'), ['hits', 3]],
      ['O', keys.out, [1, 9, 1, 5, 'to nine', 2, 9, 2, 5, 'again', 3, 8, 1, 5, 'to eight']],
      ['T', keys.out, ['3-0']],
    ],
  });
  const { redis } = server;
  assert.equal(await redis.exists(at('gone0'), at('gone1')), 0);
  assert.deepEqual(await redis.zrange(at('set'), '0', '-1', 'WITHSCORES'), ['two', '2']);
  assert.deepEqual(await redis.hgetall(at('hash')), { b: '2' });
  assert.deepEqual(
    (await redis.xrange(at('list'), '-', '+')).map(([, fields]) => fields),
    [
      ['m', 'first', 'o', '@1.0'],
      ['m', 'second', 'o', '@1.1'],
    ],
  );
  assert.deepEqual(await redis.xrange(at('numbered'), '-', '+'), [['8-0', ['m', 'eight']]]);
  assert.deepEqual(await redis.xrange(at('letters'), '-', '+'), [['3-0', ['a', 'actor', 'm', 'message']]]);
  assert.deepEqual(await redis.hgetall(at('counts')), { hits: '5' });
  assert.deepEqual(await redis.xrange(keys.out, '-', '+'), [['3-0', ['d', '8', 's', '1', 'e', '5', 'm', 'to eight']]]);
  assert.deepEqual(await redis.hgetall(keys.sent), { 8: '1', 9: '2' });
});

test('an answer is published on its channel', async () => {
  const channel = recordKey(4, ':re:api');
  const heard = await server.published(channel, () =>
    owner.turn({ operations: [['P', channel, ['answer', 'other']]] }),
  );
  assert.equal(heard, 2);
});

test('operations with more values than one call can take go in slices', async () => {
  const numbers = Array.from({ length: MANY }, (_, i) => i);
  const at = (name: string): string => recordKey(4, name);
  await owner.turn({
    operations: [
      ['S', at('r'), numbers],
      ['H', at('hash'), numbers.flatMap((n) => [`f${n}`, n])],
      ['Z', at('set'), numbers.flatMap((n) => [n, `m${n}`])],
      ['A', at('list'), numbers.flatMap((n) => ['', n])],
    ],
  });
  const { redis } = server;
  assert.deepEqual(await redis.mget(at('r0'), at(`r${MANY - 1}`)), ['0', String(MANY - 1)]);
  assert.deepEqual(
    [await redis.hlen(at('hash')), await redis.zcard(at('set')), await redis.xlen(at('list'))],
    [MANY, MANY, MANY],
  );
  await owner.turn({
    operations: [
      ['X', at('hash'), numbers.map((n) => `f${n}`)],
      ['R', at('set'), numbers.map((n) => `m${n}`)],
      ['D', at('r'), numbers.map(() => '')],
    ],
  });
  assert.equal(await redis.exists(at('hash'), at('set'), at('r0'), at(`r${MANY - 1}`)), 0);
});

test('timers that are due become entries, once, in their order, and the next one is named', async () => {
  const now = await server.now();
  await owner.turn({
    operations: [
      ['Z', keys.due, [now - 20, 'b', now - 10, 'a', now + 60_000, 'later']],
      ['H', keys.timers, ['a', 'timer a', 'b', 'timer b', 'later', 'timer c']],
    ],
  });
  const { due, entries } = await owner.turn({ timers: true, wanted: 10 });
  assert.deepEqual([entries.map(([, message]) => message), due], [['timer b', 'timer a'], String(now + 60_000)]);
  assert.deepEqual(await server.redis.hkeys(keys.timers), ['later']);
  await owner.turn({ timers: true });
  assert.equal((await owner.mail()).length, 2);
});

test('one turn promotes so many timers and no more: the rest follow', async () => {
  const numbers = Array.from({ length: TIMERS_PER_TURN + 10 }, (_, i) => i);
  await owner.turn({
    operations: [
      ['Z', keys.due, numbers.flatMap((n) => [n + 1, `t${n}`])],
      ['H', keys.timers, numbers.flatMap((n) => [`t${n}`, `timer ${n}`])],
    ],
  });
  assert.equal((await owner.turn({ timers: true })).backlog, TIMERS_PER_TURN);
  const second = await owner.turn({ timers: true });
  assert.deepEqual([second.backlog, second.due], [numbers.length, '-1']);
});

test('a turn that only reads writes nothing, however often: no byte of the append-only file', async () => {
  await mail('a', 'b');
  await owner.turn({ wanted: 1 });
  const [state, bytes] = [await server.snapshot(), await server.logged()];
  for (let i = 0; i < 20; i += 1) await owner.turn({ wanted: 10, timers: true });
  assert.deepEqual(await server.snapshot(), state);
  assert.equal(await server.logged(), bytes);
  await mail('c');
  assert.ok((await server.logged()) > bytes, 'the size of the file follows what is written');
});

test('the lease is renewed past half its time only, and by every commit', async () => {
  const until = async (): Promise<number> => Number((await lease())['until']);
  const set = async (left: number): Promise<number> => {
    const value = (await server.now()) + left;
    await server.redis.hset(keys.lease, 'until', value);
    return value;
  };
  const fresh = await set(LEASE_MS * 0.9);
  await owner.turn({ wanted: 10 });
  assert.equal(await until(), fresh);
  const stale = await set(LEASE_MS * 0.4);
  await owner.turn({ wanted: 10 });
  assert.ok((await until()) > stale);
  await mail('a');
  const { entries } = await owner.turn({ wanted: 10 });
  const again = await set(LEASE_MS * 0.9);
  await owner.turn({ covers: ids(entries) });
  assert.ok((await until()) > again);
});

test('a commit forgets the owners that died before it, and ends the time of lone entries', async () => {
  await mail('poison', 'a', 'b');
  const [first, second, last] = ids(await owner.mail()) as [string, string, string];
  await server.redis.hset(keys.lease, 'tries', 4, 'alone', last);
  await owner.turn({ covers: [first] });
  assert.deepEqual([(await lease())['tries'], (await lease())['alone']], ['0', last]);
  await owner.turn({ covers: [second] });
  await owner.turn({ covers: [last] });
  assert.equal((await lease())['alone'], '');
});

test('over maxmemory turns go on', async () => {
  await mail('a');
  await server.redis.config('SET', 'maxmemory', '1');
  try {
    const { entries } = await owner.turn({ wanted: 10 });
    await owner.turn({ covers: ids(entries), operations: [['S', recordKey(4, 'f'), ['kept']]] });
  } finally {
    await server.redis.config('SET', 'maxmemory', '0');
  }
  assert.equal(await server.redis.get(recordKey(4, 'f0')), 'kept');
});
