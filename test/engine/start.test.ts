import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openHub } from '#engine/client/hub.ts';
import { FSYNC } from '#engine/redis/durability.ts';
import { toyBehaviour } from './toy.ts';
import { openWorld, type World } from './world.ts';

const MASTER_KEY = Buffer.alloc(32, 7);
const CONFIG = { durability: FSYNC, backlogLimit: 100, askMs: 1_000, masterKey: MASTER_KEY };

let world: World;
before(async () => {
  world = await openWorld();
});
afterEach(() => world.redis.config('SET', 'maxmemory', '0'));
after(() => world.close());

test('a process starts again on a full server: only there it can drain', async () => {
  const open = () => openHub({ ...CONFIG, redisUrl: world.url }, () => undefined);
  await (await open()).close();
  await world.redis.config('SET', 'maxmemory', '1000');
  const hub = await open();
  const engine = await world.engine('e1', toyBehaviour);
  assert.deepEqual(await hub.ready(), []);
  await engine.stop();
  await hub.close();
});
