/**
 * Entries that all partitions of a process may decide and commit at once. Redis commits a few batches at a time: were
 * all partitions to decide their next one meanwhile, tens of thousands of decided states would wait in memory, and each
 * garbage collection would copy them.
 */
export const ENTRIES_UNDER_WAY = 1_024;

export class Gate {
  readonly #limit: number;
  readonly #waiting: { weight: number; enter: () => void }[] = [];
  #inside = 0;

  /** @param limit entries; a heavier batch passes alone */
  constructor(limit = ENTRIES_UNDER_WAY) {
    this.#limit = limit;
  }

  /** Runs once there is room for so many entries, in the order of asking. */
  async pass<T>(weight: number, run: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || !this.#fits(weight)) {
      await new Promise<void>((enter) => this.#waiting.push({ weight, enter }));
    } else this.#inside += weight;
    try {
      return await run();
    } finally {
      this.#inside -= weight;
      this.#admit();
    }
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.weight); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#inside += next.weight;
      next.enter();
    }
  }

  #fits(weight: number): boolean {
    return this.#inside === 0 || this.#inside + weight <= this.#limit;
  }
}
