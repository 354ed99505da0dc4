import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { keysOf } from '#engine/redis/keys.ts';
import { openServer, own, type Server } from './server.ts';

let server: Server;
const keys = keysOf(1);
const accept = (limit: number, ...messages: string[]): Promise<unknown> =>
  server.call('accept', [keys.in, keys.wake], [limit, ...messages]);
const messages = async (): Promise<string[]> =>
  (await server.redis.xrange(keys.in, '-', '+')).map(([, fields]) => fields[1] as string);

before(async () => {
  server = await openServer();
});
after(() => server.close());
beforeEach(() => server.redis.flushall());

test('requests are appended in their order, with Redis time in the answer', async () => {
  const earliest = await server.now();
  const [taken, now] = (await accept(10, 'a', 'b', 'c')) as [number, number];
  assert.equal(taken, 1);
  assert.ok(now >= earliest && now <= (await server.now()));
  assert.deepEqual(await messages(), ['a', 'b', 'c']);
});

test('beyond the limit a batch is refused as a whole, with the backlog, and nothing is written', async () => {
  await accept(3, 'a', 'b');
  const before_ = await server.snapshot();
  const heard = await server.published(keys.wake, async () => {
    const [taken, , backlog] = (await accept(3, 'c', 'd')) as number[];
    assert.deepEqual([taken, backlog], [0, 2]);
  });
  assert.equal(heard, 0);
  assert.deepEqual(await server.snapshot(), before_);
  assert.equal(((await accept(3, 'c')) as number[])[0], 1);
});

test('an empty mailbox takes one batch larger than the limit: it would never fit otherwise', async () => {
  assert.equal(((await accept(1, 'a', 'b')) as number[])[0], 1);
  assert.deepEqual(await messages(), ['a', 'b']);
});

test('the owner is woken when the mailbox was empty, and only then', async () => {
  const owner = await own(server, 1);
  assert.equal(await server.published(keys.wake, () => accept(10, 'a', 'b')), 1);
  assert.equal(await server.published(keys.wake, () => accept(10, 'c')), 0);
  const { entries } = await owner.turn({ wanted: 10 });
  await owner.turn({ covers: entries.map(([id]) => id) });
  assert.equal(await server.published(keys.wake, () => accept(10, 'd')), 1);
});

test('over maxmemory a request is refused and nothing is written', async () => {
  await accept(10, 'a');
  const before_ = await server.snapshot();
  await server.redis.config('SET', 'maxmemory', '1');
  try {
    await assert.rejects(accept(10, 'b'), /OOM/);
  } finally {
    await server.redis.config('SET', 'maxmemory', '0');
  }
  assert.deepEqual(await server.snapshot(), before_);
});
