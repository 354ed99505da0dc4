import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { CONTROL } from '#engine/redis/keys.ts';
import { LEASE_MS, openServer, own, type Server } from './server.ts';

let server: Server;
before(async () => {
  server = await openServer();
});
after(() => server.close());
beforeEach(() => server.redis.flushall());

const SILENCE_MS = 10_000;
const MESSAGE = 'x'.repeat(1_000);
const mail = async (owner: Awaited<ReturnType<typeof own>>, count: number, text = MESSAGE): Promise<void> => {
  await server.call('accept', [owner.keys.in, owner.keys.wake], [1_000, ...Array<string>(count).fill(text)]);
};

test('a turn hands out no more bytes than wanted, but for the end of the last entry', async () => {
  const owner = await own(server, 3);
  await mail(owner, 50);
  const { entries, backlog } = await owner.turn({ wanted: 256, bytes: 4_500 });
  assert.deepEqual([entries.length, backlog], [5, 50]);
  const next = await owner.turn({ wanted: 256, bytes: 4_500, covers: entries.map(([id]) => id) });
  assert.deepEqual([next.entries.length, next.backlog], [5, 45]);
  assert.ok((next.entries[0]?.[0] ?? '') > (entries.at(-1)?.[0] ?? ''));
});

test('an entry larger than what is wanted goes alone', async () => {
  const owner = await own(server, 3);
  await mail(owner, 3);
  assert.equal((await owner.turn({ wanted: 256, bytes: 10 })).entries.length, 1);
});

test('members silent for long are forgotten', async () => {
  const now = await server.now();
  for (let i = 0; i < 20; i += 1) await server.redis.zadd(CONTROL.members, now - 1_000_000 - i, `gone${i}`);
  await server.call('beat', [CONTROL.members], ['a', SILENCE_MS]);
  assert.deepEqual(await server.redis.zrange(CONTROL.members, '0', '-1'), ['a']);
});

test('a clock that went back keeps neither a dead member nor its lease alive', async () => {
  const owner = await own(server, 3, 'dead#a');
  const ahead = (await server.now()) + 3_600_000;
  await server.redis.hset(owner.keys.lease, 'until', ahead + LEASE_MS);
  await server.redis.zadd(CONTROL.members, ahead, 'dead');
  assert.deepEqual(await server.call('beat', [CONTROL.members], ['a', SILENCE_MS]), ['a']);
  const [taken] = (await server.call('take', [owner.keys.lease, owner.keys.in], ['a#b', 'n', LEASE_MS, 3, 0])) as [
    number,
  ];
  assert.equal(taken, 1);
});
