import { Counter, Gauge, type Registry } from 'prom-client';

/** What readers of all feeds have before them, at one moment. */
export interface Readership {
  /** readers by name, of all organisations */
  consumers: number;
  /** of those, connected by WebSocket */
  live: number;
  /** of those, with something unread */
  behind: number;
  /** entries their readers have not acknowledged: sum over all readers */
  unread: number;
  /** the same of the reader that has most */
  most: number;
  /** age of the oldest entry a reader has not acknowledged, ms */
  oldestMs: number;
  /** organisations none of whose readers has acknowledged all */
  recipients: number;
}

export const NOBODY: Readership = { consumers: 0, live: 0, behind: 0, unread: 0, most: 0, oldestMs: 0, recipients: 0 };

/** Channels whose reading is counted here; WebSockets and webhooks have figures of their own. */
export type Channel = 'poll' | 'stream';

const MS_PER_S = 1_000;
const counts = new WeakMap<Registry, FeedCounts>();

/** Figures of the feed: sums and extremes over all recipients, never a label for one. */
export class FeedCounts {
  readonly reads: Counter<'channel'>;
  readonly events: Counter<'channel'>;
  readonly gone: Counter;
  #readership = NOBODY;
  #readers: () => number = () => 0;

  /** Those of a registry: parts of one thread share them. */
  static of(registry: Registry): FeedCounts {
    const known = counts.get(registry) ?? new FeedCounts(registry);
    counts.set(registry, known);
    return known;
  }

  /** `of` makes one. */
  private constructor(registry: Registry) {
    const registers = [registry];
    this.reads = new Counter({
      name: 'feed_reads_total',
      help: 'Polls answered, and streams begun, by channel',
      labelNames: ['channel'],
      registers,
    });
    this.events = new Counter({
      name: 'feed_events_total',
      help: 'Events given to polls and streams, by channel',
      labelNames: ['channel'],
      registers,
    });
    this.gone = new Counter({
      name: 'feed_positions_gone_total',
      help: 'Readers told that their position is no longer kept',
      registers,
    });
    const gauge = (name: string, help: string, value: () => number): void => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    };
    gauge('feed_readers', 'Feeds followed through this process, by whatever channel', () => this.#readers());
    const whole = (name: string, help: string, value: (readership: Readership) => number): void =>
      gauge(name, `${help}: of the whole hub, at most a minute old, the same from each process`, () =>
        value(this.#readership),
      );
    whole('feed_consumers', 'Readers by name', ({ consumers }) => consumers);
    whole('feed_consumers_live', 'Readers connected by WebSocket', ({ live }) => live);
    whole('feed_consumers_behind', 'Readers with something unread', ({ behind }) => behind);
    whole('feed_unread_entries', 'Entries their readers have not acknowledged', ({ unread }) => unread);
    whole('feed_unread_entries_most', 'The same of the reader that has most', ({ most }) => most);
    whole('feed_oldest_unread_seconds', 'Age of the oldest of them', ({ oldestMs }) => oldestMs / MS_PER_S);
    whole('feed_recipients_behind', 'Organisations none of whose readers has read all', ({ recipients }) => recipients);
  }

  /** @param readers asked for when somebody reads the figures */
  watch(readers: () => number): void {
    this.#readers = readers;
  }

  /** What was found of the whole hub last. */
  found(readership: Readership): void {
    this.#readership = readership;
  }
}
