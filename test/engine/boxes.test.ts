import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readBox } from '#engine/client/boxes.ts';
import { type Id, KIND, newId, notificationId } from '#engine/domain/ids.ts';
import { encodeNotification } from '#engine/domain/records/codec.ts';
import { recordKey } from '#engine/redis/keys.ts';
import { Reads } from '#engine/redis/reads.ts';
import { openWorld, type World } from './world.ts';

const HOME = 3;
const BOX = 1;
const TOWN = 'SI-21770001000019-77372';
const PLACE = { partition: HOME, recipient: TOWN, process: 'P', box: BOX };
let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

test('a damaged notification is left out and told; the page is filled with those behind it', async () => {
  const cases: Id[] = [];
  for (let sequence = 1; sequence <= 6; sequence += 1) {
    const case_ = newId(KIND.case, HOME, 1_000_000 + sequence);
    const id = notificationId(HOME, BOX, sequence, 2_000_000);
    const state = {
      id,
      case: case_,
      event: null,
      transmitter: 'OSL-13000000000016-00000',
      recipient: TOWN,
      process: 'P',
    };
    const member = encodeNotification(HOME, BOX, sequence, state);
    const damaged = sequence === 2 || sequence === 3;
    await world.redis.zadd(recordKey(HOME, `b${BOX}`), sequence, damaged ? member.replace('|', '!') : member);
    if (!damaged) cases.push(case_);
  }
  const told: string[] = [];
  const read = (from: number, limit: number) =>
    readBox(new Reads(world.redis), (name) => told.push(name), PLACE, from, limit);
  const page = await read(0, 3);
  assert.deepEqual(
    page.map(({ notification }) => notification.case),
    cases.slice(0, 3),
  );
  assert.deepEqual(told, ['x1.2', 'x1.3']);
  const rest = await read(page.at(-1)?.sequence ?? 0, 3);
  assert.deepEqual(
    rest.map(({ notification }) => notification.case),
    cases.slice(3),
  );
});
