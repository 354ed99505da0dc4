import { Gauge, type Registry } from 'prom-client';

const MS_PER_S = 1_000;
const gauges = new WeakMap<Registry, SecretGauges>();

/** Whose secret was replaced: a partner's that calls us, or one that signs our calls. */
export type SecretKind = 'client' | 'webhook';

/** Ends of secrets that were replaced and are still accepted: by then partners must have taken the new one. */
export class SecretGauges {
  readonly #end: Gauge<'kind'>;

  /** Those of a registry: parts of one thread share them. */
  static of(registry: Registry): SecretGauges {
    const known = gauges.get(registry) ?? new SecretGauges(registry);
    gauges.set(registry, known);
    return known;
  }

  /** `of` makes one. */
  private constructor(registry: Registry) {
    this.#end = new Gauge({
      name: 'relais_secret_expiry_timestamp_seconds',
      help: 'When the first of the replaced secrets that are still accepted ends; 0: there is none. Those of webhooks from the process that delivers to them',
      labelNames: ['kind'],
      registers: [registry],
    });
  }

  /** @param first ms; undefined: there is none */
  found(kind: SecretKind, first: number | undefined): void {
    this.#end.set({ kind }, first === undefined ? 0 : first / MS_PER_S);
  }
}
