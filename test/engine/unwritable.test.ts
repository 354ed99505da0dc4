import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { keysOf } from '#engine/redis/keys.ts';
import { toy, unwritableBehaviour } from './toy.ts';
import { openWorld, until, type World } from './world.ts';

const HOME = 21;

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());
beforeEach(() => world.redis.flushall());

test('a decision that cannot be written is given up alone; its neighbours are decided, once', async () => {
  const api = await world.api(unwritableBehaviour);
  const early = [1, 2].map((value) => api.ask(HOME, toy({ kind: 'add', actor: 'a', value })));
  const bad = api.ask(HOME, toy({ kind: 'add', actor: 'bad', value: 0 }));
  const late = [3, 4].map((value) => api.ask(HOME, toy({ kind: 'add', actor: 'a', value })));
  await until('all wait', async () => (await world.redis.xlen(keysOf(HOME).in)) === 5);
  const engine = await world.engine('e1', unwritableBehaviour);
  assert.equal((await bad).status, 500);
  assert.deepEqual(
    (await Promise.all([...early, ...late])).map(({ status }) => status),
    [200, 200, 200, 200],
  );
  assert.deepEqual(await world.added(HOME, 'a'), ['1', '2', '3', '4']);
  assert.deepEqual(
    (await api.dead.list({ limit: 10 })).map(({ actor, kind }) => [actor, kind]),
    [['obad', 'toy.add']],
  );
  await engine.stop();
});
