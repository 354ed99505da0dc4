/** Seeded chance (sfc32): the same draws on every machine. */
const TWO_32 = 0x1_0000_0000;
const GOLDEN = 0x9e3779b9;
const WARM_UP = 12;

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d = 1;

  /** @param stream draws of one purpose do not shift those of another */
  constructor(seed: number, stream = 0) {
    this.#a = seed >>> 0;
    this.#b = Math.imul(stream + 1, GOLDEN) >>> 0;
    this.#c = Math.floor(seed / TWO_32) ^ GOLDEN;
    for (let i = 0; i < WARM_UP; i += 1) this.next();
  }

  /** 32 bits */
  next(): number {
    const sum = (this.#a + this.#b + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }

  /** 0 ≤ x < 1 */
  share(): number {
    return this.next() / TWO_32;
  }

  /** 0 ≤ n < bound */
  below(bound: number): number {
    return Math.floor(this.share() * bound);
  }

  chance(probability: number): boolean {
    return this.share() < probability;
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('nothing to choose from');
    return list[this.below(list.length)] as T;
  }

  /** One of the list, each as likely as its weight says. */
  weighted<T>(list: readonly T[], weight: (one: T) => number): T {
    let left = this.share() * list.reduce((sum, one) => sum + weight(one), 0);
    for (const one of list) {
      left -= weight(one);
      if (left < 0) return one;
    }
    return list.at(-1) as T;
  }

  fill(into: Uint8Array, offset: number, bytes: number): void {
    for (let i = 0; i < bytes; i += 1) into[offset + i] = this.next() & 0xff;
  }
}
