import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FeedItem } from '#api/feed/reader.ts';
import { Ledger } from '#api/push/ledger.ts';

/** Whatever connections come, acknowledge and go: nothing is lost, no case is split, no order is broken. */

interface Fake {
  credit: number;
  /** in the order they came, unacknowledged */
  holds: FeedItem[];
}

const item = (sequence: number, of: number): FeedItem =>
  ({ sequence, ms: 0, type: 'event', box: 1, case: `case-${of}`, event: null, status: null, process: 'P' }) as never;

const act = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), of: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ kind: fc.constant('come' as const), credit: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('go' as const), who: fc.nat() }),
  fc.record({ kind: fc.constant('acknowledge' as const), who: fc.nat(), upTo: fc.nat() }),
);

test('any history', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
      const ledger = new Ledger<Fake>();
      const takers: Fake[] = [];
      const open = new Map<number, FeedItem>();
      const finished = new Set<number>();
      let sequence = 0;
      for (const one of acts) {
        if (one.kind === 'add') {
          sequence += 1;
          open.set(sequence, item(sequence, one.of));
          ledger.add([open.get(sequence) as FeedItem]);
        } else if (one.kind === 'come') takers.push({ credit: one.credit, holds: [] });
        else if (takers.length > 0) {
          const taker = takers[one.who % takers.length] as Fake;
          if (one.kind === 'go') {
            takers.splice(takers.indexOf(taker), 1);
            ledger.leave(taker);
          } else if (taker.holds.length > 0) {
            const until = (one.upTo % taker.holds.length) + 1;
            const done = taker.holds.splice(0, until);
            assert.equal(ledger.acknowledge(taker, done.at(-1)?.sequence as number), until);
            for (const { sequence: n } of done) {
              open.delete(n);
              finished.add(n);
            }
          }
        }
        for (const [taker, items] of ledger.assign(takers, 0)) taker.holds.push(...items);
        check(ledger, takers, open);
      }
      // Whoever comes last gets what is left, and nothing is missing.
      for (const taker of takers) ledger.leave(taker);
      const rest: Fake = { credit: 1_000, holds: [] };
      for (const [, items] of ledger.assign([rest], 0)) rest.holds.push(...items);
      assert.deepEqual(
        rest.holds.map(({ sequence: n }) => n),
        [...open.keys()],
      );
      assert.equal(finished.size + open.size, sequence);
    }),
  );
});

function check(ledger: Ledger<Fake>, takers: readonly Fake[], open: ReadonlyMap<number, FeedItem>): void {
  assert.equal(ledger.first?.sequence, [...open.keys()][0], 'below the first one all is acknowledged');
  const held = takers.flatMap(({ holds }) => holds.map(({ sequence }) => sequence));
  assert.equal(new Set(held).size, held.length, 'each event is with one connection');
  for (const taker of takers) assert(taker.holds.length <= taker.credit, 'no more than it takes');
  const byCase = Map.groupBy(open.values(), ({ case: of }) => of);
  for (const items of byCase.values()) {
    const having = takers.filter(({ holds }) => holds.some(({ case: of }) => of === items[0]?.case));
    assert(having.length <= 1, 'a case is with one connection');
    const mine = having[0]?.holds.filter(({ case: of }) => of === items[0]?.case).map(({ sequence }) => sequence) ?? [];
    const first = items.slice(0, mine.length).map(({ sequence }) => sequence);
    assert.deepEqual(mine, first, 'what is with it are the first ones, in order');
  }
  const room = takers.some((taker) => ledger.room(taker) > 0);
  const free = [...byCase.values()].some(([one]) => !held.includes(one?.sequence as number));
  assert(!(room && free), 'nothing waits that somebody could take');
}
