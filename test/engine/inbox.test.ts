import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Inboxes } from '#engine/client/inbox.ts';
import { Recent } from '#engine/client/recent.ts';
import { type Id, KIND, newId, notificationId } from '#engine/domain/ids.ts';
import { encode, encodeNotification } from '#engine/domain/records/codec.ts';
import { NO_DOORS } from '#engine/domain/records/door.ts';
import { recordKey } from '#engine/redis/keys.ts';
import { Reads } from '#engine/redis/reads.ts';
import { openWorld, type World } from './world.ts';

const HOME = 3;
const TOWN = 'SI-21770001000019-77372';
const NOW = 2_000_000;
let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

/** Lists one case in a box; answers it. */
async function told(box: number): Promise<Id> {
  const case_ = newId(KIND.case, HOME, NOW);
  const transmitter = 'OSL-13000000000016-00000';
  const id = notificationId(HOME, box, 1, NOW);
  const state = { id, case: case_, event: null, transmitter, recipient: TOWN, process: 'P' };
  await world.redis.zadd(recordKey(HOME, `b${box}`), 1, encodeNotification(HOME, box, 1, state));
  return case_;
}

const owns = (boxes: Record<string, number>): Promise<unknown> =>
  world.redis.set(
    recordKey(HOME, `o${TOWN}`),
    encode(`o${TOWN}`, { org: TOWN, sequence: 1, boxes, moving: null, feed: null, doors: NO_DOORS }),
  );

test('a box is shown when the record of its recipient says it is its own, whatever was remembered', async () => {
  const inboxes = new Inboxes(new Reads(world.redis, 1), assert.fail);
  const shown = async () =>
    (await inboxes.oldest(HOME, TOWN, 'P', 10))?.entries.map(({ notification }) => notification.case);
  assert.equal(await shown(), undefined);
  const [first, second] = [await told(1), await told(2)];
  await owns({ P: 1 });
  assert.deepEqual(await shown(), [first]);
  assert.deepEqual(await shown(), [first]);
  await owns({ P: 2 });
  assert.deepEqual(await shown(), [second]);
  await owns({ Q: 2 });
  assert.equal(await shown(), undefined);
});

test('reads that gather behind one under way are all answered, a server that knows no function included', async () => {
  const reads = new Reads(world.redis, 1);
  await world.redis.function('FLUSH');
  await world.redis.set('{3}:v', 'x');
  await world.redis.zadd('{3}:z', 1, 'a', 2, 'b');
  const [found, value, page] = await Promise.all([
    reads.read(['{3}:v'], [{ key: '{3}:z', after: 0, limit: 1 }]),
    new Promise((resolve) => setImmediate(() => resolve(reads.get('{3}:v')))),
    new Promise((resolve) => setImmediate(() => resolve(reads.page({ key: '{3}:z', after: 1, limit: 9 })))),
  ]);
  assert.deepEqual(found, { values: ['x'], pages: [['a', '1']], feeds: [] });
  assert.equal(value, 'x');
  assert.deepEqual(page, ['b', '2']);
});

test('what was seen lately is remembered, the rest is not', () => {
  const recent = new Recent<number, string>(3);
  for (let key = 1; key <= 4; key += 1) recent.set(key, `${key}`);
  assert.deepEqual(
    [1, 2, 3, 4].map((key) => recent.get(key)),
    ['1', '2', '3', '4'],
  );
  for (let key = 5; key <= 10; key += 1) recent.set(key, `${key}`);
  assert.equal(recent.get(4), undefined);
  assert.equal(recent.get(10), '10');
});
