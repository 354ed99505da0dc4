import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { partitionOf } from '#engine/domain/placement.ts';
import { HELD_BOXES, heldSet, recipientName } from '#engine/domain/records/names.ts';
import { boxOf } from '#engine/domain/records/recipient.ts';
import { deposited, first, listed, Registry } from './holding.ts';
import { PROCESS, TOWN } from './samples.ts';
import { World } from './world.ts';

describe('a box that counts cases its queue does not have (a loss that was named)', () => {
  it('ends its release, and holds and releases the next ones as ever', () => {
    const world = new World();
    const registry = new Registry(world);
    const lost = first(deposited(world, { recipients: [TOWN] }));
    const recipient = world.get(partitionOf(TOWN), recipientName(TOWN));
    const box = recipient && boxOf(recipient, PROCESS);
    assert(box !== undefined);
    assert(world.place(partitionOf(TOWN)).set(heldSet(box)).delete(lost.id));
    registry.turn(TOWN, true);
    assert.deepEqual(listed(world), []);
    assert.equal(world.place(partitionOf(TOWN)).set(HELD_BOXES).size, 0);
    registry.turn(TOWN, false);
    const next = first(deposited(world, { recipients: [TOWN], doors: [registry.wordOf(TOWN)] }));
    assert.deepEqual(listed(world), []);
    registry.turn(TOWN, true);
    assert.deepEqual(listed(world), [next.id]);
  });
});
