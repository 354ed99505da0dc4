import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { keysOf, recordKey } from '#engine/redis/keys.ts';
import { toy, toyBehaviour } from './toy.ts';
import { type Engine, openWorld, type World } from './world.ts';

let world: World;
let engine: Engine;
before(async () => {
  world = await openWorld();
  engine = await world.engine('e1', toyBehaviour);
});
after(async () => {
  await engine.stop();
  await world.close();
});

test('an engine alone takes every partition', () => {
  assert.equal(engine.node.held.size, 65);
});

test('a thousand requests to one actor are applied once each, in their order', async () => {
  const api = await world.api(toyBehaviour);
  const answers: Promise<unknown>[] = [];
  for (let burst = 0; burst < 10; burst += 1) {
    for (let i = 0; i < 100; i += 1)
      answers.push(api.ask(3, toy({ kind: 'add', actor: 'alone', value: burst * 100 + i })));
    await Promise.all(answers);
  }
  const members = await world.redis.zrange(recordKey(3, 'balone'), '0', '-1');
  assert.deepEqual(
    members,
    Array.from({ length: 1000 }, (_, i) => String(i)),
  );
  assert.equal(await world.redis.xlen(keysOf(3).in), 0);
});

test('a request that reaches another partition is answered after its delivery', async () => {
  const api = await world.api(toyBehaviour);
  for (let i = 0; i < 50; i += 1) {
    const answer = await api.ask(
      7,
      toy({ kind: 'send', actor: 'src', to: 9, message: { kind: 'add', actor: 'dst', value: i } }),
    );
    assert.equal(answer.status, 204);
    assert.equal(await world.redis.zcard(recordKey(9, 'bdst')), i + 1);
  }
});

test('a refusal is an answer and changes nothing', async () => {
  const api = await world.api(toyBehaviour);
  const answer = await api.ask(4, toy({ kind: 'refuse', actor: 'r' }));
  assert.deepEqual(answer, { status: 400, body: { message: 'refused on purpose' } });
  assert.equal(await world.redis.exists(recordKey(4, 'or')), 0);
});

test('a fault answers 500, leaves a dead letter, and never stops its neighbours', async () => {
  const api = await world.api(toyBehaviour);
  const [good, bad, next] = await Promise.all([
    api.ask(5, toy({ kind: 'add', actor: 'a', value: 1 })),
    api.ask(5, toy({ kind: 'bug', actor: 'b' })),
    api.ask(5, toy({ kind: 'add', actor: 'c', value: 2 })),
  ]);
  assert.deepEqual([good.status, bad.status, next.status], [200, 500, 200]);
  assert.equal(await world.redis.xlen(keysOf(5).dead), 1);
});

test('a timer fires once, in the past as in the future', async () => {
  const api = await world.api(toyBehaviour);
  await api.ask(6, toy({ kind: 'later', actor: 'l', due: 1, message: { kind: 'add', actor: 'l', value: 1 } }));
  for (let i = 0; i < 200 && (await world.redis.zcard(recordKey(6, 'bl'))) === 0; i += 1)
    await api.ask(6, toy({ kind: 'refuse', actor: 'x' }));
  assert.equal(await world.redis.zcard(recordKey(6, 'bl')), 1);
  assert.equal(await world.redis.zcard(keysOf(6).due), 0);
  assert.equal(await world.redis.hlen(keysOf(6).timers), 0);
});

test('two partitions that flood each other come to rest', async () => {
  const api = await world.api(toyBehaviour, { backlog: 50 });
  const start = Array.from({ length: 40 }, (_, i) =>
    api.ask(i % 2 ? 11 : 12, toy({ kind: 'flood', actor: 'f', value: 40, to: i % 2 ? 12 : 11 })),
  );
  await Promise.all(start);
  const total = async (): Promise<number> =>
    (await world.redis.zcard(recordKey(11, 'bf'))) + (await world.redis.zcard(recordKey(12, 'bf')));
  let seen = -1;
  for (let i = 0; i < 500; i += 1) {
    await api.ask(11, toy({ kind: 'refuse', actor: 'x' }));
    await api.ask(12, toy({ kind: 'refuse', actor: 'x' }));
    const applied =
      Number(await world.redis.hget(keysOf(11).counters, 'applied')) +
      Number(await world.redis.hget(keysOf(12).counters, 'applied'));
    if (applied === seen) break;
    seen = applied;
  }
  assert.ok((await total()) > 0);
  assert.equal(await world.redis.xlen(keysOf(11).in), 0);
});

test('the outbox keeps what its turn sends until it is delivered', async () => {
  const apart = await openWorld();
  const alone = await apart.engine('e1', toyBehaviour);
  try {
    const api = await apart.api(toyBehaviour);
    for (let value = 0; value < 3; value += 1) {
      const message = { kind: 'add', actor: 'd', value } as const;
      await api.ask(20, toy({ kind: 'send', actor: 's', to: 21, message }));
    }
    // Commits are watched from outside: every message numbered must have been in the outbox when its turn ended.
    const info = (await apart.redis.xinfo('STREAM', keysOf(20).out)) as unknown[];
    assert.equal(info[info.indexOf('entries-added') + 1], 3);
    assert.equal(info[info.indexOf('last-generated-id') + 1], '3-0');
    assert.ok((await apart.redis.xlen(keysOf(20).out)) >= 1, 'the last one is trimmed by a later turn, never its own');
  } finally {
    await alone.stop();
    await apart.close();
  }
});
