import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { doorWord } from '#engine/domain/records/door.ts';
import { deposited, listed, Registry, stateOf } from './holding.ts';
import { HERE, recipientsIn, THERE } from './samples.ts';
import { World } from './world.ts';

describe('a large folder', () => {
  it('is held and delivered case by case, each by its own recipient', () => {
    const world = new World();
    const registry = new Registry(world);
    const recipients = [...recipientsIn(HERE, 200), ...recipientsIn(THERE, 200)];
    const active = (index: number): boolean => index % 3 === 0;
    const doors = recipients.map((_, index) => doorWord(active(index), active(index) ? 1 : 0));
    const { cases } = deposited(world, { recipients, doors });
    for (const [index, case_] of cases.entries()) {
      const expected = active(index) ? 'HUBEE_NOTIFIED' : 'HUBEE_RECEIVED';
      assert.equal(stateOf(world, case_)?.status, expected, `case ${index}`);
    }
    for (const org of recipients) registry.set(org, true);
    world.run();
    for (const [index, org] of recipients.entries()) assert.deepEqual(listed(world, org), [cases[index]?.id]);
  });
});
