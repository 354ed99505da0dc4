/** Every request of a run: what was asked and when, and what was answered, or not. The checkers believe nothing else. */
export type Kind = 'deposit' | 'upload' | 'complete' | 'event' | 'list' | 'delete';

/** A notification as a list showed it. */
export interface Note {
  id: string;
  case: string;
  /** null: a new case */
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
  folder?: string;
  case?: string;
  file?: string;
  /** SHA-256 of the file, hexadecimal */
  digest?: string;
  event?: string;
  caseStatus?: string;
  note?: Note;
  list?: Note[];
}

/** The desk that reads what towns tell the sender. */
export const SENDER_DESK = -1;

const FIRST_ERROR = 300;

export const acknowledged = ({ status }: Pick<Entry, 'status'>): boolean => status >= 200 && status < FIRST_ERROR;

export class History {
  readonly entries: Entry[] = [];

  add(entry: Entry): void {
    this.entries.push(entry);
  }

  of(kind: Kind): Entry[] {
    return this.entries.filter((entry) => entry.kind === kind);
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
        [entry.folder, entry.case, entry.event, entry.note?.case].some((id) => id !== undefined && ids.has(id)) ||
        listed(entry),
    );
  }
}
