import { access, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '#api/server/deps.ts';
import { BEYOND } from '#engine/client/feed.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Id } from '#engine/domain/ids.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import type { Delays } from './delays.ts';
import type { Filler } from './filler.ts';
import type { Follower } from './follower.ts';
import type { Link } from './link.ts';
import type { Pen } from './pen.ts';
import type { Writing } from './writing.ts';

/** How soon a wish to rebuild is seen. ms */
const TICK_MS = 1_000;
/** What timers of the hub change is looked for as often. ms */
const DUE_MS = 60_000;
/** A notification deleted through another process is seen as late as this, when nobody asks for the list before. ms */
const UNREAD_MS = 600_000;
/** The same when somebody does. ms */
const ASKED_MS = 30_000;
const PAGE = 500;

interface Parts {
  hub: Pick<Hub, 'feeds' | 'now'> & { referential: Pick<Hub['referential'], 'organizations'> };
  link: Link<Writing>;
  pen: Pick<Pen, 'put'>;
  filler: Filler;
  follower: Follower;
  delays: Pick<Delays, 'look'>;
  log: Log;
  /** file whose being there asks for a rebuild */
  wish: string;
}

/** What no feed tells of: cases the hub moves on by itself, notifications that were deleted, and the wish to rebuild. */
export class Upkeep {
  readonly #parts: Parts;
  readonly #stop = new AbortController();
  /** when the boxes of each organisation were compared last, ms */
  readonly #compared = new Map<OrgKey, number>();
  #running: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#rounds();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Somebody reads the list of this organisation. */
  asked(org: OrgKey): void {
    if (this.#isDue(org, ASKED_MS)) void this.#compare(org).catch(() => undefined);
  }

  /** Reads everything again; lists go on meanwhile, from what there is. */
  async rebuild(): Promise<void> {
    const { hub, link, pen, follower, log } = this.#parts;
    const began = hub.now();
    log.info('index.rebuild');
    const orgs = Array.from(hub.referential.organizations(), orgKey);
    await Promise.all(orgs.map((org) => follower.refill(org, 'asked')));
    this.#stop.signal.throwIfAborted();
    let after = '';
    for (;;) {
      const ids: Id[] = await link.call('stale', began, after, PAGE);
      if (ids.length === 0) break;
      await pen.put({ cases: ids, anew: true });
      after = ids.at(-1) as Id;
    }
    await link.call('note', 'rebuilt', hub.now());
    log.info({ ms: hub.now() - began }, 'index.rebuilt');
  }

  async #rounds(): Promise<void> {
    const { signal } = this.#stop;
    let next = 0;
    while (!signal.aborted) {
      try {
        if (await this.#wished()) await this.rebuild();
        if (performance.now() >= next) {
          next = performance.now() + DUE_MS;
          await this.#due();
          await this.#parts.delays.look();
          await this.#unread();
        }
      } catch (error) {
        if (!signal.aborted) this.#parts.log.warn({ error: (error as Error).message }, 'index.upkeep');
      }
      await delay(TICK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #wished(): Promise<boolean> {
    const { wish } = this.#parts;
    const there = await access(wish).then(
      () => true,
      () => false,
    );
    if (there) await rm(wish, { force: true });
    return there;
  }

  async #due(): Promise<void> {
    const { hub, link, pen } = this.#parts;
    const now = hub.now();
    for (;;) {
      const ids = await link.call('due', now, PAGE);
      if (ids.length > 0) await pen.put({ cases: ids });
      if (ids.length < PAGE || this.#stop.signal.aborted) return;
    }
  }

  async #unread(): Promise<void> {
    for (const org of await this.#parts.link.call('noticed')) {
      if (this.#stop.signal.aborted) return;
      if (this.#isDue(org, UNREAD_MS)) await this.#compare(org);
    }
  }

  #isDue(org: OrgKey, ms: number): boolean {
    return this.#parts.hub.now() - (this.#compared.get(org) ?? 0) >= ms;
  }

  async #compare(org: OrgKey): Promise<void> {
    const { hub, filler } = this.#parts;
    this.#compared.set(org, hub.now());
    const { last, processes } = await hub.feeds.read(org, BEYOND, 1);
    await filler.notices(org, last, processes);
  }
}
