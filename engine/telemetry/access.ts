import { Counter, Histogram, type Registry } from 'prom-client';

const counts = new WeakMap<Registry, AccessCounts>();

/** Figures of the access log: never of one agent or organisation. */
export class AccessCounts {
  readonly entries: Counter<'outcome'>;
  readonly seconds: Histogram;

  /** Those of a registry: parts of one thread share them. */
  static of(registry: Registry): AccessCounts {
    const known = counts.get(registry) ?? new AccessCounts(registry);
    counts.set(registry, known);
    return known;
  }

  /** `of` makes one. */
  private constructor(registry: Registry) {
    const registers = [registry];
    this.entries = new Counter({
      name: 'access_entries_total',
      help: 'Readings by agents; refused: they could not be logged, and were not answered',
      labelNames: ['outcome'],
      registers,
    });
    this.seconds = new Histogram({
      name: 'access_write_seconds',
      help: 'Time a group of entries took to be on disk',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5],
      registers,
    });
  }
}
