import { Counter, Gauge, type Registry } from 'prom-client';

/** What the pushing of a process looks like at a moment. */
export interface PushState {
  connections: number;
  /** readers with a connection */
  consumers: number;
  /** entries they have not acknowledged */
  unread: number;
  /** age of the oldest event sent or read and not acknowledged, ms */
  oldestMs: number;
}

const MS_PER_S = 1_000;
const counts = new WeakMap<Registry, PushCounts>();

/** Figures of `/relais/v1/push`: sums over all recipients, never a label for one. */
export class PushCounts {
  readonly sent: Counter;
  readonly acknowledged: Counter;
  readonly closed: Counter<'code'>;
  readonly #states = new Set<() => PushState>();

  /** Those of a registry: parts of one thread share them. */
  static of(registry: Registry): PushCounts {
    const known = counts.get(registry) ?? new PushCounts(registry);
    counts.set(registry, known);
    return known;
  }

  /** `of` makes one. */
  private constructor(registry: Registry) {
    const registers = [registry];
    this.sent = new Counter({ name: 'push_events_total', help: 'Events sent to connections', registers });
    this.acknowledged = new Counter({
      name: 'push_acknowledged_total',
      help: 'Events acknowledged by connections',
      registers,
    });
    this.closed = new Counter({
      name: 'push_closed_total',
      help: 'Connections closed, by close code; client: it left by itself',
      labelNames: ['code'],
      registers,
    });
    const gauge = (name: string, help: string, value: (state: PushState) => number): void => {
      const read = (): number => [...this.#states].reduce((sum, state) => sum + value(state()), 0);
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    };
    gauge('push_connections', 'Connections open', ({ connections }) => connections);
    gauge('push_consumers', 'Readers with a connection', ({ consumers }) => consumers);
    gauge('push_unread_entries', 'Entries that connected readers have not acknowledged', ({ unread }) => unread);
    gauge(
      'push_oldest_unacknowledged_seconds',
      'Age of the oldest event a connected reader has not acknowledged',
      ({ oldestMs }) => oldestMs / MS_PER_S,
    );
  }

  /** @param state asked for when somebody reads the figures @returns how to stop */
  watch(state: () => PushState): () => void {
    this.#states.add(state);
    return () => this.#states.delete(state);
  }
}
