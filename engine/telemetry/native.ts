import { Counter, Gauge, type Registry } from 'prom-client';

/** How deposits of the native API come. */
export type Way = 'call' | 'batch';

const counts = new WeakMap<Registry, NativeCounts>();

/** Figures of `/relais/v1` deposits; an outcome is one of a problem's codes, never a sender's or a démarche's name. */
export class NativeCounts {
  /** `outcome`: `deposited`, `replayed`, or the code of the problem it was refused with */
  readonly deposits: Counter<'way' | 'outcome'>;
  readonly files: Counter;
  readonly fileBytes: Counter;
  readonly batches: Gauge;
  readonly lines: Gauge;

  /** Those of a registry: parts of one thread share them. */
  static of(registry: Registry): NativeCounts {
    const known = counts.get(registry) ?? new NativeCounts(registry);
    counts.set(registry, known);
    return known;
  }

  /** `of` makes one. */
  private constructor(registry: Registry) {
    const registers = [registry];
    this.deposits = new Counter({
      name: 'native_deposits_total',
      help: 'Deposits of the native API, by call or by line of a batch: deposited, replayed, or the problem they met',
      labelNames: ['way', 'outcome'],
      registers,
    });
    this.files = new Counter({
      name: 'native_files_total',
      help: 'Files sent before the deposit that names them, and kept',
      registers,
    });
    this.fileBytes = new Counter({ name: 'native_file_bytes_total', help: 'Their bytes', registers });
    this.batches = new Gauge({ name: 'native_batches', help: 'Batches under way', registers });
    this.lines = new Gauge({
      name: 'native_lines',
      help: 'Lines of batches under way',
      registers,
    });
  }
}
