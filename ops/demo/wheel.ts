import type { Random } from './random.ts';

/** Draws items in proportion to their weights, by binary search over the running sum. */
export class Wheel<T> {
  readonly total: number;
  readonly #items: readonly T[];
  readonly #sums: Float64Array;

  constructor(items: readonly T[], weight: (item: T) => number) {
    this.#items = items;
    this.#sums = new Float64Array(items.length);
    let sum = 0;
    for (const [index, item] of items.entries()) {
      sum += weight(item);
      this.#sums[index] = sum;
    }
    if (!(sum > 0)) throw new Error('a wheel needs a positive weight');
    this.total = sum;
  }

  draw(random: Random): T {
    const target = random.unit() * this.total;
    let low = 0;
    let high = this.#sums.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sums[middle] as number) > target) high = middle;
      else low = middle + 1;
    }
    return this.#items[low] as T;
  }
}
