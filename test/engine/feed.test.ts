import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Feeds } from '#engine/client/feed.ts';
import { KIND, newId } from '#engine/domain/ids.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { encode, encodeFeedEntry } from '#engine/domain/records/codec.ts';
import { NO_DOORS } from '#engine/domain/records/door.ts';
import { consumersName, feedList, recipientName } from '#engine/domain/records/names.ts';
import { recordKey } from '#engine/redis/keys.ts';
import { Reads } from '#engine/redis/reads.ts';
import { openWorld, type World } from './world.ts';

const TOWN = 'SI-21770001000019-77372';
const HOME = partitionOf(TOWN);
const LIST = recordKey(HOME, feedList(TOWN));
/** Beyond what 36 bits and one digit name, so that places are reckoned, not guessed. */
const BASE = 2_000_000;
const [KEPT, COUNT] = [BASE + 1, 300];
const LAST = BASE + COUNT;

let world: World;
let feeds: Feeds;
const damaged: string[] = [];
before(async () => {
  world = await openWorld();
  feeds = new Feeds(new Reads(world.redis, 1), (name) => damaged.push(name));
});
after(() => world.close());
beforeEach(async () => {
  await world.redis.flushall();
  damaged.length = 0;
});

const entry = (sequence: number): string =>
  encodeFeedEntry({
    ...{ sequence, ms: sequence * 2, type: sequence % 2 ? 'deposited' : 'status', box: 7, event: null },
    case: newId(KIND.case, HOME, 1),
    status: sequence % 2 ? null : 'DONE',
  });

async function filled(): Promise<void> {
  const feed = { kept: KEPT, at: 0, marks: [] };
  const state = { org: TOWN, sequence: LAST, boxes: { EtatCivil: 7 }, moving: null, feed, doors: NO_DOORS };
  await world.redis.set(recordKey(HOME, recipientName(TOWN)), encode(recipientName(TOWN), state));
  await world.redis.rpush(LIST, ...Array.from({ length: COUNT }, (_, n) => entry(KEPT + n)));
}

test('a feed is read from any position in pages, whole and in order, and reading changes nothing', async () => {
  await filled();
  for (const size of [1, 7, 300, 1000]) {
    const seen: number[] = [];
    for (let after = BASE; ; ) {
      const page = await feeds.read(TOWN, after, size);
      if (page.entries.length === 0) break;
      assert.ok(page.entries.length <= size);
      seen.push(...page.entries.map(({ sequence }) => sequence));
      after = page.next;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: COUNT }, (_, n) => KEPT + n),
    );
  }
  assert.equal(await world.redis.llen(LIST), COUNT);
});

test('what is said of it: what is kept, the end, the démarches; a position before gives what is kept', async () => {
  await filled();
  const page = await feeds.read(TOWN, 0, 2);
  assert.deepEqual([page.kept, page.last, page.next], [KEPT, LAST, KEPT + 1]);
  assert.deepEqual([...page.processes], [[7, 'EtatCivil']]);
  assert.deepEqual(
    page.entries.map(({ sequence, ms, type, box, status }) => [sequence, ms, type, box, status]),
    [
      [KEPT, 2 * KEPT, 'deposited', 7, null],
      [KEPT + 1, 2 * KEPT + 2, 'status', 7, 'DONE'],
    ],
  );
  assert.deepEqual((await feeds.read(TOWN, LAST, 5)).entries, []);
});

test('an organisation that was never told anything has an empty feed', async () => {
  const page = await feeds.read(TOWN, 0, 5);
  assert.deepEqual([page.kept, page.last, page.entries, page.processes.size], [1, 0, [], 0]);
  assert.deepEqual(await feeds.cursors(TOWN), {});
  assert.equal(await feeds.cursor(TOWN, 'x'), undefined);
});

test('a damaged entry is left out and told of; those around it are served, and the next page goes on behind', async () => {
  await filled();
  const text = entry(KEPT + 1);
  await world.redis.lset(LIST, 1, `${text.slice(0, -1)}!`);
  const page = await feeds.read(TOWN, BASE, 3);
  assert.deepEqual(
    page.entries.map(({ sequence }) => sequence),
    [KEPT, KEPT + 2],
  );
  assert.deepEqual([page.next, damaged.length], [KEPT + 2, 1]);
});

test('a reader goes on after what it has acknowledged, whatever was remembered of it, in one read when that is right', async () => {
  await filled();
  const name = consumersName(TOWN);
  const acknowledges = (acknowledged: number): Promise<unknown> =>
    world.redis.set(recordKey(HOME, name), encode(name, { consumers: { logiciel: { acknowledged, at: 1 } } }));
  const resumed = async (consumer = 'logiciel') => {
    const { acknowledged, entries } = await feeds.resume(TOWN, consumer, 2);
    return [acknowledged, entries.map(({ sequence }) => sequence)];
  };
  assert.deepEqual(await resumed(), [undefined, [KEPT, KEPT + 1]]);
  for (const position of [KEPT + 10, KEPT + 200, KEPT + 3]) {
    await acknowledges(position);
    assert.deepEqual(await resumed(), [position, [position + 1, position + 2]]);
    assert.deepEqual(await resumed('autre'), [undefined, [KEPT, KEPT + 1]]);
    await world.redis.config('RESETSTAT');
    assert.deepEqual(await resumed(), [position, [position + 1, position + 2]]);
    assert.equal(/cmdstat_lrange:calls=(\d+)/.exec(await world.redis.info('commandstats'))?.[1], '1');
  }
  await acknowledges(LAST);
  assert.deepEqual(await resumed(), [LAST, []]);
  await world.redis.del(recordKey(HOME, name));
  assert.deepEqual(await resumed(), [undefined, [KEPT, KEPT + 1]]);
});
