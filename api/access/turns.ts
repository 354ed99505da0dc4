import { DomainError } from '#engine/domain/errors.ts';

/** Searches that wait for the one under way, at most. */
const WAITING = 16;

/** One after the other: a search reads up to half a gigabyte, and has a buffer of its own. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #taken = 0;

  /** @throws DomainError busy: too many wait */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken > WAITING) throw new DomainError('busy');
    this.#taken += 1;
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      this.#taken -= 1;
    }
  }
}
