import { BEYOND, type FeedPage } from '#engine/client/feed.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { FeedEntry } from '#engine/domain/records/feed.ts';

/** A lost word of news costs a reader this much, ms. */
const LOOK_MS = 5_000;
/** Entries read at once: what one reader may hold in memory. */
export const PAGE = 250;

/** What a caller may see of a feed. */
export interface FeedScope {
  org: OrgKey;
  /** undefined: all démarches */
  processes: ReadonlySet<string> | undefined;
  /** reading goes on only as long as the record of this consumer names this holder */
  held?: { consumer: string; holder: string };
}

/** An entry with the démarche its box is of. */
export interface FeedItem extends FeedEntry {
  process: string;
}

/** The position asked for is no longer kept (RFC 9110: 410): what is missing must not be passed over in silence. */
export class PositionGone extends Error {
  /** lowest position a reader may go on from */
  readonly oldest: number;
  constructor(oldest: number) {
    super(`positions before ${oldest} are no longer kept`);
    this.name = 'PositionGone';
    this.oldest = oldest;
  }
}

/** No entry of the feed has that position yet: to wait for it would pass over, in silence, what comes before it. */
export class PositionAhead extends Error {
  /** last position of the feed */
  readonly last: number;
  constructor(last: number) {
    super(`the feed ends at ${last}`);
    this.name = 'PositionAhead';
    this.last = last;
  }
}

/** Another process pushes to this reader now, or the reader went elsewhere: nothing more may be sent to it from here. */
export class Superseded extends Error {
  constructor() {
    super('another process pushes to this reader');
    this.name = 'Superseded';
  }
}

type Feed = Pick<Hub, 'feeds' | 'news'>;

/** Follows a feed from a position on: what all channels read with. Holds nothing but its position. */
export class FeedReader {
  /** last sequence given, or passed over because the caller may not see it */
  position: number;
  /** last sequence written when the feed was last read */
  last = 0;
  readonly #feed: Feed;
  readonly #scope: FeedScope;
  #unfollow: (() => void) | undefined;
  /** whether it has a position yet, or begins at the oldest entry kept */
  #placed = true;
  /** the consumer after whose cursor the first read begins */
  #resumes: string | undefined;
  #news = false;
  #wake: (() => void) | undefined;
  #stopped = false;

  private constructor(feed: Feed, scope: FeedScope, position: number) {
    this.#feed = feed;
    this.#scope = scope;
    this.position = position;
  }

  /**
   * @param after position to go on from; undefined: the oldest kept
   * @throws PositionGone when entries between that position and the oldest one kept are gone; PositionAhead
   */
  static async open(feed: Feed, scope: FeedScope, after: number | undefined): Promise<FeedReader> {
    const reader = FeedReader.begin(feed, scope, after);
    const { kept, last } = await feed.feeds.read(scope.org, BEYOND, 1);
    reader.last = last;
    if (after === undefined) reader.#place(kept - 1);
    else if (after < kept - 1) throw new PositionGone(kept - 1);
    else if (after > last) throw new PositionAhead(last);
    return reader;
  }

  /** The same for who reads at once: its first read says whether the position is kept, and costs no other. */
  static begin(feed: Feed, scope: FeedScope, after: number | undefined): FeedReader {
    const reader = new FeedReader(feed, scope, after ?? 0);
    reader.#placed = after !== undefined;
    return reader;
  }

  /** The same after what a consumer has acknowledged, else from the oldest entry kept: the first read finds that too. */
  static resume(feed: Feed, scope: FeedScope, consumer: string): FeedReader {
    const reader = FeedReader.begin(feed, scope, undefined);
    reader.#resumes = consumer;
    return reader;
  }

  /**
   * The next entries, `limit` at most; waits for one up to `waitMs`. Empty: nothing came, or it was stopped.
   * @throws PositionGone when the reader was so slow that retention overtook it; PositionAhead
   * @throws Superseded
   */
  async next(limit: number, waitMs: number): Promise<FeedItem[]> {
    const until = performance.now() + waitMs;
    for (;;) {
      if (!this.#quiet) {
        this.#news = false;
        const items = await this.#read(limit);
        if (items.length > 0) return items;
      }
      if (this.#stopped) return [];
      const left = until - performance.now();
      if (left <= 0) return [];
      if (this.#unfollow === undefined) {
        this.#unfollow = await this.#feed.news.follow(this.#scope.org, () => this.#tell());
        // Followed only now: what came in between is seen by the read that follows at once.
        this.#news = true;
        if (this.#stopped) this.close();
        continue;
      }
      await this.#wait(Math.min(left, LOOK_MS));
    }
  }

  /** Whoever waits in `next` gets what there is: nothing. */
  stop(): void {
    this.#stopped = true;
    this.#tell();
    this.close();
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  close(): void {
    this.#unfollow?.();
    this.#unfollow = undefined;
  }

  /** At the end of a feed it follows, and told of nothing since it read that: there is nothing to read. */
  get #quiet(): boolean {
    return this.#unfollow !== undefined && !this.#news && this.position >= this.last;
  }

  async #read(limit: number): Promise<FeedItem[]> {
    for (;;) {
      const wanted = Math.min(limit, PAGE);
      const { held } = this.#scope;
      const page = await this.#page(wanted, held?.consumer);
      if (held !== undefined && page.holder !== held.holder) throw new Superseded();
      if (!this.#placed) this.#place(page.kept - 1);
      if (this.position < page.kept - 1) throw new PositionGone(page.kept - 1);
      if (this.position > page.last) throw new PositionAhead(page.last);
      this.last = page.last;
      this.position = Math.max(page.next, this.position);
      const { processes } = this.#scope;
      const items = page.entries.flatMap((entry) => {
        const process = page.processes.get(entry.box);
        return process !== undefined && (processes === undefined || processes.has(process))
          ? [{ ...entry, process }]
          : [];
      });
      if (items.length > 0 || this.position >= page.last) return items;
    }
  }

  async #page(wanted: number, holds: string | undefined): Promise<FeedPage> {
    const { feeds } = this.#feed;
    const { org } = this.#scope;
    const resumes = this.#resumes;
    if (resumes === undefined) return feeds.read(org, this.position, wanted, holds);
    const page = await feeds.resume(org, resumes, wanted);
    this.#resumes = undefined;
    if (page.acknowledged !== undefined) this.#place(page.acknowledged);
    return page;
  }

  #place(position: number): void {
    this.position = position;
    this.#placed = true;
  }

  #tell(): void {
    this.#news = true;
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #wait(ms: number): Promise<void> {
    if (this.#news || this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#tell(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
