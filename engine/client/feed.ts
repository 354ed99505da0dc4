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
import { Recent } from './recent.ts';
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
  /** who pushes to the reader that was named */
  holder: string | undefined;
  /** when its cases were given to another organisation last, ms; 0: never */
  migrated: number;
  /** where the next page begins: what was looked at, entries left out for their damage included */
  next: number;
}

/** A part of a feed that begins where a reader had acknowledged; undefined: it never acknowledged anything. */
export interface ResumedPage extends FeedPage {
  acknowledged: number | undefined;
}

/** How far an organisation's readers are. */
export interface FeedPresence {
  /** entries nobody has acknowledged */
  unread: number;
  /** when the oldest of them was written, ms; undefined: there is none */
  since: number | undefined;
  readers: { name: string; cursor: Cursor; unread: number; since: number | undefined }[];
}

/** A position no feed reaches: reading there gives its ends alone. */
export const BEYOND = Number.MAX_SAFE_INTEGER - 1;

/** Readers whose cursor is remembered, some 150 bytes each: a software package of each town of the country. */
const KEPT = 20_000;

/** What one read finds of an organisation's feed. */
interface Read {
  page: FeedPage;
  cursor: Cursor | undefined;
}

/** Reads feeds straight from the masters; reading changes nothing. */
export class Feeds {
  readonly #reads: Reads;
  readonly #onDamage: OnDamage;
  /** last known position of a reader: a guess at where its next page begins */
  readonly #known = new Recent<string, number>(KEPT);

  constructor(reads: Reads, onDamage: OnDamage) {
    this.#reads = reads;
    this.#onDamage = onDamage;
  }

  /**
   * Entries after a position, oldest first, `limit` at most. A position before the oldest one kept gives what is kept:
   * `kept` tells the caller that some are gone.
   * @param consumer whose holder is read at the same moment
   */
  async read(org: OrgKey, after: number, limit: number, consumer?: string): Promise<FeedPage> {
    return (await this.#read(org, after, limit, consumer)).page;
  }

  /**
   * The same after what a reader has acknowledged, in one round trip while it reads here: its page is asked for together
   * with its cursor, and shown only when it begins where that says.
   */
  async resume(org: OrgKey, consumer: string, limit: number): Promise<ResumedPage> {
    const reader = `${org} ${consumer}`;
    const guess = this.#known.get(reader) ?? 0;
    const { page, cursor } = await this.#read(org, guess, limit, consumer);
    const acknowledged = cursor?.acknowledged;
    const after = acknowledged ?? 0;
    if (after === guess) return { ...page, acknowledged };
    this.#known.set(reader, after);
    return { ...(await this.read(org, after, limit)), acknowledged };
  }

  /** undefined: nobody of that name ever acknowledged anything */
  async cursor(org: OrgKey, consumer: string): Promise<Cursor | undefined> {
    return cursorOf(await this.#consumers(org), consumer);
  }

  async cursors(org: OrgKey): Promise<Record<string, Cursor>> {
    return (await this.#consumers(org))?.consumers ?? {};
  }

  /** The feed's ends and its readers, with when the first entry beyond each position was written, ms. */
  async presence(org: OrgKey): Promise<FeedPresence> {
    const [consumers, { kept, last }] = await Promise.all([this.cursors(org), this.read(org, BEYOND, 1)]);
    const unread = (after: number): number => last - Math.max(after, kept - 1);
    const since = async (after: number): Promise<number | undefined> =>
      unread(after) > 0 ? (await this.read(org, after, 1)).entries[0]?.ms : undefined;
    const readers = Object.entries(consumers).map(async ([name, cursor]) => ({
      name,
      cursor,
      unread: unread(cursor.acknowledged),
      since: await since(cursor.acknowledged),
    }));
    const furthest = Math.max(0, ...Object.values(consumers).map(({ acknowledged }) => acknowledged));
    return { unread: unread(furthest), since: await since(furthest), readers: await Promise.all(readers) };
  }

  async #read(org: OrgKey, after: number, limit: number, consumer: string | undefined): Promise<Read> {
    const partition = partitionOf(org);
    const name = recipientName(org);
    const list = { key: recordKey(partition, feedList(org)), after, limit };
    const names = consumer === undefined ? [name] : [name, consumersName(org)];
    const keys = names.map((each) => recordKey(partition, each));
    const { values, feeds } = await served(this.#reads.read(keys, [], [list]));
    const [text, readers] = values;
    const recipient = text == null ? undefined : (decode(name, text) as RecipientState);
    const last = recipient?.sequence ?? 0;
    const kept = recipient?.feed?.kept ?? last + 1;
    const processes = new Map(Object.entries(recipient?.boxes ?? {}).map(([process, box]) => [box, process]));
    const entries = this.#entries(org, feeds[0] ?? [], Math.max(after, kept - 1));
    const cursor = consumer === undefined ? undefined : cursorOf(consumersOf(org, readers), consumer);
    const migrated = recipient?.forwardings?.at(-1)?.at ?? 0;
    return { page: { kept, last, processes, ...entries, holder: cursor?.holder, migrated }, cursor };
  }

  async #consumers(org: OrgKey): Promise<ConsumersState | undefined> {
    return consumersOf(org, await served(this.#reads.get(recordKey(partitionOf(org), consumersName(org)))));
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

const consumersOf = (org: OrgKey, text: string | null | undefined): ConsumersState | undefined =>
  text == null ? undefined : (decode(consumersName(org), text) as ConsumersState);
