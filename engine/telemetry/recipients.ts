import { Gauge, type Registry } from 'prom-client';

const MS_PER_MIN = 60_000;

/** Days without taking what is there after which a recipient counts as silent. */
export const SILENT_DAYS = [1, 3, 7] as const;

/** What is said of recipients and readers is no older where figures are asked for each minute at least, ms. */
export const OLDEST_MS = 120_000;

/** How recipients are, all together. */
export interface Recipients {
  /** of each of SILENT_DAYS, those that have had something unread for so long */
  silent: readonly number[];
  /** cases available for LATE_HOURS that nobody has taken */
  late: number;
}

const gauges = new WeakMap<Registry, RecipientGauges>();

/** Figures of recipients: how many, never which; these an administrator asks the API for. */
export class RecipientGauges {
  readonly #silent: Gauge<'days'>;
  readonly #late: Gauge;

  /** Those of a registry: parts of one thread share them. */
  static of(registry: Registry): RecipientGauges {
    const known = gauges.get(registry) ?? new RecipientGauges(registry);
    gauges.set(registry, known);
    return known;
  }

  /** `of` makes one. */
  private constructor(registry: Registry) {
    const registers = [registry];
    const whole = `of the whole hub, at most ${OLDEST_MS / MS_PER_MIN} minutes old, the same from each process`;
    this.#silent = new Gauge({
      name: 'recipients_silent',
      help: `Organisations with something unread that nobody took for as many days: ${whole}`,
      labelNames: ['days'],
      registers,
    });
    this.#late = new Gauge({
      name: 'recipients_unacknowledged_cases',
      help: `Cases available for more than 48 hours and never taken: ${whole}`,
      registers,
    });
    this.found({ silent: SILENT_DAYS.map(() => 0), late: 0 });
  }

  found({ silent, late }: Recipients): void {
    for (const [index, days] of SILENT_DAYS.entries()) this.#silent.set({ days: String(days) }, silent[index] ?? 0);
    this.#late.set(late);
  }
}
