import { type Clockwork, real } from './clockwork.ts';
import type { Process } from './process.ts';

/** What a client wants done by any API process. */
interface Wish {
  act: (process: Process) => Promise<void>;
}

/**
 * The clients of the hub: each a sequence of wishes, which the scheduler hands to API processes one by one. Between two
 * wishes a client may sleep.
 */
export class Crew {
  readonly wishes: Wish[] = [];
  readonly #clockwork: Clockwork;
  readonly #sleepers: { due: number; wake: () => void }[] = [];
  /** clients not yet at the end of what they do */
  busy = 0;
  failure: unknown;
  #failed = 0;
  /** nobody asks for anything any more */
  gone = false;

  constructor(clockwork: Clockwork) {
    this.#clockwork = clockwork;
  }

  /** Begins a client's life. */
  run(life: () => Promise<void>): void {
    this.busy += 1;
    life().then(
      () => {
        this.busy -= 1;
      },
      (error: unknown) => {
        this.failure ??= error;
        this.#failed += 1;
      },
    );
  }

  /** A client gave up at what it was told, and nobody is to blame. */
  forgive(): void {
    this.failure = undefined;
    this.busy -= this.#failed;
    this.#failed = 0;
  }

  /** @throws what the process answers, or that it ended */
  wish<T>(act: (process: Process) => Promise<T>): Promise<T> {
    if (this.gone) return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      // Whole: what it asks of the process may be reads too, whose connections end without a word (seed 1675).
      this.wishes.push({ act: (process) => process.serve(() => act(process)).then(resolve, reject) });
    });
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#sleepers.push({ due: this.#clockwork.now + ms, wake: resolve });
      this.#sleepers.sort((a, b) => a.due - b.due);
    });
  }

  get wakesAt(): number {
    return this.#sleepers[0]?.due ?? Number.POSITIVE_INFINITY;
  }

  async wake(): Promise<void> {
    const first = this.#sleepers.shift();
    if (first === undefined) return;
    this.#clockwork.now = Math.max(this.#clockwork.now, first.due);
    first.wake();
    await new Promise<void>((resolve) => {
      real.setImmediate(resolve);
    });
  }
}
