import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Finding } from './checker.ts';
import { checkFeed, checkReader } from './feeds.ts';
import { type Entry, History, type News } from './history.ts';
import { spansOf } from './order.ts';

const news = (sequence: number, id: string): News => ({
  sequence,
  id: `n${sequence}`,
  type: 'fr.relais.case.deposited.v1',
  case: id,
  event: null,
});
/** Of case `a` two pieces: its deposit, and files. */
const FEED: News[] = [news(1, 'a'), news(2, 'b'), { ...news(3, 'a'), type: 'fr.relais.case.files.v1' }, news(4, 'c')];
const [FIRST, SECOND, THIRD, FOURTH] = FEED as [News, News, News, News];

const seen = (findings: Finding[]): string[] => findings.map(({ sort, way }) => `${sort} ${way}`);

describe('the rules of a feed', () => {
  /** Three native deposits, one after the other. */
  const history = new History();
  for (const [at, id] of ['a', 'b', 'c'].entries())
    history.add({ kind: 'native', who: 0, key: id, case: id, sent: at * 10, done: at * 10 + 5, status: 201 });
  const check = (feed: News[]): string[] => seen(checkFeed(0, feed, history.deliveries, spansOf(history)));
  /** With the places it then has. */
  const placed = (...feed: News[]): News[] => feed.map((one, at) => ({ ...one, sequence: at + 1 }));

  it('hold for one that tells all, once and in order', () => deepEqual(check(FEED), []));

  it('find what is not told, a hole, what is told twice, and a wrong order', () => {
    deepEqual(check(placed(FIRST, SECOND)), ['lost native']);
    deepEqual(check([FIRST, SECOND, FOURTH]), ['lost native']);
    deepEqual(check(placed(FIRST, SECOND, news(3, 'b'), THIRD, FOURTH)), ['doubled native']);
    deepEqual(check(placed(SECOND, FIRST, FOURTH)), ['reordered native']);
  });
});

describe('the rules of a feed’s readers', () => {
  let clock = 0;
  const entry = (told: Partial<Entry>): Entry => {
    clock += 10;
    return { kind: 'feed', who: 0, reader: 'poll', sent: clock, done: clock + 5, status: 200, ...told };
  };
  const page = (...given: News[]): Entry => entry({ news: given });
  const done = (position: number, status = 200): Entry => entry({ kind: 'acknowledge', position, status });
  const polled = (...read: Entry[]): string[] => seen(checkReader(read, FEED));
  const pushed = (...read: Entry[]): string[] =>
    seen(
      checkReader(
        read.map((one) => ({ ...one, reader: 'push' })),
        FEED,
      ),
    );
  const opened = (position: number): Entry => entry({ position, news: [] });

  it('hold when all comes, what was not acknowledged again', () => {
    deepEqual(
      polled(page(FIRST, SECOND), page(FIRST, SECOND), done(1), page(SECOND, THIRD), done(3), page(FOURTH)),
      [],
    );
    deepEqual(pushed(opened(0), page(FIRST, SECOND), done(2, 0), opened(2), page(THIRD, FOURTH)), []);
    // Another case overtakes, which a connection that died makes.
    deepEqual(pushed(opened(0), page(FIRST), page(FOURTH), page(SECOND, THIRD)), []);
  });

  it('let an acknowledgement without an answer be there or not', () => {
    deepEqual(polled(page(FIRST, SECOND), done(2, 0), page(THIRD, FOURTH)), []);
    deepEqual(polled(page(FIRST, SECOND), done(2, 0), page(FIRST, SECOND), done(2), page(THIRD, FOURTH)), []);
  });

  it('find what never came', () => {
    deepEqual(polled(page(FIRST, SECOND, THIRD)), ['lost poll']);
    deepEqual(pushed(opened(0), page(FIRST, SECOND, FOURTH)), ['lost push']);
  });

  it('find what was passed over on the way, also when it came later', () => {
    deepEqual(polled(page(FIRST), done(1), page(THIRD, FOURTH), page(SECOND, THIRD, FOURTH)), ['lost poll']);
    deepEqual(polled(page(FIRST, SECOND, FOURTH), page(FIRST, SECOND, THIRD, FOURTH)), ['lost poll']);
    deepEqual(pushed(opened(1), page(SECOND, THIRD), opened(0), page(...FEED)), ['lost push', 'reordered push']);
  });

  it('find a cursor that went back behind what was acknowledged', () => {
    deepEqual(polled(page(...FEED), done(3), page(THIRD, FOURTH)), ['doubled poll']);
    deepEqual(pushed(opened(0), page(...FEED), done(3), opened(2)), ['lost push']);
    deepEqual(pushed(opened(0), page(...FEED), done(3), page(THIRD)), ['doubled push']);
  });

  it('let a webhook be called again, and find one called too early', () => {
    const called = (sequence: number): Entry[] => [
      entry({ reader: 'webhook', position: sequence - 1, news: [FEED[sequence - 1] as News] }),
      entry({ reader: 'webhook', kind: 'acknowledge', position: sequence, status: 0 }),
    ];
    const hooked = (...sequences: number[]): string[] => seen(checkReader(sequences.flatMap(called), FEED));
    deepEqual(hooked(1, 2, 1, 2, 3, 4, 4), []);
    deepEqual(hooked(1, 2, 3), ['lost webhook']);
    deepEqual(hooked(1, 2, 4, 3, 4), ['lost webhook']);
  });

  it('find events of a case in a wrong order', () => {
    deepEqual(pushed(opened(0), page(THIRD, FIRST, SECOND, FOURTH)), ['reordered push']);
  });

  it('find a piece of news that was another before, and one that is gone', () => {
    deepEqual(polled(page({ ...FIRST, id: 'other' }), page(...FEED)), ['doubled poll']);
    deepEqual(polled(page(...FEED, news(5, 'd'))), ['lost poll']);
  });

  it('find a position refused, and a connection closed for good', () => {
    deepEqual(polled(page(...FEED), done(4, 409)), ['lost poll']);
    deepEqual(pushed(page(...FEED), entry({ status: 4010 }), entry({ status: 4003 })), ['lost push', 'broken push']);
  });
});
