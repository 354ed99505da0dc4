import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { partitionOf } from '#engine/domain/placement.ts';
import { Crossing, FAR, NEIGHBOUR, type Way } from './crossing.ts';
import { casesOf, migrate } from './migrate.ts';
import { CITY, HERE, notified, patchFolder, TOWN, uploaded } from './samples.ts';
import { World } from './world.ts';

/** Every choice of the first steps, then fair turns to the end. */
function everyOrder(ways: readonly Way[], size: number, depth: number): void {
  const choices: number[] = [];
  do {
    const crossing = new Crossing(ways, size);
    const widths: number[] = [];
    for (let at = 0; at < depth; at += 1) widths.push(crossing.step(choices[at] ?? 0));
    crossing.finish();
    crossing.check();
    crossing.repeat(0);
    crossing.check();
    crossing.clear();
    while (choices.length < depth) choices.push(0);
    while (choices.length > 0 && (choices.at(-1) as number) + 1 >= (widths[choices.length - 1] as number))
      choices.pop();
    if (choices.length > 0) choices.push((choices.pop() as number) + 1);
  } while (choices.length > 0);
}

describe('migrations that cross each other', () => {
  for (const size of [1, 2, 3]) {
    it(`between two partitions end in every order of their first steps, ${size} cases each`, () => {
      everyOrder(
        [
          [TOWN, CITY],
          [CITY, TOWN],
        ],
        size,
        4,
      );
    });
  }

  it('within a partition end in every order of their first steps', () => {
    everyOrder(
      [
        [TOWN, NEIGHBOUR],
        [NEIGHBOUR, TOWN],
      ],
      2,
      5,
    );
  });

  for (const [name, ways] of [
    [
      'there and back',
      [
        [TOWN, CITY],
        [CITY, TOWN],
      ],
    ],
    [
      'there and back, within a partition',
      [
        [TOWN, NEIGHBOUR],
        [NEIGHBOUR, TOWN],
      ],
    ],
    [
      'round three partitions',
      [
        [TOWN, CITY],
        [CITY, FAR],
        [FAR, TOWN],
      ],
    ],
    [
      'one after the other',
      [
        [TOWN, CITY],
        [CITY, FAR],
        [TOWN, FAR],
      ],
    ],
    [
      'repeated, there and back twice',
      [
        [TOWN, CITY],
        [CITY, TOWN],
        [TOWN, CITY],
        [CITY, TOWN],
      ],
    ],
    [
      'to two places',
      [
        [TOWN, CITY],
        [TOWN, FAR],
        [CITY, TOWN],
      ],
    ],
  ] as readonly [string, readonly Way[]][]) {
    it(`${name}: lose, double and misplace nothing in any order`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(11), { maxLength: 120 }), (size, picks) => {
          const crossing = new Crossing(ways, size);
          for (const pick of picks) crossing.step(pick);
          crossing.finish();
          crossing.check();
          crossing.repeat(picks.length);
          crossing.check();
          crossing.clear();
        }),
        { numRuns: 60 },
      );
    });
  }

  for (const [name, target] of [
    ['in another partition', CITY],
    ['in the same', NEIGHBOUR],
  ] as const) {
    it(`follow each other there and back though a clock goes back, target ${name}`, () => {
      const world = new World();
      notified(world);
      const open = uploaded(world);
      world.now += 1_000;
      world.ask(HERE, migrate(TOWN, target));
      world.now -= 500;
      world.ask(partitionOf(target), migrate(target, TOWN));
      world.ask(open.home, patchFolder(open, 'HUBEE_COMPLETED'));
      assert.equal(casesOf(world, TOWN).size, 2);
      assert.equal(casesOf(world, target).size, 0);
    });

    it(`asked for again go on after words were lost, target ${name}`, () => {
      const ways: Way[] = [
        [TOWN, target],
        [target, TOWN],
      ];
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.nat(11), fc.nat(5)), { maxLength: 60 }), (picks) => {
          const crossing = new Crossing(ways, 3);
          for (const [pick, loss] of picks) {
            if (loss < 2) crossing.lose(loss);
            crossing.step(pick);
          }
          crossing.finish();
          crossing.repeat(picks.length);
          crossing.check();
          crossing.clear();
        }),
        { numRuns: 100 },
      );
    });
  }

  it('wait in their mailbox as an older version wrote them, and go on', () => {
    const world = new World();
    notified(world);
    const older = { ...migrate(TOWN, CITY), noted: true };
    assert.deepEqual(world.ask(HERE, older).body, { caseUpdated: 1 });
    assert.equal(casesOf(world, CITY).size, 1);
  });
});
