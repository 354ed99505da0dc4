/** Waits between two tries: at random up to a bound that doubles, so that thousands of clients do not come back at once. */
export class Backoff {
  readonly #firstMs: number;
  readonly #mostMs: number;
  readonly #random: () => number;
  #bound: number;

  constructor(firstMs: number, mostMs: number, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
    this.#random = random;
    this.#bound = firstMs;
  }

  /** ms to wait before the next try */
  next(): number {
    const wait = this.#bound * this.#random();
    this.#bound = Math.min(this.#bound * 2, this.#mostMs);
    return wait;
  }

  /** It worked. */
  reset(): void {
    this.#bound = this.#firstMs;
  }
}
