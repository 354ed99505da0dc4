import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { keysOf } from '#engine/redis/keys.ts';
import { openServer, own, type Server } from './server.ts';

type Call = [name: string, keys: string[], args: (string | number)[]];

let server: Server;
const [one, two] = [keysOf(6), keysOf(7)];
const together = (name: 'batch' | 'accepts', ...calls: Call[]): Promise<unknown> =>
  server.call(
    name,
    calls.flatMap(([, keys]) => keys),
    calls.flatMap(([call, keys, args]) => [call, keys.length, args.length, ...args]),
  );
const accept = (keys: typeof one, limit: number, ...messages: string[]): Call => [
  'accept',
  [keys.in, keys.wake],
  [limit, ...messages],
];
const deliver = (sequence: number): Call => ['deliver', [two.in, two.seen, two.wake], [9, 1, sequence, 'm']];
const turn = (token: string): Call => [
  'turn',
  [one.in, one.lease, one.due, one.timers, one.out, one.sent],
  [token, 10_000, 10, 1_000, 0, 0, '', '', 0, '', ''],
];

before(async () => {
  server = await openServer();
});
after(() => server.close());
beforeEach(() => server.redis.flushall());

test('calls of several partitions are done in their order, each with its own keys and arguments', async () => {
  const { token } = await own(server, 6);
  const replies = (await together('batch', accept(one, 10, 'a', 'b'), deliver(1), turn(token), deliver(2))) as [
    number[],
    number[],
    unknown[],
    number[],
  ];
  assert.equal(replies[0][0], 1);
  assert.deepEqual(
    [replies[1], replies[3]],
    [
      [1, 1],
      [1, 2],
    ],
  );
  assert.deepEqual([replies[2][1], replies[2][5], replies[2][8]], [2, 'a', 'b']);
});

test('a refusal is an error in its place, and does not touch the others', async () => {
  await own(server, 6);
  const replies = (await together('batch', deliver(1), turn('9:stale'), ['nonsense', [], []], deliver(2))) as unknown[];
  assert.match(String(replies[1]), /FENCED/);
  assert.ok(replies[1] instanceof Error && replies[2] instanceof Error);
  assert.deepEqual(
    [replies[0], replies[3]],
    [
      [1, 1],
      [1, 2],
    ],
  );
});

test('a call that meets a key of another type fails alone', async () => {
  await server.redis.set(two.seen, 'not a hash');
  const replies = (await together('batch', deliver(1), accept(one, 10, 'a'))) as unknown[];
  assert.ok(replies[0] instanceof Error);
  assert.match(String(replies[0]), /WRONGTYPE/);
  assert.equal((replies[1] as number[])[0], 1);
});

test('over maxmemory requests from outside are refused as a whole and write nothing; all else goes on', async () => {
  const { token } = await own(server, 6);
  await server.redis.config('SET', 'maxmemory', '1');
  try {
    const before_ = await server.snapshot();
    await assert.rejects(together('accepts', accept(one, 10, 'a'), accept(two, 10, 'b')), /OOM/);
    assert.deepEqual(await server.snapshot(), before_);
    const replies = (await together('batch', deliver(1), turn(token))) as unknown[];
    assert.deepEqual(replies[0], [1, 1]);
    assert.ok(!(replies[1] instanceof Error), String(replies[1]));
  } finally {
    await server.redis.config('SET', 'maxmemory', '0');
  }
});
