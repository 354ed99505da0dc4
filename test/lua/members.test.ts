import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { CONTROL } from '#engine/redis/keys.ts';
import { openServer, type Server } from './server.ts';

let server: Server;
const SILENCE_MS = 10_000;
const beat = (member: string): Promise<unknown> => server.call('beat', [CONTROL.members], [member, SILENCE_MS]);

before(async () => {
  server = await openServer();
});
after(() => server.close());
beforeEach(() => server.redis.flushall());

test('members see each other, sorted by name', async () => {
  assert.deepEqual(await beat('b'), ['b']);
  assert.deepEqual(await beat('a'), ['a', 'b']);
  assert.deepEqual(await beat('b'), ['a', 'b']);
});

test('a look counts nobody and writes nothing', async () => {
  await beat('a');
  const before_ = await server.snapshot();
  assert.deepEqual(await beat(''), ['a']);
  assert.deepEqual(await server.snapshot(), before_);
});

test('a silent member no longer counts, and counts again when it beats', async () => {
  await beat('a');
  await server.redis.zadd(CONTROL.members, (await server.now()) - SILENCE_MS - 1, 'b');
  assert.deepEqual(await beat('a'), ['a']);
  assert.deepEqual(await beat('b'), ['a', 'b']);
});

test('who leaves is gone at once; leaving twice changes nothing', async () => {
  await beat('a');
  await beat('b');
  assert.equal(await server.call('leave', [CONTROL.members], ['b']), 1);
  assert.deepEqual(await beat('a'), ['a']);
  const before_ = await server.snapshot();
  assert.equal(await server.call('leave', [CONTROL.members], ['b']), 0);
  assert.deepEqual(await server.snapshot(), before_);
});
