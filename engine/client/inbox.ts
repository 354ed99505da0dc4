import type { OrgKey } from '../domain/organization.ts';
import { decode } from '../domain/records/codec.ts';
import { recipientName } from '../domain/records/names.ts';
import { boxOf, type RecipientState } from '../domain/records/recipient.ts';
import { recordKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import { type BoxEntry, boxKey, type OnDamage, readBox } from './boxes.ts';
import { Recent } from './recent.ts';

/** Box numbers remembered, some 100 bytes each: twice the recipients of the country's hub. */
const KEPT = 20_000;

export interface Inbox {
  box: number;
  /** the oldest ones */
  entries: BoxEntry[];
}

/**
 * Reads a démarche's list of a recipient in one round trip: its page is asked for together with the record that says
 * which box it is. The number remembered is a guess, and what was read of it is shown only when the record agrees: a
 * failover that loses writes may give a number to another recipient.
 */
export class Inboxes {
  readonly #reads: Reads;
  readonly #onDamage: OnDamage;
  readonly #known = new Recent<string, number>(KEPT);

  constructor(reads: Reads, onDamage: OnDamage) {
    this.#reads = reads;
    this.#onDamage = onDamage;
  }

  /** undefined when this recipient was never told anything of that démarche */
  async oldest(partition: number, recipient: OrgKey, process: string, limit: number): Promise<Inbox | undefined> {
    const name = recipientName(recipient);
    const place = `${recipient} ${process}`;
    const guess = this.#known.get(place);
    const pages = guess === undefined ? [] : [{ key: boxKey(partition, guess), after: 0, limit }];
    const { values, pages: read } = await this.#reads.read([recordKey(partition, name)], pages);
    const text = values[0];
    const box = text == null ? undefined : boxOf(decode(name, text) as RecipientState, process);
    if (box === undefined) return undefined;
    if (box !== guess) this.#known.set(place, box);
    const begun = box === guess ? read[0] : undefined;
    const where = { partition, recipient, process, box };
    return { box, entries: await readBox(this.#reads, this.#onDamage, where, 0, limit, begun) };
  }
}
