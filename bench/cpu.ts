import { readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const TICK_US = 10_000;
const USER = 11;
const SYSTEM = 12;
const KIB = 1_024;
const DIGIT_BELOW_US = 100;

/** Processes by what they are: one, or several that do the same. */
export type Pids = Record<string, number | readonly number[]>;

/** What is small is told to a tenth: it is what others are divided by. */
const shown = (us: number): string => us.toFixed(us < DIGIT_BELOW_US ? 1 : 0);

/** Processor time a process has used, µs (user and system, all threads). */
function used(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER]) + Number(fields[SYSTEM])) * TICK_US;
}

/** The most memory a process ever had at once, bytes. */
export function peakMemory(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * KIB;
}

/** Watches where processor time goes during a run: product, Redis, load generator. */
export class Cpu {
  readonly #pids: Pids;
  readonly #from: Record<string, number>;

  constructor(pids: Pids) {
    this.#pids = { ...pids, generator: process.pid };
    this.#from = this.#look();
  }

  /** `product 61 µs, redis 24 µs, …` for each of so many operations. */
  each(operations: number): string {
    const now = this.#look();
    return Object.entries(now)
      .map(([name, us]) => `${name} ${shown((us - (this.#from[name] ?? 0)) / operations)} µs`)
      .join(', ');
  }

  #look(): Record<string, number> {
    const sum = (pids: number | readonly number[]): number => [pids].flat().reduce((all, pid) => all + used(pid), 0);
    return Object.fromEntries(Object.entries(this.#pids).map(([name, pids]) => [name, sum(pids)]));
  }
}
