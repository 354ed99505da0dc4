import { setTimeout as delay } from 'node:timers/promises';
import type { Hub } from '#engine/client/hub.ts';
import { type OrgKey, orgKey, orgOf } from '#engine/domain/organization.ts';
import type { Cursor } from '#engine/domain/records/feed.ts';
import { type FeedCounts, NOBODY, type Readership } from '#engine/telemetry/feed.ts';
import { OLDEST_MS, type RecipientGauges } from '#engine/telemetry/recipients.ts';
import { type Health, LATE_MS, summed } from './health.ts';

/** Times of a census, ms. */
export interface CensusPace {
  /** between the beginnings of two: all cursors of the country are read, some 20,000 small reads, which nobody must notice */
  everyMs: number;
  /** over which one is spread while nobody waits for it */
  spreadMs: number;
  /** figures that are older are waited for */
  oldestMs: number;
  /** … no longer than this; it goes on, and the next one has it */
  patienceMs: number;
}
export const CENSUS_PACE: CensusPace = {
  everyMs: 60_000,
  spreadMs: 30_000,
  oldestMs: OLDEST_MS,
  patienceMs: 2_000,
};
/** Organisations looked at together: requests come in between. */
const AT_ONCE = 64;

/** Who receives cases; the others are senders, whose mailboxes hold answers. */
const RECIPIENT = 'SI';

type Country = Pick<Hub, 'now' | 'holders' | 'feeds'> & {
  referential: Pick<Hub['referential'], 'organizations'>;
  standings: Pick<Hub['standings'], 'of'>;
  pulls: Pick<Hub['pulls'], 'all'>;
};

/** Who is told what was found. */
interface Told {
  feed: Pick<FeedCounts, 'found'>;
  recipients: Pick<RecipientGauges, 'found'>;
}

/** What is the same for all organisations of one census. */
interface Moment {
  alive: ReadonlySet<string>;
  pulls: ReadonlyMap<OrgKey, number>;
}

/** How all readers of all feeds and all recipients stand, counted when somebody asks for figures, and remembered for a while. */
export class Census {
  readonly #hub: Country;
  readonly #told: Told;
  readonly #pace: CensusPace;
  #recipients: readonly Health[] = [];
  /** when what is known was begun to be counted, ms of this process's clock */
  #known = Number.NEGATIVE_INFINITY;
  #next = 0;
  #running: Promise<void> | undefined;
  /** aborted when somebody waits for the one that is under way */
  #calm = new AbortController();

  constructor(hub: Country, told: Told, pace = CENSUS_PACE) {
    this.#hub = hub;
    this.#told = told;
    this.#pace = pace;
  }

  /** By key; as they were a minute ago at most, where that could be found out. */
  async recipients(): Promise<readonly Health[]> {
    this.#begin();
    this.#calm.abort();
    await this.#running;
    return this.#recipients;
  }

  /**
   * Begins a census when the last one was a while ago. What is known is not waited for unless it is too old; then it
   * resolves when it is as new as it is going to be for this time. Never throws.
   */
  async refresh(): Promise<void> {
    this.#begin();
    const { oldestMs, patienceMs } = this.#pace;
    if (this.#running === undefined || performance.now() - this.#known <= oldestMs) return;
    this.#calm.abort();
    await Promise.race([this.#running, delay(patienceMs, undefined, { ref: false })]);
  }

  #begin(): void {
    const now = performance.now();
    if (this.#running !== undefined || now < this.#next) return;
    this.#next = now + this.#pace.everyMs;
    this.#calm = new AbortController();
    this.#running = this.#take()
      .then(
        () => {
          this.#known = now;
        },
        // Where Redis does not answer, the figures stay what they were.
        () => undefined,
      )
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** A part of the time a census has, or none when somebody waits for it. */
  async #pause(part: number): Promise<void> {
    const { signal } = this.#calm;
    if (signal.aborted) return;
    await delay(this.#pace.spreadMs * part, undefined, { signal, ref: false }).catch(() => undefined);
  }

  async #take(): Promise<void> {
    const { referential, holders, pulls } = this.#hub;
    const moment = { alive: await holders.live(), pulls: await pulls.all() };
    const orgs = Array.from(referential.organizations(), orgKey).sort();
    let sum = NOBODY;
    const recipients: Health[] = [];
    for (let from = 0; from < orgs.length; from += AT_ONCE) {
      if (from > 0) await this.#pause(AT_ONCE / orgs.length);
      const some = await Promise.all(orgs.slice(from, from + AT_ONCE).map((org) => this.#of(org, moment)));
      sum = some.reduce((total, { readership }) => added(total, readership), sum);
      for (const { health } of some) if (health !== undefined) recipients.push(health);
    }
    this.#recipients = recipients;
    this.#told.feed.found(sum);
    this.#told.recipients.found(summed(recipients, this.#hub.now()));
  }

  async #of(org: OrgKey, moment: Moment): Promise<{ readership: Readership; health: Health | undefined }> {
    const cursors = Object.values(await this.#hub.feeds.cursors(org));
    const [readership, health] = await Promise.all([
      cursors.length === 0 ? NOBODY : this.#readershipOf(org, moment),
      orgOf(org).type === RECIPIENT ? this.#healthOf(org, cursors, moment) : undefined,
    ]);
    return { readership, health };
  }

  async #healthOf(org: OrgKey, cursors: readonly Cursor[], { alive, pulls }: Moment): Promise<Health> {
    const acknowledged = Math.max(0, ...cursors.map((cursor) => cursor.acknowledged));
    const standing = await this.#hub.standings.of(org, acknowledged, this.#hub.now() - LATE_MS);
    const live = cursors.filter(({ holder }) => holder !== undefined && alive.has(holder)).length;
    // A reader that acknowledges came for it, whoever noted that or not.
    const came = Math.max(pulls.get(org) ?? 0, ...cursors.map(({ at }) => at));
    return { org, ...standing, acknowledged, live, pulled: came === 0 ? undefined : came };
  }

  async #readershipOf(org: OrgKey, { alive }: Moment): Promise<Readership> {
    const { unread, readers } = await this.#hub.feeds.presence(org);
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
