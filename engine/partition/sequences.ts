import type { Numbers } from './batch.ts';

/**
 * Numbers a partition gives: of outgoing messages, of jobs and of dead letters. Only the owner gives them, so memory is
 * enough; what a turn gave that wrote nothing is given again.
 */
export class Sequences implements Numbers {
  readonly partition: number;
  readonly epoch: number;
  #out: number;
  #job: number;
  #letter: number;
  readonly #sent: Map<number, number>;
  #mark: [out: number, job: number, letter: number] = [0, 0, 0];
  /** destination → its sequence before this turn */
  readonly #before = new Map<number, number>();

  constructor(
    partition: number,
    epoch: number,
    last: { lastOut: number; lastJob: number; lastLetter: number; sent: ReadonlyMap<number, number> },
  ) {
    this.partition = partition;
    this.epoch = epoch;
    this.#out = last.lastOut;
    this.#job = last.lastJob;
    this.#letter = last.lastLetter;
    this.#sent = new Map(last.sent);
  }

  /** The number the next outgoing message will bear. */
  get next(): number {
    return this.#out + 1;
  }

  nextOut(): number {
    this.#out += 1;
    return this.#out;
  }

  nextJob(): number {
    this.#job += 1;
    return this.#job;
  }

  nextLetter(): number {
    this.#letter += 1;
    return this.#letter;
  }

  nextSequence(to: number): number {
    const last = this.#sent.get(to) ?? 0;
    if (!this.#before.has(to)) this.#before.set(to, last);
    this.#sent.set(to, last + 1);
    return last + 1;
  }

  /** A turn begins. */
  mark(): void {
    this.#mark = [this.#out, this.#job, this.#letter];
    this.#before.clear();
  }

  /** Nothing was written since the mark. */
  rollback(): void {
    [this.#out, this.#job, this.#letter] = this.#mark;
    for (const [to, sequence] of this.#before) this.#sent.set(to, sequence);
    this.#before.clear();
  }
}
