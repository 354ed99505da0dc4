/**
 * A partition's figures, as they will stand after the turn under way. Written as what they are, not as what is added, so that
 * the journal says what must be there, and the audit compares it (decision 029). Only the owner writes them.
 */
export class Tally {
  readonly #figures: Map<string, number>;
  #coming = new Map<string, number>();

  /** @param figures as the last commit left them */
  constructor(figures: ReadonlyMap<string, number>) {
    this.#figures = new Map(figures);
  }

  /** A turn begins: what one that wrote nothing had counted is counted again. */
  mark(): void {
    this.#coming.clear();
  }

  /** @returns fields and values to write */
  add(counts: Iterable<readonly [name: string, by: number]>): (string | number)[] {
    const written: (string | number)[] = [];
    for (const [name, by] of counts) {
      const value = (this.#coming.get(name) ?? this.#figures.get(name) ?? 0) + by;
      this.#coming.set(name, value);
      written.push(name, value);
    }
    return written;
  }

  committed(): void {
    for (const [name, value] of this.#coming) this.#figures.set(name, value);
    this.#coming = new Map();
  }
}
