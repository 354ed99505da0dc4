import { DomainError } from '../domain/errors.ts';
import { unknownFunction } from './calls.ts';
import { type Client, isCluster } from './connect.ts';
import { reloadFunctions } from './format.ts';
import { keysOf, leaseOfTag } from './keys.ts';
import { functionName } from './library.ts';

/** A part of a sorted set: scores above `after`, lowest first, `limit` entries at most. */
export interface Page {
  key: string;
  after: number;
  limit: number;
}

/** A part of a feed: sequences above `after`, `limit` entries at most. */
export type FeedPage = Page;

/** Values of strings, then for each page its members, each followed by its score, then the entries of each feed. */
export interface Found {
  values: (string | null)[];
  pages: string[][];
  feeds: string[][];
}

/** Redis gave no answer to a read: away, in a failover, or moving what was asked for. */
export class Unread extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'Unread';
  }
}

interface Wanted {
  keys: readonly string[];
  pages: readonly Page[];
  feeds: readonly FeedPage[];
  resolve: (found: Found) => void;
  reject: (error: Error) => void;
}

/** Strings of one command: bounds how long Redis serves nobody else. */
const KEYS_PER_READ = 1_024;
/** Entries of pages that one command may have to give, same reason; one reader's at least. */
const ENTRIES_PER_READ = 8_192;

const NO_PAGES: readonly Page[] = [];
const NO_KEYS: readonly string[] = [];
const NO_FEEDS: readonly FeedPage[] = [];

/**
 * Reads straight from the masters, never from replicas: what was answered must be seen. All that is wanted in one turn
 * of the event loop, or while earlier reads are under way, goes in one command; in a cluster one for each partition.
 * Guarded ones refuse (`busy`) what no owner vouches for: a server that went back, or was started on its file, is
 * compared with the journals first. An owner needs no guard, for its turns are refused there.
 */
export class Reads {
  readonly client: Client;
  readonly #limit: number;
  readonly #guarded: boolean;
  #wanted: Wanted[] = [];
  #armed = false;
  #flying = 0;

  /** @param inFlight commands under way at once; what is wanted meanwhile gathers */
  constructor(client: Client, inFlight = Number.POSITIVE_INFINITY, guarded = false) {
    this.client = client;
    this.#guarded = guarded;
    this.#limit = inFlight;
  }

  async get(key: string): Promise<string | null> {
    const { values } = await this.read([key], NO_PAGES);
    return values[0] ?? null;
  }

  /** @param keys of one partition */
  async all(keys: readonly string[]): Promise<(string | null)[]> {
    if (keys.length === 0) return [];
    return (await this.read(keys, NO_PAGES)).values;
  }

  /** Members of a sorted set, each followed by its score. */
  async page(page: Page): Promise<string[]> {
    return (await this.read(NO_KEYS, [page])).pages[0] as string[];
  }

  /**
   * Of commands sent at once on the same connection as this one: what they find may be served.
   * @throws DomainError busy when nobody vouches for the partition
   */
  async vouched(partition: number): Promise<void> {
    if (!this.#guarded) return;
    const lease = keysOf(partition).lease;
    const found = await this.plain(() => this.#call(NO_KEYS, NO_PAGES, NO_FEEDS, [lease]));
    if ((found.pop() as string[]).length > 0) throw new DomainError('busy');
  }

  /** A command that no other read shares. @throws Unread */
  async plain<T>(ask: (client: Client) => Promise<T>): Promise<T> {
    try {
      return await ask(this.client);
    } catch (error) {
      throw new Unread(error);
    }
  }

  /** The same on keys of one partition, guarded. Both leave at once, on one connection. */
  async plainOf<T>(partition: number, ask: (client: Client) => Promise<T>): Promise<T> {
    const [, found] = await Promise.all([this.vouched(partition), this.plain(ask)]);
    return found;
  }

  /** Strings, pages and parts of feeds of one partition, as they are at one moment. */
  read(keys: readonly string[], pages: readonly Page[], feeds: readonly FeedPage[] = NO_FEEDS): Promise<Found> {
    return new Promise((resolve, reject) => {
      this.#wanted.push({ keys, pages, feeds, resolve, reject });
      this.#arm();
    });
  }

  #arm(): void {
    if (this.#armed || this.#flying >= this.#limit || this.#wanted.length === 0) return;
    this.#armed = true;
    setImmediate(() => {
      this.#armed = false;
      this.#flush();
    });
  }

  #flush(): void {
    const wanted = this.#wanted;
    this.#wanted = [];
    if (isCluster(this.client)) {
      const partitions = Map.groupBy(wanted, ({ keys, pages, feeds }) =>
        tagOf(keys[0] ?? (pages[0] ?? (feeds[0] as FeedPage)).key),
      );
      for (const group of partitions.values()) this.#divide(group);
    } else this.#divide(wanted);
  }

  #divide(wanted: readonly Wanted[]): void {
    let [from, strings, entries] = [0, 0, 0];
    for (const [index, { keys, pages, feeds }] of wanted.entries()) {
      strings += keys.length;
      for (const { limit } of feeds) entries += limit;
      for (const { limit } of pages) entries += limit;
      if (strings < KEYS_PER_READ && entries < ENTRIES_PER_READ && index < wanted.length - 1) continue;
      void this.#fetch(wanted.slice(from, index + 1));
      [from, strings, entries] = [index + 1, 0, 0];
    }
  }

  async #fetch(group: readonly Wanted[]): Promise<void> {
    this.#flying += 1;
    try {
      const keys: string[] = [];
      const pages: Page[] = [];
      const feeds: FeedPage[] = [];
      for (const one of group) {
        for (const key of one.keys) keys.push(key);
        for (const page of one.pages) pages.push(page);
        for (const feed of one.feeds) feeds.push(feed);
      }
      const leases = this.#guarded ? leasesOf(group) : NO_KEYS;
      const found = await (pages.length + feeds.length + leases.length === 0
        ? this.client.mget(keys)
        : this.#call(keys, pages, feeds, leases));
      const unknown = leases.length > 0 ? (found.pop() as string[]) : NO_KEYS;
      let [at, page, feed] = [0, keys.length, keys.length + pages.length];
      for (const one of group) {
        const values = found.slice(at, at + one.keys.length) as (string | null)[];
        const listed = found.slice(page, page + one.pages.length) as string[][];
        at += values.length;
        const told = found.slice(feed, feed + one.feeds.length) as string[][];
        page += listed.length;
        feed += told.length;
        if (unknown.length > 0 && unknown.includes(leaseOf(one))) one.reject(new DomainError('busy'));
        else one.resolve({ values, pages: listed, feeds: told });
      }
    } catch (error) {
      for (const one of group) one.reject(new Unread(error));
    }
    this.#flying -= 1;
    this.#arm();
  }

  async #call(
    keys: readonly string[],
    pages: readonly Page[],
    feeds: readonly FeedPage[],
    leases: readonly string[],
  ): Promise<unknown[]> {
    const args: (string | number)[] = [...keys];
    for (const { key } of pages) args.push(key);
    for (const { key } of feeds) args.push(key);
    for (const key of leases) args.push(key);
    const count = args.length;
    args.push(keys.length, feeds.length, leases.length);
    for (const { after, limit } of pages) args.push(after, limit);
    for (const { after, limit } of feeds) args.push(after, limit);
    const call = () => this.client.fcall_ro(functionName('reads'), count, ...args);
    try {
      return (await call()) as unknown[];
    } catch (error) {
      if (!unknownFunction(error as Error)) throw error;
      // a new master, or a server restarted empty
      await reloadFunctions(this.client);
      return (await call()) as unknown[];
    }
  }
}

/** What a partition's keys have in common. */
const tagOf = (key: string): string => key.slice(0, key.indexOf('}'));

const leaseOf = ({ keys, pages, feeds }: Wanted): string =>
  leaseOfTag(tagOf(keys[0] ?? (pages[0] ?? (feeds[0] as FeedPage)).key));

/** Leases of the partitions read, each once. */
function leasesOf(group: readonly Wanted[]): string[] {
  const leases = new Set<string>();
  for (const one of group) leases.add(leaseOf(one));
  return [...leases];
}
