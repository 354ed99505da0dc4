import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { functionName } from '#engine/redis/library.ts';
import { openServer, type Server } from './server.ts';

let server: Server;
before(async () => {
  server = await openServer();
  await server.redis.set('{5}:a', 'one');
  await server.redis.zadd('{5}:s', 1, 'x', 2, 'y', 3, 'z');
});
after(() => server.close());

test('strings come first, null where there is none, then one page for each sorted set', async () => {
  const found = await server.call(
    'reads',
    ['{5}:a', '{5}:b', '{5}:s', '{5}:none', '{5}:s'],
    [2, 0, 0, 1, 1, 0, 9, 0, 9],
  );
  assert.deepEqual(found, ['one', null, ['y', '2'], [], ['x', '1', 'y', '2', 'z', '3']]);
});

test('strings alone, pages alone', async () => {
  assert.deepEqual(await server.call('reads', ['{5}:a'], [1, 0, 0]), ['one']);
  assert.deepEqual(await server.call('reads', ['{5}:s'], [0, 0, 0, 2, 5]), [['z', '3']]);
});

test('a feed is read from the place its first entry tells, sequences in base 36', async () => {
  const first = 35;
  const entries = Array.from({ length: 5 }, (_, n) => `1abcdef01${(first + n).toString(36)}.x`);
  await server.redis.rpush('{5}:f', ...entries);
  const read = (after: number, limit: number) => server.call('reads', ['{5}:f'], [0, 1, 0, after, limit]);
  assert.deepEqual(await read(0, 2), [entries.slice(0, 2)]);
  assert.deepEqual(await read(first, 2), [entries.slice(1, 3)]);
  assert.deepEqual(await read(first + 3, 9), [entries.slice(4)]);
  assert.deepEqual(await read(first + 4, 9), [[]]);
  const both = await server.call('reads', ['{5}:a', '{5}:s', '{5}:f', '{5}:nothing'], [1, 2, 0, 2, 9, first, 1, 0, 1]);
  assert.deepEqual(both, ['one', ['z', '3'], [entries[1]], []]);
});

test('it may be called as a read, and writes nothing', async () => {
  const before_ = await server.snapshot();
  const bytes = await server.logged();
  assert.deepEqual(await server.redis.fcall_ro(functionName('reads'), 1, '{5}:a', 1, 0, 0), ['one']);
  assert.deepEqual(await server.snapshot(), before_);
  assert.equal(await server.logged(), bytes);
});
