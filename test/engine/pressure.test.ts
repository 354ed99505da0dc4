import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { ASKS_PER_ACTOR } from '#engine/client/ask.ts';
import type { Answer } from '#engine/domain/decision.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { toy, toyBehaviour } from './toy.ts';
import { type Engine, openWorld, until, type World } from './world.ts';

const [LEFT, RIGHT] = [11, 12];
/** Messages that each flooding request becomes, less the request itself. */
const HOPS = 40;
const FLOODS = 200;

let world: World;
let engine: Engine | undefined;
before(async () => {
  world = await openWorld();
});
after(() => world.close());
beforeEach(() => world.redis.flushall());
afterEach(async () => {
  await world.redis.config('SET', 'maxmemory', '0');
  await engine?.stop();
  engine = undefined;
});

const outcome = (answer: Promise<Answer>): Promise<string | number> =>
  answer.then(
    ({ status }) => status,
    (error: unknown) => {
      assert.ok(error instanceof DomainError, String(error));
      return error.code;
    },
  );
const count = (outcomes: readonly (string | number)[], wanted: string | number): number =>
  outcomes.filter((one) => one === wanted).length;
const flood = (i: number) => toy({ kind: 'flood', actor: `f${i % 4}`, value: HOPS, to: i % 2 === 0 ? RIGHT : LEFT });
const floodFrom = (i: number): number => (i % 2 === 0 ? LEFT : RIGHT);
const applied = async (): Promise<number> => {
  const counts = await Promise.all([LEFT, RIGHT].map((each) => world.redis.hget(keysOf(each).counters, 'applied')));
  return counts.reduce((sum, each) => sum + Number(each), 0);
};

test('a full mailbox refuses requests with busy, and takes them again when it has drained', async () => {
  const api = await world.api(toyBehaviour, { backlog: 10, timeoutMs: 10_000 });
  const early = Array.from({ length: 10 }, (_, i) => outcome(api.ask(3, toy({ kind: 'add', actor: 'a', value: i }))));
  await until('the mailbox is full', async () => (await world.redis.xlen(keysOf(3).in)) === 10);
  assert.equal(await outcome(api.ask(3, toy({ kind: 'add', actor: 'b', value: 0 }))), 'busy');
  assert.equal(await world.redis.xlen(keysOf(3).in), 10);
  engine = await world.engine('e1', toyBehaviour);
  assert.deepEqual(await Promise.all(early), Array(10).fill(200));
  assert.equal(await outcome(api.ask(3, toy({ kind: 'add', actor: 'b', value: 0 }))), 200);
});

test('one actor has its quota of requests: beyond, 429, while others are served', async () => {
  const api = await world.api(toyBehaviour);
  const asked = Array.from({ length: ASKS_PER_ACTOR + 5 }, (_, i) =>
    outcome(api.ask(4, toy({ kind: 'add', actor: 'hot', value: i }))),
  );
  const other = outcome(api.ask(4, toy({ kind: 'add', actor: 'cold', value: 1 })));
  engine = await world.engine('e1', toyBehaviour);
  const outcomes = await Promise.all(asked);
  assert.deepEqual([count(outcomes, 200), count(outcomes, 'tooMany')], [ASKS_PER_ACTOR, 5]);
  assert.equal(await other, 200);
  assert.equal(await outcome(api.ask(4, toy({ kind: 'add', actor: 'hot', value: 9_999 }))), 200);
  assert.equal((await world.added(4, 'hot')).length, ASKS_PER_ACTOR + 1);
});

test('an answer that gets lost is busy after the deadline; the effect stays', async () => {
  engine = await world.engine('e1', toyBehaviour);
  const api = await world.api(toyBehaviour, { timeoutMs: 300 });
  await api.deafen();
  assert.equal(await outcome(api.ask(5, toy({ kind: 'add', actor: 'a', value: 7 }))), 'busy');
  assert.deepEqual(await world.added(5, 'a'), ['7']);
  assert.equal(api.asks.inFlight, 0);
});

test('a request nobody decides is busy after the deadline', async () => {
  const api = await world.api(toyBehaviour, { timeoutMs: 300 });
  assert.equal(await outcome(api.ask(5, toy({ kind: 'add', actor: 'a', value: 7 }))), 'busy');
});

test('two partitions with a small backlog limit that flood each other come to rest, every message applied', async () => {
  engine = await world.engine('e1', toyBehaviour);
  const api = await world.api(toyBehaviour, { backlog: 50 });
  const outcomes = await Promise.all(
    Array.from({ length: FLOODS }, (_, i) => outcome(api.ask(floodFrom(i), flood(i)))),
  );
  const taken = count(outcomes, 204);
  assert.ok(taken > 0);
  assert.equal(taken + count(outcomes, 'busy'), FLOODS);
  await until('all is applied', async () => (await applied()) === taken * (HOPS + 1));
  for (const each of [LEFT, RIGHT]) assert.equal(await world.redis.xlen(keysOf(each).in), 0);
});

test('the same at maxmemory: requests are refused, turns and deliveries drain all that was accepted', async () => {
  const api = await world.api(toyBehaviour);
  const asked = Array.from({ length: FLOODS }, (_, i) => outcome(api.ask(floodFrom(i), flood(i))));
  await until(
    'all are accepted',
    async () => (await world.redis.xlen(keysOf(LEFT).in)) + (await world.redis.xlen(keysOf(RIGHT).in)) === FLOODS,
  );
  await world.redis.config('SET', 'maxmemory', '1000');
  assert.equal(await outcome(api.ask(LEFT, flood(0))), 'busy');
  engine = await world.engine('e1', toyBehaviour);
  assert.equal(count(await Promise.all(asked), 204), FLOODS);
  await until('all is applied', async () => (await applied()) === FLOODS * (HOPS + 1));
  assert.equal(await outcome(api.ask(LEFT, flood(0))), 'busy');
  for (const each of [LEFT, RIGHT]) assert.equal(await world.redis.xlen(keysOf(each).in), 0);
  await world.redis.config('SET', 'maxmemory', '0');
  assert.equal(await outcome(api.ask(LEFT, flood(0))), 204);
});
