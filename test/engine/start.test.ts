import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openHub } from '#engine/client/hub.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import * as product from '#engine/domain/deciders/index.ts';
import { notificationId } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { FSYNC } from '#engine/redis/durability.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { toyBehaviour } from './toy.ts';
import { openWorld, until, type World } from './world.ts';

const MASTER_KEY = Buffer.alloc(32, 7);
const CONFIG = { durability: FSYNC, backlogLimit: 100, askMs: 1_000, masterKey: MASTER_KEY };

let world: World;
before(async () => {
  world = await openWorld();
});
afterEach(() => world.redis.config('SET', 'maxmemory', '0'));
after(() => world.close());

const open = () => openHub({ ...CONFIG, redisUrl: world.url }, () => undefined);
const FULL = 'Redis is out of memory: only deletions are accepted';
const caller: Caller = { scope: 'ADMIN', org: 'Admin-13000000000017-00000' as OrgKey };

test('a process starts again on a full server: only there it can drain', async () => {
  await (await open()).close();
  await world.redis.config('SET', 'maxmemory', '1000');
  const hub = await open();
  const engine = await world.engine('e1', toyBehaviour);
  assert.deepEqual(await hub.ready(), [FULL]);
  await engine.stop();
  await hub.close();
});

test('what cannot be opened leaves no connection, so that a command that says so ends', async () => {
  await (await open()).close();
  const mine = async (): Promise<number> =>
    ((await world.redis.client('LIST')) as string).split('\n').filter((line) => line !== '').length;
  const before = await mine();
  await world.redis.config('SET', 'min-replicas-to-write', '1');
  try {
    await assert.rejects(open(), /NOREPLICAS/);
  } finally {
    await world.redis.config('SET', 'min-replicas-to-write', '0');
  }
  await until('they are gone', async () => (await mine()) <= before);
});

test('a full server takes what frees memory, refuses all else, and says that it is not ready', async () => {
  const hub = await open();
  const engine = await world.engine('e1', product);
  await until('ready', async () => (await hub.ready()).length === 0);
  await world.redis.config('SET', 'maxmemory', '1000');
  const notification = notificationId(3, 1, 1, Date.now());
  const asked = await hub.ask(3, { kind: 'mailbox.delete', notification, caller });
  assert.deepEqual([asked.status, asked.body], [404, { message: 'Notification is not found' }]);
  await assert.rejects(hub.ask(3, { kind: 'barrier' }), { code: 'busy' });
  await until('it is said', async () => (await hub.ready())[0] === FULL);
  await world.redis.config('SET', 'maxmemory', '0');
  await until('room again', async () => (await hub.ready()).length === 0);
  await engine.stop();
  await hub.close();
});

test('a process is not ready while a mailbox holds as much as it may', async () => {
  const hub = await open();
  const engine = await world.engine('e1', product);
  await until('ready', async () => (await hub.ready()).length === 0);
  await engine.stop();
  for (let i = 0; i < CONFIG.backlogLimit; i += 1) await world.redis.xadd(keysOf(7).in, '*', 'm', '');
  await until('it is said', async () =>
    (await hub.ready()).some((reason) => /^1 of 65 .*HUB_BACKLOG_LIMIT$/.test(reason)),
  );
  await world.redis.del(keysOf(7).in);
  await hub.close();
});
