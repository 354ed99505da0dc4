import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Job } from '#engine/domain/decision.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { toy, toyBehaviour } from './toy.ts';
import { type Api, type Engine, openWorld, until, type World } from './world.ts';

let world: World;
let api: Api;
let engine: Engine | undefined;
before(async () => {
  world = await openWorld();
});
after(() => world.close());
beforeEach(async () => {
  await world.redis.flushall();
  api = await world.api(toyBehaviour);
});
afterEach(async () => {
  await engine?.stop();
  engine = undefined;
});

const add = (actor: string, value: number) => ({ kind: 'add', actor, value }) as const;
const texts = (to: number): string[] => Array.from({ length: to }, (_, i) => String(i + 1));

/** Deliveries cannot be written: their mailbox's key holds something else, as after a lost slot. */
async function blocked(partition: number, act: () => Promise<void>): Promise<void> {
  const { seen } = keysOf(partition);
  await world.redis.set(seen, 'not a hash');
  await act();
  await world.redis.del(seen);
}

test('an outbox left by an owner that died between commit and delivery is delivered by the next, once', async () => {
  engine = await world.engine('e1', toyBehaviour);
  await blocked(15, async () => {
    for (let value = 1; value <= 20; value += 1)
      await api.ask(14, toy({ kind: 'post', actor: 'src', to: 15, message: add('dst', value) }));
    assert.equal(await world.redis.xlen(keysOf(14).out), 20);
    await engine?.crash();
  });
  engine = await world.engine('e1', toyBehaviour);
  await until('all are delivered', async () => (await world.added(15, 'dst')).length >= 20);
  await until('the outbox is empty', async () => (await world.redis.xlen(keysOf(14).out)) === 0);
  assert.deepEqual(await world.added(15, 'dst'), texts(20));
});

test('a delivery made by an owner that died before it noted so is not made twice', async () => {
  engine = await world.engine('e1', toyBehaviour);
  for (let value = 1; value <= 5; value += 1)
    await api.ask(14, toy({ kind: 'send', actor: 'src', to: 15, message: add('dst', value) }));
  await engine.crash();
  // what the owner may not have written yet: its acknowledgements
  await world.redis.del(keysOf(14).lane);
  engine = await world.engine('e1', toyBehaviour);
  await api.ask(14, toy({ kind: 'send', actor: 'src', to: 15, message: add('dst', 6) }));
  assert.deepEqual(await world.added(15, 'dst'), texts(6));
});

test('a lane that cannot deliver tries again, in order, and the waiting request is answered', async () => {
  engine = await world.engine('e1', toyBehaviour);
  let answer: Promise<{ status: number }> | undefined;
  await blocked(15, async () => {
    answer = api.ask(14, toy({ kind: 'send', actor: 'src', to: 15, message: add('dst', 1) }));
    await until('a delivery failed', () => engine?.events.some((event) => event.startsWith('lane 14 15')) ?? false);
  });
  assert.equal((await answer)?.status, 204);
  assert.deepEqual(await world.added(15, 'dst'), ['1']);
});

test('timers outlive their owner: those due meanwhile fire late and once, the others in time', async () => {
  engine = await world.engine('e1', toyBehaviour);
  const soon = Date.now() + 700;
  await api.ask(16, toy({ kind: 'later', actor: 't', due: soon - 400, message: add('t', 1) }));
  await api.ask(16, toy({ kind: 'later', actor: 'u', due: soon, message: add('t', 2) }));
  await engine.crash();
  await until('the first is due', () => Date.now() > soon - 400);
  engine = await world.engine('e1', toyBehaviour);
  await until('both have fired', async () => (await world.added(16, 't')).length === 2);
  assert.ok(Date.now() >= soon);
  assert.deepEqual(await world.added(16, 't'), ['1', '2']);
  assert.equal(await world.redis.hlen(keysOf(16).timers), 0);
});

test('a job whose owner died before it ended is done by the next, and then forgotten', async () => {
  const never = (): Promise<void> => new Promise(() => undefined);
  engine = await world.engine('e1', toyBehaviour, { runJob: never });
  await api.ask(17, toy({ kind: 'job', actor: 'j' }));
  await until('the job has begun', () => engine?.jobs.length === 1);
  await engine.crash();
  engine = await world.engine('e1', toyBehaviour);
  await until('the job is done', () => engine?.jobs.length === 1);
  await until('the job is forgotten', async () => (await world.redis.xlen(keysOf(17).jobs)) === 0);
});

test('a job that fails is repeated; given up it is a dead letter, which an administrator replays', async () => {
  let broken = true;
  const runJob = async (_job: Job): Promise<void> => {
    if (broken) throw new Error('no mail server');
  };
  engine = await world.engine('e1', toyBehaviour, { runJob });
  await api.ask(18, toy({ kind: 'job', actor: 'j' }));
  await until('the job is given up', async () => (await world.redis.xlen(keysOf(18).dead)) === 1);
  assert.equal(engine.jobs.length, 3);
  assert.equal(await world.redis.xlen(keysOf(18).jobs), 0);
  const [letter] = await api.dead.list({ limit: 10 });
  assert.deepEqual([letter?.kind, letter?.actor], ['job', '']);
  assert.match(letter?.error ?? '', /^mail: Error at /);
  broken = false;
  assert.equal((await api.dead.replay(letter?.id ?? '')).status, 204);
  await until('the job is done', () => engine?.jobs.length === 4);
  await until('nothing is left', async () => (await world.redis.xlen(keysOf(18).jobs)) === 0);
  assert.deepEqual(await api.dead.list({ limit: 10 }), []);
});

test('a server killed and started again: engines recover by themselves, and nothing acknowledged is lost', async () => {
  engine = await world.engine('e1', toyBehaviour);
  // an answer published before this process has subscribed again is lost: the request is busy after its deadline
  const client = await world.api(toyBehaviour, { timeoutMs: 1_000 });
  const acknowledged: number[] = [];
  const stopped = new AbortController();
  const traffic = (async () => {
    for (let value = 1; !stopped.signal.aborted; value += 1) {
      try {
        const { status } = await client.ask(19, toy({ kind: 'send', actor: 's', to: 20, message: add('d', value) }));
        if (status === 204) acknowledged.push(value);
      } catch {
        // busy: neither promised nor refused for good
        await setImmediate();
      }
    }
  })();
  try {
    await until('there is traffic', () => acknowledged.length > 50);
    await world.killRedis();
    const before_ = acknowledged.length;
    await until('there is traffic again', () => acknowledged.length > before_ + 50);
  } finally {
    stopped.abort();
    await traffic;
  }
  const found = (await world.added(20, 'd')).map(Number);
  assert.deepEqual(
    found,
    [...new Set(found)].sort((a, b) => a - b),
    'in order, none twice',
  );
  const kept = new Set(found);
  assert.deepEqual(
    acknowledged.filter((value) => !kept.has(value)),
    [],
  );
  await until('every partition has its owner again', () => engine?.node.held.size === 65);
});
