import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '#ops/place.ts';

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

/** One figure of a bench with what was aimed at. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** undefined: nothing was promised */
  aim?: { atLeast?: number; atMost?: number };
}

const GIB = 1024 ** 3;
export const RESULTS = join(projectFolder, 'bench', 'RESULTS.md');

const command = (name: string, ...args: string[]): string => {
  try {
    return execFileSync(name, args, { encoding: 'utf8', cwd: projectFolder }).trim();
  } catch {
    return 'unknown';
  }
};

export function machine(redis: string): string {
  const [first] = cpus();
  return `${cpus().length} cores (${first?.model.trim()}), ${(totalmem() / GIB).toFixed(0)} GiB, Node ${process.versions.node}, Redis ${redis}`;
}

const met = ({ value, aim }: Figure): string => {
  if (aim === undefined) return '';
  const ok = value >= (aim.atLeast ?? Number.NEGATIVE_INFINITY) && value <= (aim.atMost ?? Number.POSITIVE_INFINITY);
  return ok ? 'met' : '**missed**';
};

const aimText = ({ aim, unit }: Figure): string => {
  if (aim?.atLeast !== undefined) return `≥ ${aim.atLeast} ${unit}`;
  if (aim?.atMost !== undefined) return `≤ ${aim.atMost} ${unit}`;
  return '—';
};

/** Date, commit and machine of a run. */
export function circumstances(redis: string): string {
  const dirty = command('git', 'status', '--porcelain', '--', 'engine', 'api') === '' ? '' : ' with local changes';
  return `${new Date().toISOString()}, commit ${command('git', 'rev-parse', '--short', 'HEAD')}${dirty}, ${machine(redis)}.`;
}

/** Prints a bench's figures, and with `--keep` appends them to bench/RESULTS.md with date, commit, machine, settings. */
export function report(title: string, settings: string, figures: readonly Figure[], redis: string): void {
  const rows = figures.map(
    (figure) =>
      `| ${figure.name} | ${figure.value.toFixed(figure.value < 100 ? 1 : 0)} ${figure.unit} | ${aimText(figure)} | ${met(figure)} |`,
  );
  const text = [
    `## ${title}`,
    '',
    circumstances(redis),
    settings,
    '',
    '| figure | measured | aim | |',
    '|-|-|-|-|',
    ...rows,
    '',
  ].join('\n');
  console.log(`\n${text}`);
  if (!process.argv.includes('--keep')) return;
  if (!existsSync(RESULTS))
    writeFileSync(
      RESULTS,
      '# Results of the benchmarks\n\nNewest last; each as `./hub bench NAME --keep` wrote it.\n\n',
    );
  const before = readFileSync(RESULTS, 'utf8');
  appendFileSync(RESULTS, before.endsWith('\n\n') ? `${text}\n` : `\n${text}\n`);
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
