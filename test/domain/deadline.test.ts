import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deposited, first, HOLD_MS, kinds, migrate, queue } from './holding.ts';
import { CITY, HERE, recipientsIn, SENDER, TOWN } from './samples.ts';
import { World } from './world.ts';

describe('the sender of a held case is told of the end once', () => {
  const NOTICE = 86_400_000;
  const NEIGHBOUR = recipientsIn(HERE, 2)[1] as string;

  for (const [target, where] of [
    [CITY, 'another partition'],
    [NEIGHBOUR, 'the same one'],
  ] as const) {
    it(`also of a case that migrates to ${where}, whose clock is behind`, () => {
      const world = new World();
      deposited(world, { recipients: [TOWN] });
      const { now } = world;
      world.advance(now + HOLD_MS - NOTICE);
      assert.deepEqual(kinds(world, SENDER), ['held', 'deadline']);
      world.now -= 5_000;
      migrate(world, TOWN, target);
      world.run();
      world.advance(now + HOLD_MS - 1);
      assert.deepEqual([kinds(world, SENDER), queue(world, target).length], [['held', 'deadline'], 1]);
      world.advance(now + HOLD_MS);
      assert.deepEqual(kinds(world, SENDER), ['held', 'deadline', 'returned']);
    });
  }

  it('also of a case that is between two mailboxes when that is due', () => {
    const world = new World();
    const case_ = first(deposited(world, { recipients: [TOWN] }));
    const { now } = world;
    migrate(world, TOWN, CITY);
    for (let step = world.steps()[0]; step && queue(world, TOWN).length > 0; step = world.steps()[0]) world.step(step);
    world.now = now + HOLD_MS - NOTICE + 1;
    world.run();
    assert.deepEqual(queue(world, CITY), [case_.id]);
    world.advance(world.now);
    assert.deepEqual(kinds(world, SENDER), ['held', 'deadline']);
  });

  it('also when a timer comes to a server whose clock is behind', () => {
    for (const ahead of [NOTICE, 0]) {
      const world = new World();
      deposited(world, { recipients: [TOWN] });
      const { now } = world;
      world.advance(now + HOLD_MS - ahead - 1);
      assert.ok(world.fire());
      world.now -= 5_000;
      world.run();
      world.advance(now + HOLD_MS);
      assert.deepEqual(kinds(world, SENDER), ['held', 'deadline', 'returned']);
    }
  });
});
