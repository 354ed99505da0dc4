import { notificationParts } from '../domain/ids.ts';
import type { OrgKey } from '../domain/organization.ts';
import { partitionOf } from '../domain/placement.ts';
import { decode } from '../domain/records/codec.ts';
import { recipientName } from '../domain/records/names.ts';
import type { RecipientState } from '../domain/records/recipient.ts';
import { recordKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import { boxKey, type OnDamage, readBox } from './boxes.ts';
import { served } from './served.ts';

/** How far an organisation is with what it was told. Taken is what it deleted, or what a reader of its feed acknowledged. */
export interface Standing {
  /** when the oldest notification that it has not taken came, ms; undefined: there is none */
  since: number | undefined;
  /** cases it has not taken that came before a given time; of one démarche `LATE` at most are counted */
  late: number;
}

/** Read of one box at most: some 150 kB. Who has more has the same trouble. */
const LATE = 1_000;
const ALL_TAKEN: Standing = { since: undefined, late: 0 };

/** Reads how far organisations are: a notification and its entry in the feed bear the same sequence. */
export class Standings {
  readonly #reads: Reads;
  readonly #onDamage: OnDamage;

  constructor(reads: Reads, onDamage: OnDamage) {
    this.#reads = reads;
    this.#onDamage = onDamage;
  }

  /**
   * Two round trips, shared with whatever else is read then; a third for who is late.
   * @param after what its furthest reader acknowledged; 0: none reads its feed
   * @param before ms: cases that came earlier and are not taken are counted
   */
  of(org: OrgKey, after: number, before: number): Promise<Standing> {
    return served(this.#of(org, after, before));
  }

  /** Notifications it has not taken. */
  unread(org: OrgKey, after: number): Promise<number> {
    return served(this.#unread(org, after));
  }

  async #of(org: OrgKey, after: number, before: number): Promise<Standing> {
    const boxes = await this.#boxes(org, after);
    if (boxes.length === 0) return ALL_TAKEN;
    const partition = partitionOf(org);
    const read = async ([process, box]: [string, number], limit: number) =>
      readBox(this.#reads, this.#onDamage, { partition, recipient: org, process, box }, after, limit);
    const firsts = await Promise.all(boxes.map(async (box) => ({ box, first: (await read(box, 1))[0] })));
    let [since, late]: [number | undefined, number] = [undefined, 0];
    for (const { box, first } of firsts) {
      if (first === undefined) continue;
      const { ms } = notificationParts(first.notification.id);
      since = Math.min(since ?? ms, ms);
      if (ms >= before) continue;
      const old = await read(box, LATE);
      late += old.filter(
        ({ notification: { id, event } }) => event === null && notificationParts(id).ms < before,
      ).length;
    }
    return { since, late };
  }

  async #unread(org: OrgKey, after: number): Promise<number> {
    const partition = partitionOf(org);
    const boxes = await this.#boxes(org, after);
    const counts = await this.#reads.plainOf(partition, (client) =>
      Promise.all(boxes.map(([, box]) => client.zcount(boxKey(partition, box), `(${after}`, '+inf'))),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Its démarches, unless all it was ever told is taken. */
  async #boxes(org: OrgKey, after: number): Promise<[process: string, box: number][]> {
    const name = recipientName(org);
    const text = await this.#reads.get(recordKey(partitionOf(org), name));
    if (text === null) return [];
    const { boxes, sequence } = decode(name, text) as RecipientState;
    return sequence <= after ? [] : Object.entries(boxes);
  }
}
