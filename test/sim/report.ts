import { RESULTS } from '#api/bulk/jobs.ts';
import { FEED_TYPES } from '#engine/domain/records/feed.ts';
import type { Options, Outcome } from './simulate.ts';
import { FAULTS, STAGED } from './weather.ts';

const LINES = 40;
const LINES_OF_LOTS = RESULTS.filter((result) => result !== 'waiting');
const NEWS = Object.keys(FEED_TYPES);

/** How to see it again. */
export function commandOf({ seed, stories, without, only }: Options, mutation?: string): string {
  const words = [`--seed=${seed}`];
  if (stories !== undefined) words.push(`--stories=${stories}`);
  if (without !== undefined && without.length > 0) words.push(`--without=${without.join(',')}`);
  if (only !== undefined && mutation === undefined) words.push(`--only=${only.join(',')}`);
  if (mutation !== undefined) words.push(`--mutation=${mutation}`);
  return `./hub sim ${words.join(' ')}`;
}

/** A failure: what, by which faults, and the last that happened before. */
export function describe(options: Options, { failure, faults, lines, steps }: Outcome, mutation?: string): string {
  return [
    `seed ${options.seed} failed after ${steps} steps: ${failure?.stack ?? ''}`,
    failure?.cause instanceof Error ? `because of ${failure.cause.stack}` : '',
    `faults: ${faults.length === 0 ? 'none' : ''}`,
    ...faults.map((fault) => `  ${fault}`),
    'the end of its history:',
    ...lines.slice(-LINES).map((line) => `  ${line}`),
    `again, with every step: ${commandOf(options, mutation)} --trace`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** What all seeds tried, together. */
export class Totals {
  readonly #counts = new Map<string, number>();
  seeds = 0;
  steps = 0;
  hours = 0;

  add({ counts, steps, lasted }: Outcome): void {
    this.seeds += 1;
    this.steps += steps;
    this.hours += lasted / 3_600_000;
    for (const [name, count] of counts) this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  text(seconds: number): string {
    const count = (name: string): number => this.#counts.get(name) ?? 0;
    const rate = (this.seeds / seconds).toFixed(1);
    return [
      `${this.seeds} seeds, ${this.steps} steps, ${Math.round(this.hours)} simulated hours in ${seconds.toFixed(1)} s (${rate} seeds a second)`,
      `commands to Redis ${count('redis')} · accepted by mailboxes ${count('accepted')} · decisions committed ${count('commits')}`,
      `decisions lost by failovers ${count('lost')} · commits done again from journals ${count('redone')} · messages told as lost ${count('told')}`,
      `answers ${count('answers')} · refusals ${count('refusals')} · without a clear answer ${count('unknown')} · jobs ${count('jobs')}`,
      `seeds judged by what clients saw ${count('judged')} · deposits that followed a migration ${count('moved away')} · told in feeds of native seeds: ${NEWS.map((type) => `${type} ${count(`feed ${type}`)}`).join(' · ')}`,
      `decisions of agents ${count('decisions')} · undone ${count('decisions undone')} · left before ${count('decisions that had left')} · lines of lots: ${LINES_OF_LOTS.map((result) => `${result} ${count(`line ${result}`)}`).join(' · ')} · processes killed in a lot ${count('killed in a lot')} · files sent before ${count('files sent before')}, another folder had ${count('files another folder had')}`,
      `faults: ${[...FAULTS, ...STAGED].map((fault) => `${fault} ${count(`fault ${fault}`)}`).join(' · ')}`,
    ].join('\n');
  }
}
