import type { Finding } from './checker.ts';
import { acknowledged, type Entry, type News, type Way, wayOf } from './history.ts';
import { nameOf, reordered } from './order.ts';

/** What feeds promise: every piece of news once and in its place, and every reader all of it, at least once. */
const DEPOSITED = 'fr.relais.case.deposited.v1';
const EVENT = 'fr.relais.case.event.v1';
/** A position is no longer kept, or the feed does not reach it: of the API, and of the WebSocket. */
const POSITION_REFUSED: readonly number[] = [409, 410, 4000, 4010];
const HOPELESS = 4000;

/** What the request tells of, if anybody knows. */
const toldBy = (entry: Entry): string => (entry.event ?? entry.case) as string;

/** The feed itself, read whole at the end. @param told requests whose news it must have */
export function checkFeed(
  who: number,
  feed: readonly News[],
  told: readonly Entry[],
  spans: Parameters<typeof reordered>[1],
): Finding[] {
  const found: Finding[] = [];
  const ways = new Map<string, Way>(told.map((entry) => [toldBy(entry), wayOf(entry)]));
  const find = (sort: Finding['sort'], what: string, ...ids: string[]): void => {
    found.push({ sort, what, ids, way: ways.get(ids[0] as string) ?? 'contract' });
  };
  const first = feed[0]?.sequence ?? 1;
  for (const [at, { sequence, case: id }] of feed.entries())
    if (sequence !== first + at) find('lost', `the feed of ${who} has ${sequence} where ${first + at} should be`, id);
  const news = feed.filter(({ type }) => type === DEPOSITED || type === EVENT);
  const times = new Map<string, number>();
  for (const one of news) times.set(nameOf(one), (times.get(nameOf(one)) ?? 0) + 1);
  for (const [name, count] of times)
    if (count > 1) find('doubled', `the feed of ${who} tells ${count} times of ${name}`, name);
  for (const name of new Set(told.filter(acknowledged).map((entry) => toldBy(entry))))
    if (!times.has(name)) find('lost', `${name} in the feed of ${who}`, name);
  for (const [before, after] of reordered(news, spans))
    find('reordered', `the feed of ${who} tells of ${after} after ${before}`, before, after);
  return found;
}

/** What one reader was given, held against the feed. @param read what it asked and was told, oldest first */
export function checkReader(read: readonly Entry[], feed: readonly News[]): Finding[] {
  const reader = new Reader(read[0] as Entry, feed);
  for (const entry of read) {
    if (entry.kind === 'acknowledge') reader.acknowledge(entry);
    else reader.read(entry);
  }
  return reader.findings();
}

class Reader {
  readonly #found: Finding[] = [];
  readonly #name: string;
  readonly #way: Way;
  readonly #feed: ReadonlyMap<number, News>;
  readonly #given = new Set<number>();
  /** the last that each case's readers were given for the first time */
  readonly #ofCase = new Map<string, number>();
  /** furthest that it may have acknowledged */
  #asked = 0;
  /** cursors that were on disk, and since when */
  readonly #cursors: { position: number; done: number }[] = [];

  constructor(entry: Entry, feed: readonly News[]) {
    this.#way = wayOf(entry);
    this.#name = `the reader of ${entry.who} by ${this.#way}`;
    this.#feed = new Map(feed.map((news) => [news.sequence, news]));
  }

  acknowledge(entry: Entry): void {
    const position = entry.position as number;
    this.#refused(entry, `the position ${position}`);
    this.#asked = Math.max(this.#asked, position);
    if (acknowledged(entry)) this.#cursors.push({ position, done: entry.done });
  }

  read(entry: Entry): void {
    this.#refused(entry, 'its position');
    const { news = [], position, sent } = entry;
    const cursor = this.#cursors.reduce((most, each) => (each.done < sent ? Math.max(most, each.position) : most), 0);
    const begins = position ?? (this.#way === 'poll' && news.length > 0 ? (news[0] as News).sequence - 1 : undefined);
    if (begins !== undefined && begins > this.#asked)
      this.#find('lost', `was given what comes after ${begins}, and had acknowledged ${this.#asked} at most`);
    if (position !== undefined && position < cursor)
      this.#find('lost', `goes on after ${position}, and ${cursor} had been acknowledged`);
    const again = news.find(({ sequence }) => sequence <= cursor);
    if (again !== undefined)
      this.#find('doubled', `was given ${again.sequence}, and ${cursor} had been acknowledged`, again.case);
    for (const [at, one] of news.entries()) this.#take(one, this.#way === 'poll' ? news[at - 1] : undefined);
  }

  findings(): Finding[] {
    for (const { sequence, case: id } of this.#feed.values())
      if (!this.#given.has(sequence)) this.#find('lost', `was never given ${sequence}`, id);
    return this.#found;
  }

  /** @param before what came before it on a page, which has no hole */
  #take(news: News, before: News | undefined): void {
    const { sequence, id, case: subject } = news;
    const known = this.#feed.get(sequence);
    if (known === undefined) this.#find('lost', `was given ${sequence}, which the feed has no more`, subject);
    else if (known.id !== id || known.case !== subject || known.event !== news.event)
      this.#find('doubled', `was given ${sequence} as ${id}, which the feed has as ${known.id}`, subject, known.case);
    if (before !== undefined && before.sequence + 1 !== sequence)
      this.#find('lost', `was given ${sequence} right after ${before.sequence}`, subject);
    if (this.#given.has(sequence)) return;
    this.#given.add(sequence);
    const last = this.#ofCase.get(subject) ?? 0;
    if (sequence < last) this.#find('reordered', `was given ${sequence} after ${last}, of one case`, subject);
    this.#ofCase.set(subject, Math.max(last, sequence));
  }

  #refused({ status }: Entry, what: string): void {
    if (POSITION_REFUSED.includes(status)) this.#find('lost', `${what} was refused with ${status}`);
    else if (status > HOPELESS) this.#find('broken', `was closed with ${status}`);
  }

  #find(sort: Finding['sort'], what: string, ...ids: string[]): void {
    this.#found.push({ sort, what: `${this.#name}: ${what}`, ids, way: this.#way });
  }
}
