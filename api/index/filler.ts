import { BEYOND } from '#engine/client/feed.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Id } from '#engine/domain/ids.ts';
import { type OrgKey, orgOf } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { CASE_MARK } from '#engine/domain/records/names.ts';
import type { Link } from './link.ts';
import type { Pen } from './pen.ts';
import type { Writing } from './writing.ts';

/** Cases read at once. */
const PAGE = 500;
/** A list of cases is read by places: so many may leave it meanwhile, and none is passed over. */
const OVERLAP = 100;
/** Notifications compared at once. */
const NOTICES = 250;

type Source = Pick<Hub, 'feeds' | 'cases' | 'now'>;

/** Whose mailbox tells what it has not read yet: what a sender is notified of is no case on its desk. */
export const receives = (org: OrgKey): boolean => orgOf(org).type !== 'OSL';

/** Reads all an organisation has: its cases from the lists of its démarches, what is unread from its boxes. */
export class Filler {
  readonly #hub: Source;
  readonly #pen: Pick<Pen, 'put'>;
  readonly #link: Link<Writing>;

  constructor(hub: Source, pen: Pick<Pen, 'put'>, link: Link<Writing>) {
    this.#hub = hub;
    this.#pen = pen;
    this.#link = link;
  }

  /** Afterwards the index is where the feed was when this began, or further. @param anew words are written again too */
  async fill(org: OrgKey, anew = false): Promise<void> {
    const began = this.#hub.now();
    const { last, processes, migrated } = await this.#hub.feeds.read(org, BEYOND, 1);
    const partition = partitionOf(org);
    for (const box of processes.keys())
      for (const mark of Object.values(CASE_MARK)) await this.#cases(partition, box, mark, anew);
    await this.notices(org, last, processes);
    // What it had and has no longer went elsewhere, or is gone: the records tell.
    const stale = await this.#link.call('staleOf', org, began);
    for (let from = 0; from < stale.length; from += PAGE)
      await this.#pen.put({ cases: stale.slice(from, from + PAGE), anew });
    await this.#pen.put({ cases: [], position: { org, position: last, at: began, migrated } });
  }

  /** Compares all its boxes, up to a position of its feed that was read before. */
  async notices(org: OrgKey, last: number, processes: ReadonlyMap<number, string>): Promise<void> {
    if (!receives(org)) return;
    for (const [box, process] of processes) {
      const place = { partition: partitionOf(org), recipient: org, process, box };
      for (let after = 0; after < last; ) {
        const [end = last] = await this.#pen.put({ cases: [], boxes: [{ place, after, limit: NOTICES, to: last }] });
        after = end;
      }
    }
  }

  async #cases(partition: number, box: number, mark: number, anew: boolean): Promise<void> {
    let before: ReadonlySet<Id> = new Set();
    for (let from = 0; ; ) {
      const ids = await this.#hub.cases(partition, box, mark, from, PAGE);
      // More left than the overlap holds: begin again a page before.
      if (from > 0 && ids.length > 0 && before.size > 0 && !ids.some((id) => before.has(id))) {
        from = Math.max(0, from - PAGE);
        before = new Set();
        continue;
      }
      await this.#pen.put({ cases: ids.filter((id) => !before.has(id)), anew });
      if (ids.length < PAGE) return;
      before = new Set(ids);
      from += PAGE - OVERLAP;
    }
  }
}
