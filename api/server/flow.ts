import type { Budget } from './budget.ts';
import { HttpError, overloaded } from './errors.ts';
import { Inlet, type Shared, type Tap } from './inlet.ts';
import { ChunkQueue } from './queue.ts';
import type { Slabs } from './slabs.ts';
import type { Chunks } from './types.ts';

const MS_PER_S = 1000;
/** Times its limit the budget may be used by uploads already under way, which a pause does not stop at once. */
const OVERDRAFT = 2;

type Step = IteratorResult<Uint8Array, undefined>;
const DONE: Step = { done: true, value: undefined };

/**
 * An upload coming in: chunks queue up to a limit, then the sender is paused until they are consumed. A chunk counts
 * in the budget until the next one is asked for. What comes before the pause takes effect goes into slabs; when they
 * are used up, straight to a reader that can take it at once, else into memory until the budget refuses it.
 */
export class Flow extends Inlet implements Chunks, AsyncIterator<Uint8Array, undefined> {
  overflow: ((chunk: Uint8Array) => void) | undefined;
  readonly #tap: Tap;
  readonly #budget: Budget;
  readonly #queue: ChunkQueue;
  #paused = false;
  #error: Error | undefined;
  #waiting: { resolve(step: Step): void; reject(error: Error): void } | undefined;

  constructor(shared: Shared, budget: Budget, slabs: Slabs, tap: Tap) {
    super(shared);
    this.#budget = budget;
    this.#queue = new ChunkQueue(slabs);
    this.#tap = tap;
    if (budget.full) this.fail(overloaded('uploads'));
  }

  get kept(): boolean {
    return this.#queue.kept;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Step> {
    this.#budget.give(this.#queue.settle());
    if (this.#error && !this.open) return Promise.reject(this.#error);
    const chunk = this.#queue.shift();
    if (chunk) {
      if (this.#paused && this.#queue.bytes < this.shared.limits.streamHighBytes / 2) this.#resume();
      return Promise.resolve({ done: false, value: chunk });
    }
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
    this.#budget.give(this.#queue.settle());
    this.#budget.give(this.#queue.clear());
  }

  protected accept(chunk: ArrayBuffer, last: boolean): void {
    if (chunk.byteLength > 0) this.#store(new Uint8Array(chunk));
    if (this.#error) return;
    const waiting = this.#waiting;
    const value = waiting && this.#queue.shift();
    if (waiting && value) {
      this.#waiting = undefined;
      waiting.resolve({ done: false, value });
    }
    if (this.#budget.used > this.#budget.limit * OVERDRAFT) this.fail(overloaded('uploads'));
    else if (!last && this.#queue.bytes > this.shared.limits.streamHighBytes) this.#pause();
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
    // The last chunk may come after the pause: a connection left paused would never read its next request.
    if (this.#paused) this.#tap.resume();
    this.#paused = false;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (this.#error) waiting?.reject(this.#error);
    else waiting?.resolve(DONE);
  }

  protected override discard(): void {
    super.discard();
    this.#budget.give(this.#queue.clear());
    this.#resume();
  }

  #store(bytes: Uint8Array): void {
    const stored = this.#queue.push(bytes);
    this.#budget.take(stored);
    if (stored === bytes.byteLength) return;
    const rest = bytes.subarray(stored);
    if (this.overflow === undefined) {
      this.#queue.keep(rest);
      this.#budget.take(rest.byteLength);
      return;
    }
    try {
      this.#budget.give(this.#queue.flush(this.overflow));
      this.overflow(rest);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  /** Said again for each chunk that still comes: every 160 kB uWebSockets sets the 10 s timer that a pause stops. */
  #pause(): void {
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
