import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Behaviour } from '#engine/domain/behaviour.ts';
import { NO_DOORS } from '#engine/domain/records/door.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { toy, toyBehaviour } from './toy.ts';
import { openWorld, until, type World } from './world.ts';

const HOME = 21;

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());
beforeEach(() => world.redis.flushall());

/** Decides what no record can hold: found out only when the turn is written. */
const unwritable: Behaviour = {
  ...toyBehaviour,
  decide(command, decision) {
    if ((command as unknown as { actor: string }).actor !== 'bad') return toyBehaviour.decide(command, decision);
    decision.put('obad', {
      org: 'bad',
      sequence: 1n as unknown as number,
      boxes: {},
      moving: null,
      feed: null,
      doors: NO_DOORS,
    });
    decision.reply(204);
  },
};

test('a decision that cannot be written is given up alone; its neighbours are decided, once', async () => {
  const api = await world.api(unwritable);
  const early = [1, 2].map((value) => api.ask(HOME, toy({ kind: 'add', actor: 'a', value })));
  const bad = api.ask(HOME, toy({ kind: 'add', actor: 'bad', value: 0 }));
  const late = [3, 4].map((value) => api.ask(HOME, toy({ kind: 'add', actor: 'a', value })));
  await until('all wait', async () => (await world.redis.xlen(keysOf(HOME).in)) === 5);
  const engine = await world.engine('e1', unwritable);
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
