import type { FeedItem } from '#api/feed/reader.ts';

/** A connection, as the ledger gives events to it. */
export interface Taker {
  /** events it takes without having acknowledged them; 0: none now */
  readonly credit: number;
}

interface Slot<T> {
  item: FeedItem;
  taker: T | undefined;
  /** when it was given, ms */
  since: number;
  acknowledged: boolean;
}

/** Acknowledged slots at the front before they are let go of together. */
const COMPACT = 256;

/**
 * Events of one reader that were read and not acknowledged, and which connection has which. Several connections share
 * them without breaking the order of a case: as long as one has an event of it unacknowledged, those that follow go there
 * too, or wait. Pure: no clock, no I/O.
 */
export class Ledger<T extends Taker> {
  /** by sequence; before `#head` all are acknowledged */
  #slots: Slot<T>[] = [];
  #head = 0;
  /** given to nobody, by sequence */
  #waiting: Slot<T>[] = [];
  /** who has a case, with how many events of it */
  readonly #cases = new Map<string, { taker: T; count: number }>();
  /** unacknowledged events of a connection, in the order it got them */
  readonly #taken = new Map<T, Slot<T>[]>();

  /** from the first unacknowledged event to the last one read, acknowledged ones between them included */
  get span(): number {
    return this.#slots.length - this.#head;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** first event nobody has acknowledged */
  get first(): FeedItem | undefined {
    return this.#slots[this.#head]?.item;
  }

  /** who has it, and since when, ms; undefined: it waits */
  get oldest(): { taker: T; since: number } | undefined {
    const slot = this.#slots[this.#head];
    return slot?.taker && { taker: slot.taker, since: slot.since };
  }

  /** events this connection has and has not acknowledged */
  taken(taker: T): number {
    return this.#taken.get(taker)?.length ?? 0;
  }

  /** how many more it takes now */
  room(taker: T): number {
    return Math.max(0, taker.credit - this.taken(taker));
  }

  /** Events that follow all those added before. */
  add(items: readonly FeedItem[]): void {
    for (const item of items) {
      const slot = { item, taker: undefined, since: 0, acknowledged: false };
      this.#slots.push(slot);
      this.#waiting.push(slot);
    }
  }

  /** Gives what can be given to these connections, each case in order. @param now ms @returns what each one gets now */
  assign(takers: Iterable<T>, now: number): Map<T, FeedItem[]> {
    const given = new Map<T, FeedItem[]>();
    const rooms = new Map<T, number>();
    let room = 0;
    for (const taker of takers) {
      rooms.set(taker, this.room(taker));
      room += this.room(taker);
    }
    const blocked = new Set<string>();
    const left: Slot<T>[] = [];
    for (const [index, slot] of this.#waiting.entries()) {
      if (room === 0) {
        left.push(...this.#waiting.slice(index));
        break;
      }
      const id = slot.item.case;
      const taker = blocked.has(id) ? undefined : this.#takerOf(id, rooms);
      if (taker === undefined) {
        blocked.add(id);
        left.push(slot);
        continue;
      }
      this.#give(slot, taker);
      slot.since = now;
      rooms.set(taker, (rooms.get(taker) as number) - 1);
      room -= 1;
      const items = given.get(taker);
      if (items === undefined) given.set(taker, [slot.item]);
      else items.push(slot.item);
    }
    this.#waiting = left;
    return given;
  }

  /**
   * This connection has dealt with what it got up to and with this event, in the order it got them.
   * @param each told of each of them
   * @returns how many; 0: it had acknowledged it before, or never had it
   */
  acknowledge(taker: T, sequence: number, each?: (item: FeedItem) => void): number {
    const taken = this.#taken.get(taker) ?? [];
    const until = taken.findIndex(({ item }) => item.sequence === sequence) + 1;
    for (const slot of taken.splice(0, until)) {
      slot.acknowledged = true;
      each?.(slot.item);
      this.#free(slot);
    }
    this.#advance();
    return until;
  }

  /** The connection is gone: what it has not acknowledged waits again, before all that comes after it. */
  leave(taker: T): void {
    const taken = this.#taken.get(taker) ?? [];
    this.#taken.delete(taker);
    for (const slot of taken) {
      this.#free(slot);
      slot.taker = undefined;
    }
    this.#waiting = [...taken, ...this.#waiting].sort((a, b) => a.item.sequence - b.item.sequence);
  }

  #takerOf(id: string, rooms: ReadonlyMap<T, number>): T | undefined {
    const owner = this.#cases.get(id)?.taker;
    if (owner !== undefined) return (rooms.get(owner) ?? 0) > 0 ? owner : undefined;
    let best: T | undefined;
    let most = 0;
    for (const [taker, room] of rooms) {
      if (room > most) [best, most] = [taker, room];
    }
    return best;
  }

  #give(slot: Slot<T>, taker: T): void {
    slot.taker = taker;
    const owned = this.#cases.get(slot.item.case);
    if (owned === undefined) this.#cases.set(slot.item.case, { taker, count: 1 });
    else owned.count += 1;
    const taken = this.#taken.get(taker);
    if (taken === undefined) this.#taken.set(taker, [slot]);
    else taken.push(slot);
  }

  #free({ item }: Slot<T>): void {
    const owned = this.#cases.get(item.case);
    if (owned === undefined) return;
    owned.count -= 1;
    if (owned.count === 0) this.#cases.delete(item.case);
  }

  #advance(): void {
    while (this.#slots[this.#head]?.acknowledged === true) this.#head += 1;
    if (this.#head < COMPACT && this.#head < this.#slots.length) return;
    this.#slots = this.#slots.slice(this.#head);
    this.#head = 0;
  }
}
