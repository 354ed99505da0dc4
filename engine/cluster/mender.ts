import { encodeMessage } from '../domain/envelope.ts';
import { isFigure } from '../domain/figures.ts';
import type { Message } from '../domain/message.ts';
import { Auditor } from '../journal/audit.ts';
import type { CommitLog, Last } from '../journal/log.ts';
import type { TurnRecord } from '../journal/record.ts';
import {
  isReplaced,
  isUntaken,
  type Known,
  lacksSome,
  lostFrom,
  parseTakes,
  repair,
  type Take,
} from '../journal/repair.ts';
import type { Calls } from '../redis/calls.ts';
import { keysOf } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';

/** Commits of another process may have to be done again first: time it has to do so, ms. */
const PATIENCE_MS = 30_000;
/** Letters of one call: as many messages as a turn may hold. */
const LETTERS_PER_CALL = 256;

/** What a mender tells its node. */
export interface MenderWatch {
  /** commits lost by Redis and done again */
  mended(partition: number, turns: number): void;
  /** commits that could not be: each of their messages is a dead letter now */
  commitsLost(partition: number, turns: number, messages: number): void;
  /** keys held something of another kind, and are gone: what the journal knows of them is there again */
  damaged(partition: number, keys: readonly string[]): void;
  /** what a server had been started with was not what had been written: so many elements are again */
  repaired(partition: number, elements: number): void;
  /** figures under names that this version does not know: they are left, and shown to nobody */
  strange(partition: number, figures: number): void;
  trouble(error: unknown): void;
}

/** The last commit as Redis knows it after mending. */
export interface Mended extends Omit<Last, 'epoch'> {
  /** something was done again */
  mended: boolean;
  /** something was found damaged: all of it is to be compared */
  damaged: boolean;
}

/**
 * Compares what Redis knows of a partition with the journal of this process, and does lost commits again. What cannot
 * be done again, because others were made on the state that lacked them, is told message by message as dead letters.
 */
export class Mender {
  readonly #auditor: Auditor;
  readonly #journal: CommitLog;
  readonly #calls: Calls;
  readonly #reads: Reads;
  readonly #watch: MenderWatch;
  /** partition → since when commits of another process are awaited, ms */
  readonly #waiting: Map<number, number>;

  constructor(journal: CommitLog, calls: Calls, reads: Reads, watch: MenderWatch, waiting = new Map<number, number>()) {
    this.#waiting = waiting;
    this.#auditor = new Auditor(journal, calls, reads);
    this.#journal = journal;
    this.#calls = calls;
    this.#reads = reads;
    this.#watch = watch;
  }

  /**
   * Brings a partition back to its last commit, before its new owner reads it.
   * @throws Error while commits of another process are awaited
   */
  async mend(partition: number, known: Known): Promise<Mended> {
    const last = this.#journal.last(partition);
    const nothing = { turn: known.turn, mark: known.mark, mended: false, damaged: false };
    if (last === undefined || !lacksSome(last, known)) return nothing;
    await this.#journal.catchUp();
    const from = lostFrom(last, known) ?? Number.POSITIVE_INFINITY;
    const [gone, records] = await this.#lacking(partition, last, from, known);
    const [first] = records;
    // A commit begun and never written: it was answered to nobody.
    if (first === undefined && gone.length === 0) {
      await this.#journal.forget(partition, [], {
        turn: known.turn,
        mark: known.mark,
        epoch: known.takes[0]?.epoch ?? 0,
      });
      return nothing;
    }
    if (first !== undefined && from > known.turn && first.turn !== known.turn + 1) this.#await(partition);
    this.#waiting.delete(partition);
    const { turn, mark, redone, unfit, lost, moved } = await repair(this.#calls, records, known);
    if (unfit.length > 0) this.#watch.damaged(partition, unfit);
    if (redone > 0) this.#watch.mended(partition, redone);
    // What was compared is no longer there: nothing of this journal counts as lost by it.
    if (moved) {
      const again = await this.mend(partition, await knownOf(this.#reads, partition));
      return { ...again, mended: again.mended || redone > 0, damaged: again.damaged || unfit.length > 0 };
    }
    // Owners took turns, so their journals must: what is left of this one follows commits of another.
    if (redone > 0 && (lost[0]?.turn ?? 0) > turn + 1) this.#await(partition);
    const all = [...gone, ...lost];
    if (all.length > 0) {
      const made = all.filter((record) => !neverMade(record, all, known));
      if (made.length > 0) await this.#report(partition, made, known);
      await this.#journal.forget(partition, all, { turn, mark, epoch: known.takes[0]?.epoch ?? 0 });
    }
    return { turn, mark, mended: redone > 0, damaged: unfit.length > 0 };
  }

  /**
   * Commits of this journal that Redis lacks, in order: those of takes it does not remember, in whose place others are
   * already, and those from a turn, which may be done again.
   */
  async #lacking(
    partition: number,
    last: Last,
    from: number,
    known: Known,
  ): Promise<[gone: TurnRecord[], records: TurnRecord[]]> {
    const oldest = isUntaken(last, known) ? (known.takes.at(-1)?.turn ?? from) : from;
    const all = await this.#journal.after(partition, Math.min(from - 2, oldest));
    // The one before, too, when others began with another in its place.
    const begin = all.some((record) => record.turn === from - 1 && isReplaced(record, known)) ? from - 1 : from;
    return [
      all.filter((record) => record.turn < begin && isUntaken(record, known)),
      all.filter((record) => record.turn >= begin),
    ];
  }

  /** Compares a state that nobody vouches for with the last commits, up to the one of that mark, and puts it right. */
  async audit(partition: number, mark: string, token: string): Promise<void> {
    const elements = await this.#auditor.audit(partition, mark, token);
    if (elements > 0) this.#watch.repaired(partition, elements);
    const counted = await this.#reads.client.hkeys(keysOf(partition).counters);
    const strange = counted.filter((name) => !isFigure(name));
    if (strange.length > 0) this.#watch.strange(partition, strange.length);
  }

  /** The same for partitions of others, whose owners may lack commits of this process. */
  async look(partitions: readonly number[]): Promise<boolean> {
    let mended = false;
    for (const partition of partitions) {
      if (this.#journal.last(partition) === undefined) continue;
      try {
        mended = (await this.#lookAt(partition)) || mended;
      } catch (error) {
        // One that waits for another process keeps none of the others waiting.
        this.#watch.trouble(error);
      }
    }
    return mended;
  }

  async #lookAt(partition: number): Promise<boolean> {
    return (await this.mend(partition, await knownOf(this.#reads, partition))).mended;
  }

  #await(partition: number): void {
    const now = performance.now();
    const since = this.#waiting.get(partition) ?? now;
    this.#waiting.set(partition, since);
    if (now - since < PATIENCE_MS) throw new Error('commits of another process must be done again first');
  }

  /**
   * Each message in a letter of its own, through the lane of these commits: a report that is made again, after a crash
   * before it was noted here, is known there. Never refused for want of room.
   */
  async #report(partition: number, lost: readonly TurnRecord[], known: Known): Promise<void> {
    const keys = keysOf(partition);
    const letters = lost.flatMap((record) => lettersOf(record, lost, known));
    const [first] = lost as [TurnRecord];
    const source = `lost-${first.epoch}-${first.turn}`;
    for (let from = 0; from < letters.length; from += LETTERS_PER_CALL) {
      const some = letters.slice(from, from + LETTERS_PER_CALL);
      const args = some.flatMap((letter, place) => [1, from + place + 1, letter]);
      await this.#calls.call('deliver', [keys.in, keys.seen, keys.wake], [source, ...args]);
    }
    this.#watch.commitsLost(partition, lost.length, letters.length);
  }
}

/**
 * What nobody else brings back: requests. Deliveries are sent again by their source, timers and what a partition sends
 * itself are still there or come again with what caused them. In doubt are those that may be decided all the same.
 */
function lettersOf(record: TurnRecord, lost: readonly TurnRecord[], known: Known): string[] {
  const { turn, done } = record;
  const next = successor(record, known);
  const unmade = isLast(record, lost, known);
  return done.messages.flatMap((message, place) => {
    const [id, origin] = done.covered[place] ?? ['', ''];
    if (origin !== '') return [];
    const payload = typeof message === 'string' ? message : encodeMessage(message);
    // An entry as old as the newest one the next owner found may still have been there; where nobody came since, and another
    // commit was done again in its place, it may still be.
    const doubt = unmade || (id !== '' && (next === undefined || !isAfter(id, next.entry)));
    const letter: Message = { command: { kind: 'dead.lost', payload, turn, doubt } };
    return [encodeMessage(letter)];
  });
}

/** The last commit Redis knows of a partition, and where its owners began. */
export async function knownOf({ client }: Reads, partition: number): Promise<Known> {
  const [turn, mark, takes] = await client.hmget(keysOf(partition).lease, 'turn', 'mark', 'takes');
  return { turn: Number(turn ?? 0), mark: mark ?? '', takes: parseTakes(takes ?? '') };
}

/** Of ids of stream entries. */
function isAfter(one: string, other: string): boolean {
  const [ms, sequence] = one.split('-').map(Number) as [number, number];
  const [otherMs, otherSequence] = other.split('-').map(Number) as [number, number];
  return ms > otherMs || (ms === otherMs && sequence > otherSequence);
}

/** Whoever took the partition after the owner of this commit, first; nobody can say of one whose take was lost, too. */
const successor = (record: TurnRecord, known: Known): Take | undefined =>
  isUntaken(record, known) ? undefined : known.takes.filter((take) => take.epoch > record.epoch).at(-1);

/** The last commit of its owner, and the next owner began just before it: it may never have reached Redis. */
function isLast(record: TurnRecord, lost: readonly TurnRecord[], known: Known): boolean {
  const { turn, epoch } = record;
  const last = lost.every((other) => other.epoch !== epoch || other.turn <= turn);
  return last && successor(record, known)?.turn === turn - 1;
}

/**
 * It never reached Redis and was answered to nobody: the next owner took what the same run of the server had given and
 * kept, and a commit of that lease is possible nowhere else.
 */
const neverMade = (record: TurnRecord, lost: readonly TurnRecord[], known: Known): boolean =>
  isLast(record, lost, known) && successor(record, known)?.vouched === true;
