import { Counter, Histogram, type Registry } from 'prom-client';
import type { Timed } from '../domain/decision.ts';
import type { FeedEntry } from '../domain/records/feed.ts';
import type { Way } from './native.ts';

const MS_PER_S = 1_000;
const counts = new WeakMap<Registry, ServiceCounts>();

/** What the hub promises its partners: that deposits are accepted, come to their recipients, and are answered. */
export class ServiceCounts {
  readonly accepted: Counter<'way'>;
  readonly #times: Readonly<Record<Timed, Histogram>>;

  /** Those of a registry: parts of one thread share them. */
  static of(registry: Registry): ServiceCounts {
    const known = counts.get(registry) ?? new ServiceCounts(registry);
    counts.set(registry, known);
    return known;
  }

  /** `of` makes one. */
  private constructor(registry: Registry) {
    const registers = [registry];
    this.accepted = new Counter({
      name: 'relais_deposits_accepted_total',
      help: 'Folders whose deposit was answered as accepted: completed by the contract, or by call or batch of the native API',
      labelNames: ['way'],
      registers,
    });
    for (const way of ['contract', 'call', 'batch'] as const) this.accepted.inc({ way }, 0);
    this.#times = {
      available: new Histogram({
        name: 'relais_availability_seconds',
        help: 'From the acceptance of a folder to each of its cases being in its recipient’s mailbox; held cases excepted',
        buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3_600],
        registers,
      }),
      taken: new Histogram({
        name: 'relais_delivery_seconds',
        help: 'From a case being available to its recipient having taken it: its notification deleted, or acknowledged by a reader',
        buckets: [1, 5, 15, 60, 300, 900, 3_600, 14_400, 43_200, 86_400, 172_800, 259_200, 604_800],
        registers,
      }),
      returned: new Histogram({
        name: 'relais_status_return_seconds',
        help: 'From a recipient giving a case a status by an event to its sender’s mailbox having it',
        buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3_600],
        registers,
      }),
    };
  }

  /** @param ways of a contract's deposit, or a native one's */
  deposited(way: Way | 'contract'): void {
    this.accepted.inc({ way });
  }

  /** A reader has what its feed told. @param now ms */
  taken({ type, ms }: Pick<FeedEntry, 'type' | 'ms'>, now: number): void {
    if (type === 'deposited') this.timed('taken', Math.max(0, now - ms));
  }

  timed(what: Timed, ms: number): void {
    this.#times[what].observe(ms / MS_PER_S);
  }
}
