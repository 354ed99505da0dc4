import { buildFrance, everyRecipient } from '#ops/demo/france/recipients.ts';

/** The golden ratio's part: its multiples fill an interval evenly, and never come twice. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Who receives how much: as many as asked of the 8,000 communes first, then the other recipients, each by its inhabitants. */
export class Population {
  readonly #sums: number[] = [];

  constructor(recipients: number) {
    const { communes, ...others } = buildFrance();
    const weights = [...communes, ...everyRecipient({ communes: [], ...others })].map(({ population }) => population);
    let sum = 0;
    for (const weight of weights.slice(0, recipients)) {
      sum += Math.max(weight, 1);
      this.#sums.push(sum);
    }
  }

  get recipients(): number {
    return this.#sums.length;
  }

  /** Recipient of the n-th case: over any run of cases, each has its share. */
  of(number: number): number {
    const wanted = ((number * GOLDEN) % 1) * (this.#sums.at(-1) as number);
    let [low, high] = [0, this.#sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sums[middle] as number) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
