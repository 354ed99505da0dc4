import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { keysOf, recordKey } from '#engine/redis/keys.ts';
import { type Owner, openServer, own, type Server, type TurnAsk } from './server.ts';

let server: Server;
let owner: Owner;
let [a, b, c] = ['', '', ''];
const keys = keysOf(5);
/** Would be seen if a refused turn wrote anything. */
const WRITE = ['S', recordKey(5, 'f'), ['written']] as const;

before(async () => {
  server = await openServer();
});
after(() => server.close());
beforeEach(async () => {
  await server.redis.flushall();
  owner = await own(server, 5);
  await server.call('accept', [keys.in, keys.wake], [100, 'a', 'b', 'c']);
  [a, b, c] = (await owner.turn({ wanted: 3 })).entries.map(([id]) => id) as [string, string, string];
  await owner.turn({ operations: [['O', keys.out, [1, 9, 1, 1, 'first']]] });
});

async function refused(ask: Partial<TurnAsk>, reason: RegExp): Promise<void> {
  const before_ = await server.snapshot();
  const channel = recordKey(5, ':re:api');
  const heard = await server.published(channel, () =>
    assert.rejects(
      owner.turn({
        wanted: 10,
        timers: true,
        ...ask,
        operations: [WRITE, ['P', channel, ['x']], ...(ask.operations ?? [])],
      }),
      reason,
    ),
  );
  assert.equal(heard, 0);
  assert.deepEqual(await server.snapshot(), before_);
}

test('another token: FENCED', () => refused({ token: '1:other', covers: [a] }, /^ReplyError: FENCED|FENCED/));

test('a token that was valid once: FENCED', async () => {
  await own(server, 5, 'e1#b');
  await refused({ covers: [a, b] }, /FENCED/);
});

test('a partition nobody ever took: FENCED', async () => {
  await server.redis.del(keys.lease);
  await refused({}, /FENCED/);
});

test('a commit that leaves out the oldest entry: HOLE', () => refused({ covers: [b, c] }, /HOLE/));

test('a commit that leaves out one in the middle: HOLE', () => refused({ covers: [a, c] }, /HOLE/));

test('a commit whose count differs from what lies between its ids: HOLE', async () => {
  await refused({ head: [2, a, c] }, /HOLE/);
  await refused({ head: [4, a, c] }, /HOLE/);
});

test('a commit that was done already: HOLE', async () => {
  await owner.turn({ covers: [a, b] });
  await refused({ covers: [a, b] }, /HOLE/);
});

test('a commit of an id that never was: HOLE', () => refused({ covers: ['1-1'] }, /HOLE/));

test('an outgoing sequence that is not the next one: GAP', async () => {
  await refused({ covers: [a], operations: [['O', keys.out, [2, 9, 3, 1, 'skips 2']]] }, /GAP/);
  await refused({ covers: [a], operations: [['O', keys.out, [2, 9, 1, 1, 'again']]] }, /GAP/);
  await refused({ covers: [a], operations: [['O', keys.out, [2, 8, 2, 1, 'not the first']]] }, /GAP/);
  await refused({ operations: [['O', keys.out, [2, 9, 2, 1, 'second', 3, 9, 4, 1, 'skips 3']]] }, /GAP/);
});

test('after each refusal the true owner goes on as if nothing had been', async () => {
  await refused({ covers: [b] }, /HOLE/);
  await refused({ token: '9:x' }, /FENCED/);
  await owner.turn({ covers: [a, b, c], operations: [WRITE, ['O', keys.out, [2, 9, 2, 1, 'second']]] });
  assert.equal(await server.redis.get(recordKey(5, 'f0')), 'written');
});
