/** What waits for a client: told once when it has waited too long. */
export interface Waiter {
  /** ms of the clock; Infinity while nothing is awaited */
  deadline: number;
  expire(): void;
}

/** Ms between two looks at the deadlines: they are kept to about this. */
export const SWEEP_MS = 1000;

/** Deadlines of slow clients only: a request whose body came whole and whose answer left whole never enters. */
export class Watch {
  readonly #waiters = new Set<Waiter>();
  readonly clock: () => number;

  constructor(clock: () => number) {
    this.clock = clock;
  }

  get size(): number {
    return this.#waiters.size;
  }

  add(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  remove(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  sweep(): void {
    const now = this.clock();
    for (const waiter of this.#waiters) {
      if (waiter.deadline > now) continue;
      this.#waiters.delete(waiter);
      waiter.expire();
    }
  }
}
