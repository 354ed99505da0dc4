import type { Budget } from './budget.ts';
import { HttpError, overloaded } from './errors.ts';
import { Inlet, type Shared, type Tap } from './inlet.ts';

const MS_PER_S = 1000;
/** Times its limit the budget may be used by uploads already under way, which a pause does not stop at once. */
const OVERDRAFT = 2;

type Step = IteratorResult<Uint8Array, undefined>;
const DONE: Step = { done: true, value: undefined };

/**
 * An upload coming in: chunks queue up to a limit, then the sender is paused until they are consumed. A chunk counts
 * in the budget until the next one is asked for. uWebSockets may still give megabytes after a pause, hence the budget.
 */
export class Flow extends Inlet implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #tap: Tap;
  readonly #budget: Budget;
  readonly #queue: Uint8Array[] = [];
  /** bytes in the queue */
  #queued = 0;
  /** bytes of the chunk the consumer works on */
  #lent = 0;
  #paused = false;
  #error: Error | undefined;
  #waiting: { resolve(step: Step): void; reject(error: Error): void } | undefined;

  constructor(shared: Shared, budget: Budget, tap: Tap) {
    super(shared);
    this.#budget = budget;
    this.#tap = tap;
    if (budget.full) this.fail(overloaded('uploads'));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Step> {
    this.#settle();
    if (this.#error && !this.open) return Promise.reject(this.#error);
    const chunk = this.#error ? undefined : this.#queue.shift();
    if (chunk) return Promise.resolve(this.#lend(chunk));
    if (!this.open) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** The consumer wants no more. */
  return(): Promise<Step> {
    this.discard();
    return Promise.resolve(DONE);
  }

  release(): void {
    this.#settle();
    this.#drop();
  }

  protected accept(chunk: ArrayBuffer, last: boolean): void {
    const size = chunk.byteLength;
    if (size === 0) return;
    this.#budget.take(size);
    const copy = new Uint8Array(chunk.slice(0));
    if (this.#waiting) {
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      this.#lent = size;
      resolve({ done: false, value: copy });
    } else {
      this.#queue.push(copy);
      this.#queued += size;
    }
    if (this.#budget.used > this.#budget.limit * OVERDRAFT) this.fail(overloaded('uploads'));
    else if (!last && this.#queued > this.shared.limits.streamHighBytes) this.#pause();
  }

  protected fail(error: Error): void {
    this.#error ??= error;
    this.discard();
  }

  protected timeOut(): void {
    const seconds = this.shared.limits.bodyIdleMs / MS_PER_S;
    this.fail(new HttpError(408, `Request Timeout : no byte of the request body came for ${seconds} s`));
  }

  protected ended(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (this.#error) waiting?.reject(this.#error);
    else waiting?.resolve(DONE);
  }

  protected override discard(): void {
    super.discard();
    this.#drop();
    this.#resume();
  }

  #lend(chunk: Uint8Array): Step {
    this.#queued -= chunk.byteLength;
    this.#lent = chunk.byteLength;
    if (this.#paused && this.#queued < this.shared.limits.streamHighBytes / 2) this.#resume();
    return { done: false, value: chunk };
  }

  #settle(): void {
    this.#budget.give(this.#lent);
    this.#lent = 0;
  }

  #drop(): void {
    this.#budget.give(this.#queued);
    this.#queued = 0;
    this.#queue.length = 0;
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.deadline = Number.POSITIVE_INFINITY;
    this.#tap.pause();
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.awaitBytes();
    if (this.open) this.#tap.resume();
  }
}
