import type { Exchange } from './exchange.ts';
import type { Waiter, Watch } from './watch.ts';

/** Waits until the client has read enough for more to be written; cuts the connection when it never does. */
export class Outlet implements Waiter {
  deadline = Number.POSITIVE_INFINITY;
  readonly #exchange: Exchange;
  readonly #watch: Watch;
  readonly #stallMs: number;
  readonly #onGone: (() => void) | undefined;
  #resolve: (() => void) | undefined;
  #resend: ((offset: number) => boolean) | undefined;

  /** @param onGone told once if the client leaves */
  constructor(exchange: Exchange, watch: Watch, stallMs: number, onGone?: () => void) {
    this.#onGone = onGone;
    this.#exchange = exchange;
    this.#watch = watch;
    this.#stallMs = stallMs;
    watch.add(this);
    exchange.whenGone(() => {
      this.#proceed();
      this.#onGone?.();
    });
    exchange.res.onWritable((offset) => {
      this.deadline = this.#watch.clock() + this.#stallMs;
      if (this.#resend && !this.#resend(offset)) return false;
      this.#proceed();
      return true;
    });
  }

  /**
   * Resolves when the client has caught up, or is gone. `resend` writes what is left from an offset of the answer,
   * and says whether all of it was taken.
   */
  drained(resend?: (offset: number) => boolean): Promise<void> {
    if (this.#exchange.aborted) return Promise.resolve();
    this.deadline = this.#watch.clock() + this.#stallMs;
    this.#resend = resend;
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  close(): void {
    this.#watch.remove(this);
    this.#exchange.whenGone(undefined);
  }

  expire(): void {
    // uWebSockets tells our abort handler of it
    if (!this.#exchange.aborted && !this.#exchange.answered) this.#exchange.res.close();
  }

  #proceed(): void {
    this.deadline = Number.POSITIVE_INFINITY;
    this.#resend = undefined;
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.();
  }
}
