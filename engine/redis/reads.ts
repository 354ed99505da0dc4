import { unknownFunction } from './calls.ts';
import { type Client, isCluster, loadFunctions } from './connect.ts';
import { functionName } from './library.ts';

/** A part of a sorted set: scores above `after`, lowest first, `limit` entries at most. */
export interface Page {
  key: string;
  after: number;
  limit: number;
}

/** Values of strings, then for each page its members, each followed by its score. */
export interface Found {
  values: (string | null)[];
  pages: string[][];
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
  resolve: (found: Found) => void;
  reject: (error: Error) => void;
}

/** Strings of one command: bounds how long Redis serves nobody else. */
const KEYS_PER_READ = 1_024;
/** Entries of pages that one command may have to give, same reason; one reader's at least. */
const ENTRIES_PER_READ = 8_192;

const NO_PAGES: readonly Page[] = [];
const NO_KEYS: readonly string[] = [];

/**
 * Reads straight from the masters, never from replicas: what was answered must be seen. All that is wanted in one turn
 * of the event loop, or while earlier reads are under way, goes in one command; in a cluster one for each partition.
 */
export class Reads {
  readonly client: Client;
  readonly #limit: number;
  #wanted: Wanted[] = [];
  #armed = false;
  #flying = 0;

  /** @param inFlight commands under way at once; what is wanted meanwhile gathers */
  constructor(client: Client, inFlight = Number.POSITIVE_INFINITY) {
    this.client = client;
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

  /** Strings and pages of one partition, as they are at one moment. */
  read(keys: readonly string[], pages: readonly Page[]): Promise<Found> {
    return new Promise((resolve, reject) => {
      this.#wanted.push({ keys, pages, resolve, reject });
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
      const partitions = Map.groupBy(wanted, ({ keys, pages }) => tagOf(keys[0] ?? (pages[0] as Page).key));
      for (const group of partitions.values()) this.#divide(group);
    } else this.#divide(wanted);
  }

  #divide(wanted: readonly Wanted[]): void {
    let [from, strings, entries] = [0, 0, 0];
    for (const [index, { keys, pages }] of wanted.entries()) {
      strings += keys.length;
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
      for (const one of group) {
        for (const key of one.keys) keys.push(key);
        for (const page of one.pages) pages.push(page);
      }
      const found = await (pages.length === 0 ? this.client.mget(keys) : this.#call(keys, pages));
      let [at, page] = [0, keys.length];
      for (const one of group) {
        const values = found.slice(at, at + one.keys.length) as (string | null)[];
        const listed = found.slice(page, page + one.pages.length) as string[][];
        at += values.length;
        page += listed.length;
        one.resolve({ values, pages: listed });
      }
    } catch (error) {
      for (const one of group) one.reject(new Unread(error));
    }
    this.#flying -= 1;
    this.#arm();
  }

  async #call(keys: string[], pages: readonly Page[]): Promise<unknown[]> {
    const args: (string | number)[] = [...keys];
    for (const { key } of pages) args.push(key);
    args.push(keys.length);
    for (const { after, limit } of pages) args.push(after, limit);
    const call = () => this.client.fcall_ro(functionName('reads'), keys.length + pages.length, ...args);
    try {
      return (await call()) as unknown[];
    } catch (error) {
      if (!unknownFunction(error as Error)) throw error;
      // a new master, or a server restarted empty
      await loadFunctions(this.client);
      return (await call()) as unknown[];
    }
  }
}

/** What a partition's keys have in common. */
const tagOf = (key: string): string => key.slice(0, key.indexOf('}'));
