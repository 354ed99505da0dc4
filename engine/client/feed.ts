import type { OrgKey } from '../domain/organization.ts';
import { partitionOf } from '../domain/placement.ts';
import { decode, decodeFeedEntry } from '../domain/records/codec.ts';
import { type ConsumersState, type Cursor, cursorOf, type FeedEntry } from '../domain/records/feed.ts';
import { consumersName, feedList, recipientName } from '../domain/records/names.ts';
import type { RecipientState } from '../domain/records/recipient.ts';
import { CorruptRecord } from '../domain/records/seal.ts';
import { recordKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import type { OnDamage } from './boxes.ts';
import { served } from './served.ts';

/** A part of an organisation's feed, as it was at one moment. */
export interface FeedPage {
  /** oldest sequence kept; one above `last` when nothing is */
  kept: number;
  /** last sequence written; 0: none */
  last: number;
  /** boxes of its démarches by number */
  processes: ReadonlyMap<number, string>;
  entries: FeedEntry[];
  /** where the next page begins: what was looked at, entries left out for their damage included */
  next: number;
}

/** Reads feeds straight from the masters; reading changes nothing. */
export class Feeds {
  readonly #reads: Reads;
  readonly #onDamage: OnDamage;

  constructor(reads: Reads, onDamage: OnDamage) {
    this.#reads = reads;
    this.#onDamage = onDamage;
  }

  /**
   * Entries after a position, oldest first, `limit` at most. A position before the oldest one kept gives what is kept:
   * `kept` tells the caller that some are gone.
   */
  async read(org: OrgKey, after: number, limit: number): Promise<FeedPage> {
    const partition = partitionOf(org);
    const name = recipientName(org);
    const page = { key: recordKey(partition, feedList(org)), after, limit };
    const { values, feeds } = await served(this.#reads.read([recordKey(partition, name)], [], [page]));
    const text = values[0];
    const recipient = text == null ? undefined : (decode(name, text) as RecipientState);
    const last = recipient?.sequence ?? 0;
    const kept = recipient?.feed?.kept ?? last + 1;
    const processes = new Map(Object.entries(recipient?.boxes ?? {}).map(([process, box]) => [box, process]));
    const entries = this.#entries(org, feeds[0] ?? [], Math.max(after, kept - 1));
    return { kept, last, processes, ...entries };
  }

  /** undefined: nobody of that name ever acknowledged anything */
  async cursor(org: OrgKey, consumer: string): Promise<Cursor | undefined> {
    return cursorOf(await this.#consumers(org), consumer);
  }

  async cursors(org: OrgKey): Promise<Record<string, Cursor>> {
    return (await this.#consumers(org))?.consumers ?? {};
  }

  async #consumers(org: OrgKey): Promise<ConsumersState | undefined> {
    const name = consumersName(org);
    const text = await served(this.#reads.get(recordKey(partitionOf(org), name)));
    return text === null ? undefined : (decode(name, text) as ConsumersState);
  }

  /** Where an entry is missing or damaged, its neighbours say where they are. */
  #entries(org: OrgKey, texts: readonly string[], after: number): Pick<FeedPage, 'entries' | 'next'> {
    const entries: FeedEntry[] = [];
    let next = after;
    for (const text of texts) {
      try {
        const entry = decodeFeedEntry(feedList(org), text);
        if (entry.sequence > after) entries.push(entry);
        next = Math.max(entry.sequence, next);
      } catch (error) {
        if (!(error instanceof CorruptRecord)) throw error;
        this.#onDamage(feedList(org), error);
        next += 1;
      }
    }
    return { entries, next };
  }
}
