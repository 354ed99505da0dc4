/** Bytes in flight over all requests of a process: what keeps a thousand clients at once from filling its memory. */
export class Budget {
  readonly limit: number;
  #used = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** No room: what begins now is refused. What is under way may go on, so the limit is passed by a little. */
  get full(): boolean {
    return this.#used >= this.limit;
  }

  take(bytes: number): void {
    this.#used += bytes;
  }

  give(bytes: number): void {
    this.#used -= bytes;
    if (this.#used < 0) throw new Error('more bytes given back than taken');
  }
}
