import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { redisSource } from '#engine/client/redis-source.ts';
import type { Behaviour } from '#engine/domain/behaviour.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import { CHANGES_KEPT } from '#engine/partition/operations.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { Reads } from '#engine/redis/reads.ts';
import { toy, toyBehaviour } from './toy.ts';
import { openWorld, type World } from './world.ts';

const VERSION = CHANGES_KEPT + 50;

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const changing: Behaviour = {
  ...toyBehaviour,
  decide(_command, decision) {
    decision.remove('Ogone' as never);
    decision.reply(204);
  },
};

test('the list of changes is bounded; who is further behind reads everything again', async () => {
  const { changes, version } = keysOf(REFERENTIAL);
  const first = VERSION - CHANGES_KEPT - 10;
  const filling = world.redis.pipeline();
  for (let number = first; number <= VERSION; number += 1) filling.xadd(changes, `${number}-0`, 'm', '["On"]');
  await filling.set(version, VERSION).exec();
  const engine = await world.engine('e1', changing);
  const api = await world.api(changing);
  assert.equal((await api.ask(REFERENTIAL, toy({ kind: 'add', actor: 'a' }))).status, 204);
  await engine.stop();
  const source = redisSource(new Reads(world.redis));
  assert.deepEqual([await source.version(), await world.redis.xlen(changes)], [VERSION + 1, CHANGES_KEPT]);
  assert.deepEqual(await source.changes(VERSION), { version: VERSION + 1, names: ['Ogone'] });
  assert.equal(await source.changes(first), undefined);
});
