import type { Message } from '../domain/message.ts';
import { isRefused } from '../redis/calls.ts';
import type { CommitLog, Last } from './log.ts';
import { encodeTurn } from './record.ts';

/** What a commit covers and was asked. */
export interface Covered {
  entries: readonly { id: string; payload: string; origin?: string }[];
  /** requests of this process, decided in the same turn; `json`: command and `replyTo`, when they came as text */
  requests: readonly { message: Message; json?: string | undefined }[];
}

/** A call of turn.lua: where its commit's number, the mark before and its own stand, and its operations begin. */
interface Call {
  keys: readonly string[];
  args: (string | number)[];
}
const NUMBER_AT = 8;
export const OPERATIONS_AT = NUMBER_AT + 3;

/**
 * The commits of one owned partition, each bound to the one before by number and mark: a Redis that lost some refuses
 * the next (BEHIND), and the journal knows which they were.
 */
export class Chain {
  readonly #partition: number;
  readonly #epoch: number;
  readonly #journal: CommitLog | undefined;
  #last: Last;
  #promoted: string[] = [];

  constructor(partition: number, epoch: number, last: Last, journal: CommitLog | undefined) {
    this.#partition = partition;
    this.#epoch = epoch;
    this.#last = last;
    this.#journal = journal;
  }

  /** Number the next commit will have. */
  get next(): number {
    return this.#last.turn + 1;
  }

  /** Mark of the last commit: turn.lua refuses when Redis knows another. */
  get mark(): string {
    return this.#last.mark;
  }

  /** Timers the last turn turned into entries. */
  promoted(names: readonly string[]): void {
    if (this.#journal !== undefined) this.#promoted.push(...names);
  }

  /**
   * Writes a commit to the journal and to Redis, at once unless Redis gives the answers: these follow both. None is made
   * while the journal lacks the ones before it, of a disk that was full: the chain must have no gap.
   * @param send makes the call
   */
  async commit<T>(covered: Covered, call: Call, answersHere: boolean, send: () => Promise<T>): Promise<T> {
    if (this.#journal?.behind) await this.#journal.catchUp();
    const { turn, mark: before } = this.#last;
    const last: Last = { turn: turn + 1, mark: '', epoch: this.#epoch };
    let writing: Promise<void> | undefined;
    if (this.#journal !== undefined) {
      const { mark, line } = this.#encode(covered, call);
      last.mark = mark;
      this.#journal.note(this.#partition, last);
      writing = this.#journal.write(line);
    }
    [call.args[NUMBER_AT], call.args[NUMBER_AT + 1], call.args[NUMBER_AT + 2]] = [last.turn, before, last.mark];
    if (!answersHere) await writing;
    try {
      const [reply] = await Promise.all([send(), writing]);
      this.#last = last;
      this.#promoted = [];
      return reply;
    } catch (error) {
      if (isRefused(error)) await this.#journal?.void(this.#partition, last.turn, this.#epoch, this.#last);
      throw error;
    }
  }

  #encode({ entries, requests }: Covered, { keys, args }: Call): { mark: string; line: string } {
    return encodeTurn({
      partition: this.#partition,
      epoch: this.#epoch,
      turn: this.next,
      before: this.#last.mark,
      done: {
        covered: entries.map(({ id, origin }) => [id, origin ?? ''] as const),
        promoted: this.#promoted,
        messages: [
          ...entries.map(({ payload }) => payload),
          ...requests.map(
            ({ message: { command, replyTo }, json }) => json ?? (replyTo ? { command, replyTo } : { command }),
          ),
        ],
        keys,
        operations: args.slice(OPERATIONS_AT),
      },
    });
  }
}
