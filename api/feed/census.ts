import { setTimeout as delay } from 'node:timers/promises';
import type { Hub } from '#engine/client/hub.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { type FeedCounts, NOBODY, type Readership } from '#engine/telemetry/feed.ts';

/** Between two of them: all cursors of the country are read, some 20,000 small reads, which nobody must notice. ms */
const CENSUS_MS = 60_000;
/** Organisations looked at together: requests come in between. */
const AT_ONCE = 64;
/** Whoever asks for figures waits no longer for a new one; it goes on, and the next one has it. ms */
const PATIENCE_MS = 2_000;

type Country = Pick<Hub, 'now' | 'holders' | 'feeds'> & { referential: Pick<Hub['referential'], 'organizations'> };

/** How all readers of all feeds stand, counted when somebody asks for figures, and remembered for a while. */
export class Census {
  readonly #hub: Country;
  readonly #counts: Pick<FeedCounts, 'found'>;
  #next = 0;
  #running: Promise<void> | undefined;

  constructor(hub: Country, counts: Pick<FeedCounts, 'found'>) {
    this.#hub = hub;
    this.#counts = counts;
  }

  /** Resolves when the figures are as new as they are going to be for this time; never throws. */
  async refresh(): Promise<void> {
    const now = performance.now();
    if (this.#running === undefined && now >= this.#next) {
      this.#next = now + CENSUS_MS;
      // Where Redis does not answer, the figures stay what they were.
      this.#running = this.#take()
        .catch(() => undefined)
        .finally(() => {
          this.#running = undefined;
        });
    }
    if (this.#running !== undefined) await Promise.race([this.#running, delay(PATIENCE_MS, undefined, { ref: false })]);
  }

  async #take(): Promise<void> {
    const { referential, holders } = this.#hub;
    const alive = await holders.live();
    const orgs = Array.from(referential.organizations(), orgKey);
    let sum = NOBODY;
    for (let from = 0; from < orgs.length; from += AT_ONCE) {
      const some = await Promise.all(orgs.slice(from, from + AT_ONCE).map((org) => this.#of(org, alive)));
      sum = some.reduce(added, sum);
    }
    this.#counts.found(sum);
  }

  async #of(org: string, alive: ReadonlySet<string>): Promise<Readership> {
    const { feeds } = this.#hub;
    const cursors = Object.values(await feeds.cursors(org));
    if (cursors.length === 0) return NOBODY;
    const { unread, readers } = await feeds.presence(org);
    const behind = readers.filter((reader) => reader.unread > 0);
    const ages = behind.map(({ since }) => Math.max(0, this.#hub.now() - (since ?? this.#hub.now())));
    return {
      consumers: readers.length,
      live: readers.filter(({ cursor }) => cursor.holder !== undefined && alive.has(cursor.holder)).length,
      behind: behind.length,
      unread: behind.reduce((total, reader) => total + reader.unread, 0),
      most: Math.max(0, ...behind.map((reader) => reader.unread)),
      oldestMs: Math.max(0, ...ages),
      recipients: unread > 0 ? 1 : 0,
    };
  }
}

const added = (a: Readership, b: Readership): Readership => ({
  consumers: a.consumers + b.consumers,
  live: a.live + b.live,
  behind: a.behind + b.behind,
  unread: a.unread + b.unread,
  most: Math.max(a.most, b.most),
  oldestMs: Math.max(a.oldestMs, b.oldestMs),
  recipients: a.recipients + b.recipients,
});
