import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Why an organisation's cases were all read again. */
export type Refill = 'new' | 'gone' | 'migrated' | 'asked';

const counts = new WeakMap<Registry, ListCounts>();

/** Figures of the index of lists: of the whole file, never of one organisation. */
export class ListCounts {
  readonly lists: Counter<'late'>;
  readonly cases: Counter;
  readonly refills: Counter<'reason'>;
  readonly lag: Histogram;
  readonly seconds: Histogram;
  #writes: () => boolean = () => false;
  #behind: () => number = () => 0;
  #rows: () => Promise<number> = async () => 0;

  /** Those of a registry: parts of one thread share them. */
  static of(registry: Registry): ListCounts {
    const known = counts.get(registry) ?? new ListCounts(registry);
    counts.set(registry, known);
    return known;
  }

  /** `of` makes one. */
  private constructor(registry: Registry) {
    const registers = [registry];
    this.lists = new Counter({
      name: 'index_lists_total',
      help: 'Lists, counters and neighbours answered; late: before the index had all of them',
      labelNames: ['late'],
      registers,
    });
    this.cases = new Counter({ name: 'index_cases_total', help: 'Cases read for the index', registers });
    this.refills = new Counter({
      name: 'index_refills_total',
      help: 'Organisations whose cases were all read again, by reason',
      labelNames: ['reason'],
      registers,
    });
    this.lag = new Histogram({
      name: 'index_lag_seconds',
      help: 'From the writing of a feed’s entry to its case being in the index',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    });
    this.seconds = new Histogram({
      name: 'index_query_seconds',
      help: 'Time a question to the index took, waiting for its turn included',
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1],
      registers,
    });
    const gauge = (name: string, help: string, value: () => number | Promise<number>): void => {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await value());
        },
      });
    };
    gauge('index_writer', '1 where this process writes the index of its data folder', () => Number(this.#writes()));
    gauge('index_feeds_behind', 'Feeds with something the index has not read yet', () => this.#behind());
    gauge('index_rows', 'Cases in the index', () => this.#rows());
  }

  /** @param watched asked for when somebody reads the figures */
  watch(watched: { writes: () => boolean; behind: () => number; rows: () => Promise<number> }): void {
    this.#writes = watched.writes;
    this.#behind = watched.behind;
    this.#rows = watched.rows;
  }
}
