import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Behaviour } from '#engine/domain/behaviour.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { toy, toyBehaviour } from './toy.ts';
import { openWorld, until, type World } from './world.ts';

const [HOME, OTHER] = [21, 22];
const REQUESTS = 200;
/** What one chunk of a large folder sends. */
const CASES = 256;

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());
beforeEach(() => world.redis.flushall());

const wide: Behaviour = {
  ...toyBehaviour,
  decide(command, decision) {
    if (decision.partition !== HOME) return toyBehaviour.decide(command, decision);
    for (let i = 0; i < CASES; i += 1)
      decision.out(OTHER, { command: toy({ kind: 'add', actor: `a${i % 8}`, value: i }) }, false);
    decision.reply(204);
  },
};

test('many requests with many effects each are committed in turns of bounded size', async () => {
  const api = await world.api(wide);
  const asked = Array.from({ length: REQUESTS }, (_, i) => api.ask(HOME, toy({ kind: 'add', actor: `r${i}` })));
  await until('all wait', async () => (await world.redis.xlen(keysOf(HOME).in)) === REQUESTS);
  const engine = await world.engine('e1', wide);
  const answers = await Promise.all(asked);
  assert.ok(answers.every(({ status }) => status === 204));
  await until(
    'all is delivered',
    async () => (await world.redis.hget(keysOf(OTHER).counters, 'applied')) === String(REQUESTS * CASES),
  );
  assert.deepEqual(
    engine.events.filter((event) => event.startsWith('lost')),
    [],
  );
  await engine.stop();
});
