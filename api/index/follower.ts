import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '#api/server/deps.ts';
import { BEYOND, type FeedPage } from '#engine/client/feed.ts';
import type { Hub } from '#engine/client/hub.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import type { ListCounts, Refill } from '#engine/telemetry/lists.ts';
import { type Filler, receives } from './filler.ts';
import { Pace } from './pace.ts';
import type { BoxRange, Pen } from './pen.ts';
import type { Reached } from './reached.ts';

/** Entries read at once. */
const PAGE = 250;
/** Feeds read at once: with a page each, what the index holds in memory of them, some 8 MB. */
const AT_ONCE = 64;
/**
 * Feeds that grow meanwhile are read together, ms: at 1,000 deposits a second one reading and one transaction for a hundred
 * cases instead of three. Whoever waits for a page waits for none of it.
 */
const GATHER_MS = 100;
/** Ends of feeds looked at together. */
const ENDS = 64;
/** A lost word of news costs so much; as often, all feeds' ends are looked at. ms */
const LOOK_MS = 60_000;
/** A migration goes on in several turns: so long after it began, all was told. ms */
const MIGRATION_MS = 60_000;
const AGAIN_MS = 1_000;
const MS = 1_000;

interface Parts {
  hub: Pick<Hub, 'feeds' | 'news' | 'now'> & { referential: Pick<Hub['referential'], 'organizations'> };
  pen: Pick<Pen, 'put'>;
  filler: Filler;
  reached: Reached;
  counts: ListCounts;
  log: Log;
}

/** Follows the feeds of all organisations: whatever a feed names is read again. */
export class Follower {
  readonly #parts: Parts;
  /** feeds to read; those somebody waits for first */
  readonly #urgent = new Set<OrgKey>();
  readonly #waiting = new Set<OrgKey>();
  /** those that grew since, for the next time */
  readonly #gathered = new Set<OrgKey>();
  #beat: NodeJS.Timeout | undefined;
  readonly #reading = new Set<OrgKey>();
  /** to be filled, whatever their cursor says, and why */
  readonly #refills = new Map<OrgKey, { reason: Refill; done: (() => void)[] }>();
  readonly #stop = new AbortController();
  readonly #pace = new Pace();
  readonly #running = new Set<Promise<void>>();
  #unfollow: (() => void) | undefined;
  #looking: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Feeds that are behind. */
  get behind(): number {
    return new Set([...this.#urgent, ...this.#gathered, ...this.#waiting, ...this.#reading]).size;
  }

  async start(): Promise<void> {
    this.#unfollow = await this.#parts.hub.news.followAll((org) => {
      if (org === undefined) void this.look();
      else this.wake(org);
    });
    this.#keep(this.#rounds());
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#beat);
    this.#unfollow?.();
    for (const { done } of this.#refills.values()) for (const each of done) each();
    await Promise.all([...this.#running]);
  }

  /** Its feed may have grown. */
  wake(org: OrgKey, urgent = false): void {
    if (this.#stop.signal.aborted) return;
    if (urgent) {
      this.#urgent.add(org);
      this.#next();
      return;
    }
    this.#gathered.add(org);
    this.#beat ??= setTimeout(() => {
      this.#beat = undefined;
      for (const each of this.#gathered) this.#waiting.add(each);
      this.#gathered.clear();
      this.#next();
    }, GATHER_MS).unref();
  }

  /** Reads all of an organisation again. Resolves when it was, or never will be. */
  refill(org: OrgKey, reason: Refill, urgent = false): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#refills.set(org, { reason, done: [...(this.#refills.get(org)?.done ?? []), resolve] });
      this.wake(org, urgent);
    });
  }

  /** Looks at the ends of all feeds, and reads those that are further than the index. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: Error) => this.#parts.log.warn({ error: error.message }, 'index.look'))
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #rounds(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.look();
      await delay(LOOK_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { hub, reached } = this.#parts;
    const orgs = Array.from(hub.referential.organizations(), orgKey);
    for (let from = 0; from < orgs.length && !this.#stop.signal.aborted; from += ENDS) {
      const some = orgs.slice(from, from + ENDS);
      const ends = await Promise.all(some.map((org) => hub.feeds.read(org, BEYOND, 1)));
      for (const [index, { last, migrated }] of ends.entries()) {
        const org = some[index] as OrgKey;
        const known = reached.of(org);
        if (known?.position !== last || known.migrated !== migrated) this.wake(org);
      }
    }
  }

  #next(): void {
    while (this.#reading.size < AT_ONCE && !this.#stop.signal.aborted) {
      const free = (org: OrgKey): boolean => !this.#reading.has(org);
      const org = this.#urgent.values().find(free) ?? this.#waiting.values().find(free);
      if (org === undefined) return;
      const urgent = this.#urgent.delete(org);
      this.#waiting.delete(org);
      this.#gathered.delete(org);
      this.#reading.add(org);
      const reading = this.#read(org, urgent).finally(() => {
        this.#reading.delete(org);
        this.#next();
      });
      this.#keep(reading);
    }
  }

  #keep(running: Promise<void>): void {
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #read(org: OrgKey, urgent: boolean): Promise<void> {
    const { signal } = this.#stop;
    try {
      do if (!urgent) await this.#pace.rest(signal);
      while (!signal.aborted && (await this.#page(org)));
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#parts.log.warn({ error: (error as Error).message }, 'index.feed');
      await delay(AGAIN_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      this.wake(org);
    }
  }

  /** @returns whether there may be more */
  async #page(org: OrgKey): Promise<boolean> {
    const { hub, reached, pen } = this.#parts;
    const known = reached.of(org);
    const asked = this.#refills.get(org);
    if (known === undefined || asked !== undefined) {
      await this.#fill(org, asked?.reason ?? 'new');
      // Asked for again meanwhile: it is read once more.
      if (this.#refills.get(org) === asked) this.#refills.delete(org);
      for (const done of asked?.done ?? []) done();
      return true;
    }
    const began = hub.now();
    const page = await hub.feeds.read(org, known.position, PAGE);
    // What lay between is told by nobody any more; a feed that went back was restored from a copy.
    if (known.position < page.kept - 1 || known.position > page.last) return this.#fill(org, 'gone');
    if (page.migrated !== known.migrated) {
      await this.#fill(org, 'migrated');
      const settled = began - page.migrated > MIGRATION_MS;
      if (!settled) reached.set({ ...(reached.of(org) ?? known), migrated: known.migrated });
      return false;
    }
    const position = Math.max(page.next, known.position);
    const cases = [...new Set(page.entries.map((entry) => entry.case))];
    await pen.put({
      cases,
      boxes: receives(org) ? rangesOf(org, page) : [],
      position: { org, position, at: began, migrated: page.migrated },
    });
    const { counts } = this.#parts;
    counts.cases.inc(cases.length);
    for (const { ms } of page.entries) counts.lag.observe(Math.max(0, hub.now() - ms) / MS);
    return position < page.last;
  }

  async #fill(org: OrgKey, reason: Refill): Promise<boolean> {
    const { counts, log, filler } = this.#parts;
    counts.refills.inc({ reason });
    if (reason === 'gone')
      log.warn('index.gone: a feed no longer holds what the index had not read; its cases are read again');
    await filler.fill(org, reason === 'asked');
    return true;
  }
}

/** Where the notifications of a page's entries lie, as far as they were not deleted. */
function rangesOf(org: OrgKey, { entries, processes }: FeedPage): BoxRange[] {
  const boxes = new Map<number, number[]>();
  for (const { box, sequence } of entries) {
    const known = boxes.get(box);
    if (known === undefined) boxes.set(box, [sequence]);
    else known.push(sequence);
  }
  return [...boxes].flatMap(([box, sequences]) => {
    const process = processes.get(box);
    if (process === undefined) return [];
    const place = { partition: partitionOf(org), recipient: org, process, box };
    const [first, last] = [sequences[0] as number, sequences.at(-1) as number];
    return [{ place, after: first - 1, limit: sequences.length, to: last }];
  });
}
