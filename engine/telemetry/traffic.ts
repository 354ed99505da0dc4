import { Counter, type Registry } from 'prom-client';

const counts = new WeakMap<Registry, TrafficCounts>();

/** Tokens and files of an API process. */
export class TrafficCounts {
  readonly tokens: Counter<'outcome'>;
  readonly files: Counter<'direction'>;
  readonly bytes: Counter<'direction'>;

  /** Those of a registry: parts of one thread share them. */
  static of(registry: Registry): TrafficCounts {
    const known = counts.get(registry) ?? new TrafficCounts(registry);
    counts.set(registry, known);
    return known;
  }

  /** `of` makes one. */
  private constructor(registry: Registry) {
    const registers = [registry];
    this.tokens = new Counter({
      name: 'relais_tokens_total',
      help: 'Requests for access tokens, by outcome',
      labelNames: ['outcome'],
      registers,
    });
    this.files = new Counter({
      name: 'relais_files_total',
      help: 'Files: in, received whole and kept; out, whose sending began',
      labelNames: ['direction'],
      registers,
    });
    this.bytes = new Counter({
      name: 'relais_file_bytes_total',
      help: 'Their bytes; of a part of a file those asked for',
      labelNames: ['direction'],
      registers,
    });
    for (const outcome of ['issued', 'refused'] as const) this.tokens.inc({ outcome }, 0);
    for (const direction of ['in', 'out'] as const) {
      this.files.inc({ direction }, 0);
      this.bytes.inc({ direction }, 0);
    }
  }

  token(issued: boolean): void {
    this.tokens.inc({ outcome: issued ? 'issued' : 'refused' });
  }

  file(direction: 'in' | 'out', bytes: number): void {
    this.files.inc({ direction });
    this.bytes.inc({ direction }, bytes);
  }
}
