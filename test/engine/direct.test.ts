import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { bridgeEngine } from '#engine/bridge/api-end.ts';
import { bridgeApi } from '#engine/bridge/engine-end.ts';
import type { Behaviour } from '#engine/domain/behaviour.ts';
import type { Answer } from '#engine/domain/decision.ts';
import type { DomainError } from '#engine/domain/errors.ts';
import { Local } from '#engine/local.ts';
import { REQUESTS_WAITING } from '#engine/partition/limits.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { toy, toyBehaviour, toyBehaviourWith, unwritableBehaviour } from './toy.ts';
import { type Api, type Engine, openWorld, until, type World } from './world.ts';

/**
 * Requests to an owner in the same process: they never lie in the stream, and everything else is as with the others;
 * in one thread, or with the engine in another, of which only the bridge matters here.
 */
const [HOME, OTHER] = [21, 22];
const REQUESTS = 300;

let world: World;
const engines: Engine[] = [];
before(async () => {
  world = await openWorld();
});
after(() => world.close());
beforeEach(() => world.redis.flushall());
afterEach(async () => {
  await world.redis.config('SET', 'maxmemory', '0');
  for (const engine of engines.splice(0)) await engine.stop();
});

type Together = (behaviour?: Behaviour) => Promise<{ api: Api; engine: Engine }>;

const inOneThread: Together = async (behaviour = toyBehaviour) => {
  const local = new Local();
  const engine = await world.engine('e1', behaviour, { local });
  engines.push(engine);
  return { engine, api: await world.api(behaviour, { local }) };
};

const bridges: MessageChannel[] = [];
afterEach(() => {
  for (const { port1 } of bridges.splice(0)) port1.close();
});
const overABridge: Together = async (behaviour = toyBehaviour) => {
  const channel = new MessageChannel();
  bridges.push(channel);
  const [near, far] = [new Local(), new Local()];
  bridgeEngine(channel.port1, near);
  bridgeApi(channel.port2, far);
  const engine = await world.engine('e1', behaviour, { local: far });
  engines.push(engine);
  const api = await world.api(behaviour, { local: near });
  await until('the API sees the owner', async () => near.owner(HOME) !== undefined && far.owner(HOME) !== undefined);
  return { engine, api };
};

const add = (actor: string, value: number) => toy({ kind: 'add', actor, value });
const outcome = (answer: Promise<Answer>): Promise<string | number> =>
  answer.then(
    ({ status }) => status,
    (error: unknown) => (error as DomainError).code,
  );
/** Entries a mailbox has ever taken. */
async function mailed(partition: number): Promise<number> {
  const info = (await world.redis.xinfo('STREAM', keysOf(partition).in)) as unknown[];
  return Number(info[info.indexOf('entries-added') + 1]);
}

for (const [where, together] of Object.entries({ 'in one thread': inOneThread, 'over a bridge': overABridge })) {
  describe(where, () => {
    test('they are applied once each, in their order, and the mailbox never sees them', async () => {
      const { api } = await together();
      const asked = Array.from({ length: REQUESTS }, (_, i) => api.ask(HOME, add(`a${i % 3}`, i)));
      assert.ok((await Promise.all(asked)).every(({ status }) => status === 200));
      for (const actor of [0, 1, 2]) {
        const wanted = Array.from({ length: REQUESTS / 3 }, (_, i) => String(3 * i + actor));
        assert.deepEqual(await world.added(HOME, `a${actor}`), wanted);
      }
      assert.equal(await mailed(HOME), 0);
    });

    test('one that reaches another partition is answered after its delivery', async () => {
      const { api } = await together();
      for (let i = 0; i < 20; i += 1) {
        const message = { kind: 'add', actor: 'dst', value: i } as const;
        assert.equal((await api.ask(HOME, toy({ kind: 'send', actor: 'src', to: OTHER, message }))).status, 204);
        assert.equal((await world.added(OTHER, 'dst')).length, i + 1);
      }
    });

    test('mixed with requests of another process, every one is applied once', async () => {
      const { api } = await together();
      const far = await world.api(toyBehaviour);
      const asked = Array.from({ length: REQUESTS }, (_, i) => (i % 2 === 0 ? api : far).ask(HOME, add('both', i)));
      assert.ok((await Promise.all(asked)).every(({ status }) => status === 200));
      const found = (await world.added(HOME, 'both')).map(Number);
      const of = (rest: number) => found.filter((value) => value % 2 === rest);
      const wanted = (rest: number) => Array.from({ length: REQUESTS / 2 }, (_, i) => 2 * i + rest);
      assert.deepEqual([of(0), of(1)], [wanted(0), wanted(1)]);
    });

    test('a full Redis refuses them and still takes what waits; when there is room they are taken again', async () => {
      const far = await world.api(toyBehaviour);
      const early = Array.from({ length: 10 }, (_, i) => outcome(far.ask(HOME, add('early', i))));
      await until('all wait', async () => (await world.redis.xlen(keysOf(HOME).in)) === 10);
      await world.redis.config('SET', 'maxmemory', '1000');
      const { api } = await together();
      assert.deepEqual(await Promise.all(early), Array(10).fill(200));
      const refused = Array.from({ length: 10 }, (_, i) => outcome(api.ask(HOME, add('late', i))));
      assert.deepEqual(await Promise.all(refused), Array(10).fill('busy'));
      assert.deepEqual(await world.added(HOME, 'late'), []);
      await world.redis.config('SET', 'maxmemory', '0');
      assert.equal(await outcome(api.ask(HOME, add('late', 1))), 200);
      assert.deepEqual(await world.added(HOME, 'late'), ['1']);
    });

    test('one whose decision cannot be written is given up alone; those decided with it are applied, once', async () => {
      const { api } = await together(unwritableBehaviour);
      const asked = [add('a', 1), add('bad', 0), add('a', 2)].map((command) => outcome(api.ask(HOME, command)));
      assert.deepEqual(await Promise.all(asked), [200, 500, 200]);
      assert.deepEqual(await world.added(HOME, 'a'), ['1', '2']);
      assert.deepEqual(
        (await api.dead.list({ limit: 10 })).map(({ actor }) => actor),
        ['obad'],
      );
    });

    test('one that fails leaves a dead letter, which is replayed', async () => {
      const faulty = new Set(['a']);
      const { api } = await together(toyBehaviourWith(faulty));
      assert.equal(await outcome(api.ask(HOME, add('a', 7))), 500);
      const [letter] = await api.dead.list({ limit: 10 });
      faulty.clear();
      assert.equal((await api.dead.replay(letter?.id ?? '')).status, 204);
      assert.deepEqual(await world.added(HOME, 'a'), ['7']);
    });

    test('an owner that hands over, or is fenced, decides none twice and leaves none without an answer', async () => {
      const { api, engine } = await together();
      engines.push(await world.engine('e2', toyBehaviour));
      const asked: Promise<string | number>[] = [];
      const ask = (count: number): void => {
        for (let i = 0; i < count; i += 1) asked.push(outcome(api.ask(HOME, add('moved', asked.length))));
      };
      ask(REQUESTS_WAITING / 8);
      await engine.stop();
      ask(REQUESTS_WAITING / 8);
      const outcomes = await Promise.all(asked);
      const applied = (await world.added(HOME, 'moved')).map(Number);
      assert.equal(new Set(applied).size, applied.length);
      const told = outcomes.flatMap((one, value) => (one === 200 ? [value] : []));
      assert.deepEqual(
        told.filter((value) => !applied.includes(value)),
        [],
      );
      assert.ok(told.length > REQUESTS_WAITING / 8, `${told.length} answered`);
    });

    test('a server that dies under them: what was answered is there, once', async () => {
      const { api } = await together();
      const asked = Array.from({ length: REQUESTS }, (_, i) => outcome(api.ask(HOME, add('k', i))));
      await asked[0];
      await world.killRedis();
      const outcomes = await Promise.all(asked);
      await until('it is taken again', async () => (await outcome(api.ask(HOME, add('k', REQUESTS)))) === 200);
      const applied = (await world.added(HOME, 'k')).map(Number);
      const told = outcomes.flatMap((one, value) => (one === 200 ? [value] : []));
      assert.ok(told.length > 0);
      assert.deepEqual(
        told.filter((value) => !applied.includes(value)),
        [],
      );
      assert.equal(new Set(applied).size, applied.length);
    });
  });
}
