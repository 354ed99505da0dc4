import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { keysOf } from '#engine/redis/keys.ts';
import { toy, toyBehaviour } from './toy.ts';
import { openWorld, until, type World } from './world.ts';

const DAMAGED = 3;

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());
beforeEach(() => world.redis.flushall());

test('a partition that cannot be restored stops neither the sharing of the others nor the end of the process', async () => {
  await world.redis.xadd(keysOf(DAMAGED).out, '1-0', 'd', '999', 's', '1', 'e', '1', 'm', 'x');
  const first = await world.engine('e1', toyBehaviour);
  const second = await world.engine('e2', toyBehaviour);
  await until(
    'both hold their share',
    () => first.node.held.size + second.node.held.size === 64 && second.node.held.size >= 32,
  );
  const api = await world.api(toyBehaviour);
  assert.equal((await api.ask(DAMAGED + 1, toy({ kind: 'add', actor: 'a', value: 1 }))).status, 200);
  await first.stop();
  await second.stop();
});
