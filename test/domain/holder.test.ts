import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decode, encode } from '#engine/domain/records/codec.ts';
import { consumersName } from '#engine/domain/records/names.ts';
import { HERE, notified, TOWN } from './samples.ts';
import { World } from './world.ts';

/** One process pushes to a reader at a time (decision record 011). */

const consumer = 'logiciel';
const [A, B] = ['process-a', 'process-b'];
type Hold = { before?: string | null; after?: number | null };
const hold = (world: World, holder: string, { before = null, after = null }: Hold = {}) =>
  world.ask(HERE, { kind: 'feed.hold', org: TOWN, consumer, holder, before, after });
const acknowledge = (world: World, upTo: number, more: { holder?: string; seek?: boolean } = {}) =>
  world.ask(HERE, { kind: 'feed.acknowledge', org: TOWN, consumer, upTo, seek: false, ...more });
const release = (world: World, holder: string) =>
  world.ask(HERE, { kind: 'feed.release', org: TOWN, consumer, holder });
const holder = (world: World) => world.get(HERE, consumersName(TOWN))?.consumers[consumer]?.holder;

function told(count: number): World {
  const world = new World();
  for (let n = 0; n < count; n += 1) notified(world);
  return world;
}

describe('holder of a reader', () => {
  it('is one process: another takes over only from the one it saw', () => {
    const world = told(2);
    assert.deepEqual(hold(world, A), { status: 200, body: { acknowledged: 0 } });
    assert.equal(hold(world, B).status, 409);
    assert.equal(hold(world, A).status, 200, 'asked again, its answer having been lost');
    assert.equal(hold(world, B, { before: A }).status, 200);
    assert.equal(hold(world, A, { before: null }).status, 409);
    assert.equal(holder(world), B);
  });

  it('alone acknowledges by its name, and keeps the reader when others acknowledge', () => {
    const world = told(3);
    hold(world, A);
    assert.deepEqual(acknowledge(world, 1, { holder: A }).body, { acknowledged: 1, before: 0 });
    assert.equal(acknowledge(world, 2, { holder: B }).status, 409);
    assert.deepEqual(acknowledge(world, 2).body, { acknowledged: 2, before: 1 });
    assert.equal(holder(world), A);
  });

  it('loses the reader whose cursor is moved elsewhere', () => {
    const world = told(2);
    hold(world, A);
    acknowledge(world, 2, { holder: A });
    acknowledge(world, 1, { seek: true });
    assert.equal(holder(world), undefined);
    assert.equal(acknowledge(world, 2, { holder: A }).status, 409);
    assert.deepEqual(hold(world, A).body, { acknowledged: 1 });
  });

  it('lets go of what is its own, and the cursor stays', () => {
    const world = told(2);
    hold(world, A, { after: 2 });
    release(world, B);
    assert.equal(holder(world), A);
    assert.equal(release(world, A).status, 204);
    assert.equal(holder(world), undefined);
    assert.deepEqual(hold(world, B).body, { acknowledged: 2 });
  });

  it('may choose where a reader goes on, within the feed', () => {
    const world = told(2);
    assert.equal(hold(world, A, { after: 3 }).status, 400);
    assert.deepEqual(hold(world, A, { after: 2 }).body, { acknowledged: 2 });
    assert.deepEqual(hold(world, A, { after: 1 }).body, { acknowledged: 1 });
  });

  it('is written beside the cursor', () => {
    const name = consumersName(TOWN);
    const consumers = { a: { acknowledged: 1, at: 5 }, b: { acknowledged: 2, at: 6, holder: A } };
    assert.deepEqual(decode(name, encode(name, { consumers })), { consumers });
  });
});
