import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Population } from '#bench/population.ts';
import { type CpuProfile, sharesOf } from '#bench/profile.ts';

const node = (id: number, functionName: string, children: number[] = [], url = 'x.ts') => ({
  id,
  callFrame: { functionName, url, lineNumber: 0 },
  children,
});

describe('the shares of a profile', () => {
  it('counts a function once in a stack that names it twice, and leaves out idle time and loading', () => {
    const profile: CpuProfile = {
      nodes: [
        node(1, '(root)', [2, 5, 6], ''),
        node(2, 'outer', [3]),
        node(3, 'inner', [4]),
        node(4, 'outer'),
        node(5, '(idle)', [], ''),
        node(6, 'load', [7], 'node:internal/modules/esm/loader'),
        node(7, 'evaluated'),
      ],
      samples: [2, 4, 5, 7],
      timeDeltas: [10, 30, 50, 70],
    };
    const { shares, busy, whole } = sharesOf(profile);
    assert.deepEqual([busy, whole], [40, 160]);
    assert.deepEqual(
      shares.map(({ name, self, inclusive }) => [name, self, inclusive]),
      [
        ['outer x.ts:1', 1, 1],
        ['inner x.ts:1', 0, 0.75],
      ],
    );
  });
});

describe('the population of the benches', () => {
  it('gives each recipient its share of any run of cases, and none to nobody', () => {
    const population = new Population(9_200);
    assert.equal(population.recipients, 9_200);
    const counts = new Map<number, number>();
    for (let n = 1; n <= 100_000; n += 1) counts.set(population.of(n), (counts.get(population.of(n)) ?? 0) + 1);
    const first = (counts.get(0) ?? 0) / 100_000;
    assert.ok(first > 0.01 && first < 0.05, `${first}`);
    assert.ok([...counts.keys()].every((index) => index >= 0 && index < 9_200));
  });
});
