import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Delays } from '#api/index/delays.ts';
import type { Id } from '#engine/domain/ids.ts';

/** A file of rows by démarche, and what is remembered of their delays. */
function world(rows: Record<string, number>) {
  const facts = new Map<string, number>();
  const delays = new Map<string, number | null>(Object.keys(rows).map((code) => [code, null]));
  const read: Id[][] = [];
  let fails = false;
  const ids = (code: string): Id[] =>
    Array.from({ length: rows[code] ?? 0 }, (_, n) => `${code}${String(n).padStart(6, '0')}` as Id);
  const link = {
    call: async (name: string, ...given: (string | number)[]) => {
      const [first, after, limit] = given as [string, string, number];
      if (name === 'facts') return [...facts].map(([fact, value]) => ({ name: fact, value }));
      if (name === 'note') return void facts.set(first, given[1] as number);
      if (name === 'ofProcess')
        return ids(first)
          .filter((id) => id > after)
          .slice(0, limit);
      return assert.fail(name);
    },
  };
  const pen = {
    put: async ({ cases }: { cases: readonly Id[] }) => {
      if (fails) throw new Error('the index is closed');
      read.push([...cases]);
      return [];
    },
  };
  const processes = () =>
    [...delays].map(([code, timeBeforeDeadline]) => ({ code, timeBeforeDeadline }))[Symbol.iterator]();
  const parts = { hub: { referential: { processes } }, link, pen } as unknown as Parameters<typeof Delays.open>[0];
  return {
    open: (fresh = false) => Delays.open(parts, fresh),
    set: (code: string, days: number | null) => void delays.set(code, days),
    fail: (wish: boolean) => {
      fails = wish;
    },
    /** ids read since the last look */
    taken: () => read.splice(0).flat(),
    ids,
  };
}

test('the cases of a démarche whose delay changed are read again, page by page, and no others', async () => {
  const { open, set, taken, ids } = world({ CERTDC: 1_203, EtatCivil: 7 });
  const delays = await open();
  assert.equal(delays.look(), undefined, 'nothing has a delay, and no row says otherwise');
  set('CERTDC', 5);
  await delays.look();
  assert.deepEqual(taken(), ids('CERTDC'));
  assert.equal(delays.look(), undefined);
  set('CERTDC', null);
  set('EtatCivil', 0);
  await delays.look();
  assert.deepEqual(taken(), [...ids('CERTDC'), ...ids('EtatCivil')]);
});

test('what changed while nobody wrote is seen by who writes next, and what was cut is done again', async () => {
  const { open, set, taken, ids, fail } = world({ CERTDC: 3 });
  set('CERTDC', 5);
  fail(true);
  await assert.rejects((await open()).look() as Promise<void>);
  fail(false);
  await (await open()).look();
  assert.deepEqual(taken(), ids('CERTDC'));
  assert.equal((await open()).look(), undefined, 'the file remembers');
});

test('a file without rows begins with the delays there are', async () => {
  const { open, set, taken } = world({ CERTDC: 3 });
  set('CERTDC', 5);
  assert.equal((await open(true)).look(), undefined);
  assert.deepEqual(taken(), []);
});
