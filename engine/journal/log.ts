import type { TurnRecord } from './record.ts';

/** Last turn a journal knows of a partition. */
export interface Last {
  turn: number;
  mark: string;
  epoch: number;
}

/** A journal of the machine that no living process uses. */
export interface Vacancy {
  /** tells it from the others */
  place: string;
  /** another one when something was written there */
  version: string;
  /** The last turns it knows, read without opening it. */
  lasts(): Promise<ReadonlyMap<number, Last>>;
  /** Opens it for a moment: whoever starts meanwhile waits for it. @returns undefined when somebody uses it by now */
  open(): Promise<{ journal: CommitLog; close(): Promise<void> } | undefined>;
}

/** What an engine asks of its journal: the files on disk, or those of a simulated one. */
export interface CommitLog {
  last(partition: number): Last | undefined;
  /** The partition's last turn is this one, from now on. */
  note(partition: number, last: Last): void;
  /** Resolves when the line is on disk. One that fails is kept, and written before any later one. */
  write(line: string): Promise<void>;
  /** Lines are kept that the disk did not take. */
  readonly behind: boolean;
  /** Resolves when they are on disk. @throws when it takes them still not: no commit may be made meanwhile */
  catchUp(): Promise<void>;
  /** A turn Redis refused: it never happened. */
  void(partition: number, turn: number, epoch: number, before: Last): Promise<void>;
  /** Turns told as lost: they count as never made, and the partition goes on from `last`. */
  forget(partition: number, lost: readonly TurnRecord[], last: Last): Promise<void>;
  /** Gives turns of a partition, newest segment first, each time with those given before, until told that it is enough. */
  search(partition: number, enough: (records: readonly TurnRecord[]) => boolean): Promise<void>;
  /**
   * Gives the commits of partitions back from the one that bears a mark, newest first, each bound to the next by its
   * mark, as far as the journals of this machine have them and the server's files may be wrong.
   * @param marks partition → mark; changed
   */
  walk(marks: Map<number, string>, visit: (record: TurnRecord) => void): Promise<void>;
  /** Journals beside this one that no living process uses. */
  vacancies(): Promise<Vacancy[]>;
  /** Turns of a partition above `turn`, in order, voided ones left out. */
  after(partition: number, turn: number): Promise<TurnRecord[]>;
}
