/** Every request of a run: what was asked and when, and what was answered, or not. The checkers believe nothing else. */
export type Kind =
  | 'deposit'
  | 'upload'
  | 'complete'
  | 'event'
  | 'list'
  | 'delete'
  // of the native API: a deposit in one call, a line of a batch, another body under a key that was used
  | 'native'
  | 'line'
  | 'reuse'
  // of an organisation's feed: what a reader was given, and how far it says that it has dealt with it
  | 'feed'
  | 'acknowledge';

/** Roads into and out of the product, by which a run counts what it finds. */
export const WAYS = ['contract', 'native', 'batch', 'poll', 'push', 'webhook'] as const;
export type Way = (typeof WAYS)[number];

/** A notification as a list showed it. */
export interface Note {
  id: string;
  case: string;
  /** null: a new case */
  event: string | null;
}

/** An entry of a feed, as a reader was given it. */
export interface News {
  sequence: number;
  id: string;
  type: string;
  case: string;
  event: string | null;
}

export interface Entry {
  kind: Kind;
  /** whose request: a town's number, or SENDER_DESK */
  who: number;
  /** ms of `performance.now()` */
  sent: number;
  /** when its outcome was known */
  done: number;
  /** 0: no answer came, so nobody knows whether it was done */
  status: number;
  /** of a fault */
  said?: string;
  folder?: string;
  case?: string;
  file?: string;
  /** SHA-256 of the file, hexadecimal */
  digest?: string;
  event?: string;
  caseStatus?: string;
  note?: Note;
  list?: Note[];
  /** of a native deposit: its idempotency key */
  key?: string;
  /** of a feed: how it is read, which names its reader */
  reader?: 'poll' | 'push' | 'webhook';
  news?: News[];
  /** of a feed: where a reader goes on, or up to where it has dealt with all */
  position?: number;
}

/** The desk that reads what towns tell the sender. */
export const SENDER_DESK = -1;

const FIRST_ERROR = 300;

export const acknowledged = ({ status }: Pick<Entry, 'status'>): boolean => status >= 200 && status < FIRST_ERROR;

export function wayOf({ kind, reader }: Entry): Way {
  if (reader !== undefined) return reader;
  if (kind === 'native' || kind === 'reuse') return 'native';
  return kind === 'line' ? 'batch' : 'contract';
}

export class History {
  readonly entries: Entry[] = [];

  add(entry: Entry): void {
    this.entries.push(entry);
  }

  of(kind: Kind): Entry[] {
    return this.entries.filter((entry) => entry.kind === kind);
  }

  /**
   * Requests that tell a town of a case: completions, native deposits and lines of batches. Those of a key that were not
   * answered bear what a later answer under the same key told.
   */
  get deliveries(): Entry[] {
    const known = new Map<string, Entry>();
    const keyed = this.entries.filter(({ key, kind }) => key !== undefined && kind !== 'reuse');
    for (const entry of keyed.filter(acknowledged)) known.set(entry.key as string, entry);
    const named = (entry: Entry): Entry => {
      const { folder, case: id, file } = known.get(entry.key as string) ?? {};
      return { ...(id !== undefined && { folder, case: id, file }), ...entry } as Entry;
    };
    return this.entries
      .filter(({ kind }) => kind === 'complete' || kind === 'native' || kind === 'line')
      .map((entry) => (entry.key === undefined ? entry : named(entry)));
  }

  /** Requests that were answered with success. */
  get acknowledged(): number {
    return this.entries.filter(acknowledged).length;
  }

  /** The entries that speak of one of these ids, for a report. */
  about(ids: ReadonlySet<string>): Entry[] {
    const listed = (entry: Entry): boolean => entry.list?.some((note) => ids.has(note.case)) ?? false;
    return this.entries.filter(
      (entry) =>
        [entry.folder, entry.case, entry.event, entry.key, entry.note?.case].some(
          (id) => id !== undefined && ids.has(id),
        ) || listed(entry),
    );
  }
}
