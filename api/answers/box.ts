import type { Hub } from '#engine/client/hub.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { NotificationState } from '#engine/domain/records/notification.ts';

/** One démarche's list of a recipient. */
export interface Box {
  process: string;
  box: number;
}

/** Entries read at once from one box, at most: what a chunk may hold in memory. */
const PAGE = 250;
/** Entries read at once at least: a page of one or two would cost a round trip each. */
const SMALLEST_PAGE = 8;

interface Cursor extends Box {
  after: number;
  entries: { sequence: number; notification: NotificationState }[];
  at: number;
  ended: boolean;
}

/**
 * Notifications of several boxes of one recipient, merged by their common sequence: oldest first. Reads what it
 * gives, and no more than a page of each box besides.
 */
export class Merge {
  readonly #hub: Hub;
  readonly #partition: number;
  readonly #recipient: OrgKey;
  readonly #cursors: Cursor[];

  constructor(hub: Hub, partition: number, recipient: OrgKey, boxes: readonly Box[]) {
    this.#hub = hub;
    this.#partition = partition;
    this.#recipient = recipient;
    this.#cursors = boxes.map((box) => ({ ...box, after: 0, entries: [], at: 0, ended: false }));
  }

  /** The next ones, `limit` at most; fewer only when there are no more. */
  async next(limit: number): Promise<NotificationState[]> {
    const taken: NotificationState[] = [];
    while (taken.length < limit && this.#cursors.length > 0) {
      await this.#fill(limit - taken.length);
      this.#take(taken, limit);
    }
    return taken;
  }

  /** A page for each box whose entries are used up; boxes that gave their last are left out. */
  async #fill(wanted: number): Promise<void> {
    const share = Math.ceil(wanted / this.#cursors.length);
    const page = this.#cursors.length === 1 ? Math.min(wanted, PAGE) : Math.min(Math.max(share, SMALLEST_PAGE), PAGE);
    const empty = this.#cursors.filter(({ at, entries, ended }) => at === entries.length && !ended);
    await Promise.all(
      empty.map(async (cursor) => {
        const { process, box, after } = cursor;
        const place = { partition: this.#partition, recipient: this.#recipient, process, box };
        cursor.entries = await this.#hub.box(place, after, page);
        cursor.at = 0;
        cursor.after = cursor.entries.at(-1)?.sequence ?? after;
        cursor.ended = cursor.entries.length < page;
      }),
    );
    for (const cursor of this.#cursors.filter(({ at, entries, ended }) => ended && at === entries.length)) {
      this.#cursors.splice(this.#cursors.indexOf(cursor), 1);
    }
  }

  /** Takes in order until one box is used up whose next page may hold the next in order. */
  #take(taken: NotificationState[], limit: number): void {
    while (taken.length < limit) {
      let first: Cursor | undefined;
      for (const cursor of this.#cursors) {
        const entry = cursor.entries[cursor.at];
        if (entry === undefined) {
          if (cursor.ended) continue;
          return;
        }
        if (first === undefined || entry.sequence < (first.entries[first.at]?.sequence ?? 0)) first = cursor;
      }
      if (first === undefined) return;
      taken.push((first.entries[first.at] as Cursor['entries'][number]).notification);
      first.at += 1;
    }
  }
}
