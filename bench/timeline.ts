import { Latencies } from './measure.ts';

/** What one second of a run was like. */
export interface Second {
  /** from the first one counted */
  at: number;
  /** ended in it */
  count: number;
  p50: number;
  p99: number;
}

const MS = 1_000;

/** Latencies of a run by the second they ended in: what a mean hides (a rewrite, a collector, a queue that grows) shows. */
export class Timeline {
  readonly #begun: number;
  readonly #seconds: Latencies[] = [];

  /** @param begun moment of `performance.now()` from which seconds are counted */
  constructor(begun: number) {
    this.#begun = begun;
  }

  add(ms: number, now: number): void {
    const second = Math.max(0, Math.floor((now - this.#begun) / MS));
    let latencies = this.#seconds[second];
    if (latencies === undefined) {
      latencies = new Latencies();
      this.#seconds[second] = latencies;
    }
    latencies.add(ms);
  }

  all(): Latencies {
    const all = new Latencies();
    for (const one of this.#seconds) if (one !== undefined) all.take(one);
    return all;
  }

  series(): Second[] {
    return Array.from(this.#seconds, (one, at) => ({
      at,
      count: one?.count ?? 0,
      p50: one?.percentile(0.5) ?? 0,
      p99: one?.percentile(0.99) ?? 0,
    }));
  }
}
