import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { keysOf } from '#engine/redis/keys.ts';
import { openServer, type Server } from './server.ts';

let server: Server;
const keys = keysOf(2);
type Sent = [epoch: number, sequence: number, message: string];
const deliver = (source: number, ...sent: Sent[]): Promise<unknown> =>
  server.call('deliver', [keys.in, keys.seen, keys.wake], [source, ...sent.flat()]);
const messages = async (): Promise<string[]> =>
  (await server.redis.xrange(keys.in, '-', '+')).map(([, fields]) => fields[1] as string);

before(async () => {
  server = await openServer();
});
after(() => server.close());
beforeEach(() => server.redis.flushall());

test('messages are applied in their order and the answer names the last one', async () => {
  assert.deepEqual(await deliver(7, [3, 1, 'a'], [3, 2, 'b']), [3, 2]);
  assert.deepEqual(await deliver(7, [3, 3, 'c']), [3, 3]);
  assert.deepEqual(await messages(), ['a', 'b', 'c']);
});

test('a delivery repeated, as a whole or in part, is applied once; a mere repetition writes nothing', async () => {
  await deliver(7, [3, 1, 'a'], [3, 2, 'b']);
  const before_ = await server.snapshot();
  const heard = await server.published(keys.wake, async () => {
    assert.deepEqual(await deliver(7, [3, 1, 'a'], [3, 2, 'b']), [3, 2]);
  });
  assert.equal(heard, 0);
  assert.deepEqual(await server.snapshot(), before_);
  assert.deepEqual(await deliver(7, [3, 1, 'a'], [3, 2, 'b'], [3, 3, 'c']), [3, 3]);
  assert.deepEqual(await messages(), ['a', 'b', 'c']);
});

test('a gap stops the delivery before it: what precedes is applied, what follows is not', async () => {
  assert.deepEqual(await deliver(7, [3, 1, 'a'], [3, 3, 'c'], [3, 4, 'd']), [3, 1]);
  assert.deepEqual(await messages(), ['a']);
  const before_ = await server.snapshot();
  assert.deepEqual(await deliver(7, [3, 5, 'e']), [3, 1]);
  assert.deepEqual(await server.snapshot(), before_);
});

test('an older epoch is skipped: those messages are a former owner’s, sent again by the new one already', async () => {
  await deliver(7, [3, 1, 'a'], [4, 2, 'b']);
  const before_ = await server.snapshot();
  assert.deepEqual(await deliver(7, [3, 2, 'stale'], [3, 3, 'stale']), [4, 2]);
  assert.deepEqual(await server.snapshot(), before_);
});

test('a newer epoch goes on with the sequence', async () => {
  await deliver(7, [3, 1, 'a'], [3, 2, 'b']);
  assert.deepEqual(await deliver(7, [3, 2, 'b'], [4, 3, 'c']), [4, 3]);
  assert.deepEqual(await messages(), ['a', 'b', 'c']);
});

test('after a failover that lost the source’s last messages, a newer epoch may use their sequences again', async () => {
  await deliver(7, [3, 1, 'a'], [3, 2, 'lost at the source'], [3, 3, 'lost at the source']);
  assert.deepEqual(await deliver(7, [4, 2, 'other'], [4, 3, 'message']), [4, 3]);
  assert.deepEqual(await deliver(7, [4, 2, 'other'], [4, 3, 'message'], [4, 4, 'next']), [4, 4]);
  assert.deepEqual(await messages(), ['a', 'lost at the source', 'lost at the source', 'other', 'message', 'next']);
});

test('what was heard of an epoch that its source lost hides no gap: the message before must have been heard', async () => {
  const after_ = (before: string, ...sent: Sent[]): Promise<unknown> =>
    server.call('deliver', [keys.in, keys.seen, keys.wake], [7, before, ...sent.flat()]);
  await deliver(7, [3, 1, 'a'], [3, 2, 'lost at the source'], [3, 3, 'lost at the source']);
  const before_ = await server.snapshot();
  assert.deepEqual(await after_('4:2', [4, 3, 'c']), [3, 3]);
  assert.deepEqual(await server.snapshot(), before_);
  assert.deepEqual(await after_('3:1', [4, 2, 'b'], [4, 3, 'c']), [4, 3]);
  assert.deepEqual(await after_('3:1', [4, 2, 'b'], [4, 3, 'c'], [5, 4, 'd']), [5, 4]);
  assert.deepEqual(await after_('9:9'), [5, 4], 'a mere question');
  assert.deepEqual((await messages()).slice(3), ['b', 'c', 'd']);
});

test('of a message before that is known by its sequence only, the sequence decides', async () => {
  await deliver(7, [3, 1, 'a']);
  const told = (before: string, sequence: number): Promise<unknown> =>
    server.call('deliver', [keys.in, keys.seen, keys.wake], [7, before, 4, sequence, 'm']);
  assert.deepEqual(await told('0:2', 3), [3, 1]);
  assert.deepEqual(await told('0:1', 2), [4, 2]);
});

test('each source has its own sequence', async () => {
  assert.deepEqual(await deliver(7, [3, 1, 'a']), [3, 1]);
  assert.deepEqual(await deliver(8, [1, 1, 'b']), [1, 1]);
  assert.deepEqual(await server.redis.hgetall(keys.seen), { 7: '3:1', 8: '1:1' });
});

test('the owner is woken when the mailbox was empty, and only then', async () => {
  assert.equal(await server.published(keys.wake, () => deliver(7, [3, 1, 'a'], [3, 2, 'b'])), 1);
  assert.equal(await server.published(keys.wake, () => deliver(8, [3, 1, 'c'])), 0);
});

test('over maxmemory deliveries go on', async () => {
  await server.redis.config('SET', 'maxmemory', '1');
  try {
    assert.deepEqual(await deliver(7, [3, 1, 'a']), [3, 1]);
  } finally {
    await server.redis.config('SET', 'maxmemory', '0');
  }
});
