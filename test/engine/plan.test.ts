import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plan } from '#engine/cluster/plan.ts';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';

const name = fc.string({ minLength: 1, maxLength: 20 });
const members = fc.uniqueArray(name, { minLength: 1, maxLength: 12 });
const loads = (target: ReadonlyMap<number, string>): number[] => {
  const counts = new Map<string, number>();
  for (const member of target.values()) counts.set(member, (counts.get(member) ?? 0) + 1);
  return [...counts.values()];
};

test('every partition has one owner, a member', () => {
  fc.assert(
    fc.property(members, (all) => {
      const target = plan(all, ALL_PARTITIONS);
      assert.equal(target.size, ALL_PARTITIONS);
      for (const owner of target.values()) assert.ok(all.includes(owner));
    }),
  );
});

test('without members there is no plan', () => {
  assert.equal(plan([], ALL_PARTITIONS).size, 0);
});

test('shares differ by one partition at most', () => {
  fc.assert(
    fc.property(members, (all) => {
      const counts = loads(plan(all, ALL_PARTITIONS));
      assert.equal(counts.length, all.length);
      assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join(' '));
    }),
  );
});

test('the order in which members are seen changes nothing', () => {
  fc.assert(
    fc.property(members, fc.infiniteStream(fc.nat()), (all, random) => {
      const shuffled = all
        .map((member) => ({ member, key: random.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ member }) => member);
      assert.deepEqual([...plan(shuffled, ALL_PARTITIONS)], [...plan(all, ALL_PARTITIONS)]);
    }),
  );
});

test('a member that comes or goes moves little more than its own share', () => {
  const moves: number[] = [];
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 12 }), (all) => {
      const before = plan(all.slice(0, -1), ALL_PARTITIONS);
      const after = plan(all, ALL_PARTITIONS);
      const moved = [...after].filter(([partition, owner]) => before.get(partition) !== owner).length;
      moves.push(moved / Math.ceil(ALL_PARTITIONS / all.length));
      assert.ok(moved <= ALL_PARTITIONS / 2 + 1);
    }),
    { seed: 1, numRuns: 500, endOnFailure: true },
  );
  const mean = moves.reduce((sum, move) => sum + move, 0) / moves.length;
  assert.ok(mean >= 1 - 1 / ALL_PARTITIONS && mean < 1.5, `${mean} shares`);
  assert.ok(Math.max(...moves) < 3, `${Math.max(...moves)} shares`);
});
