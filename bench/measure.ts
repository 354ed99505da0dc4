/** Latencies of a run, in ms: sorted once, asked for percentiles. */
export class Latencies {
  readonly #values: number[] = [];
  #sorted = true;

  add(ms: number): void {
    this.#values.push(ms);
    this.#sorted = false;
  }

  /** All of another run. */
  take(other: Latencies): void {
    for (const ms of other.#values) this.add(ms);
  }

  get count(): number {
    return this.#values.length;
  }

  percentile(part: number): number {
    if (!this.#sorted) {
      this.#values.sort((a, b) => a - b);
      this.#sorted = true;
    }
    return this.#values[Math.min(this.#values.length - 1, Math.floor(this.#values.length * part))] ?? Number.NaN;
  }

  toString(): string {
    const at = (part: number): string => `${this.percentile(part).toFixed(1)} ms`;
    return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, longest ${at(1)}`;
  }
}

/** A progress line on a terminal, every tenth elsewhere. */
export function progress(label: string, total: number): (done: number) => void {
  let shown = -1;
  return (done) => {
    const tenth = Math.floor((done / total) * (process.stderr.isTTY ? 100 : 10));
    if (tenth === shown) return;
    shown = tenth;
    process.stderr.write(
      process.stderr.isTTY
        ? `\r${label} ${done}/${total}   ${done >= total ? '\n' : ''}`
        : `${label} ${done}/${total}\n`,
    );
  };
}

/** Runs `work` over 0…total-1, so many at a time. */
export async function spread(total: number, atOnce: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < total) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, total) }, lane));
}

export const option = (name: string, fallback: number): number => {
  const found = process.argv.find((word) => word.startsWith(`--${name}=`));
  return found === undefined ? fallback : Number(found.slice(name.length + 3));
};
