import { appendFileSync } from 'node:fs';
import { circumstances, RESULTS } from '#bench/results.ts';
import type { Sort } from './checker.ts';
import { WAYS } from './history.ts';
import type { Outcome } from './trial.ts';

/** What a run has to say: one line a fault. */
const SHOWN = 10;
const MS = 1000;

const count = ({ findings }: Outcome, sort: Sort): number => findings.filter((one) => one.sort === sort).length;

export function table(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((one) =>
    [
      one.fault,
      one.times,
      one.kills,
      one.acknowledged,
      count(one, 'lost'),
      count(one, 'doubled'),
      count(one, 'reordered'),
      (one.unavailableMs / MS).toFixed(1),
    ].join(' | '),
  );
  const head =
    'fault | times tried | kills | requests acknowledged | lost | doubled | reordered | longest unavailability, s';
  return [head, '- | - | - | - | - | - | - | -', ...rows].map((row) => `| ${row} |`).join('\n');
}

/** What went which road, in all faults together. */
export function roads(outcomes: readonly Outcome[]): string {
  const findings = outcomes.flatMap((outcome) => outcome.findings);
  const rows = WAYS.map((way) => {
    const found = (sort: Sort): number =>
      findings.filter((one) => one.sort === sort && (one.way ?? 'contract') === way).length;
    const answered = outcomes.reduce((sum, { ways }) => sum + ways[way], 0);
    return [way, answered, found('lost'), found('doubled'), found('reordered')].join(' | ');
  });
  const head = 'road | requests acknowledged, frames received | lost | doubled | reordered';
  return [head, '- | - | - | - | -', ...rows].map((row) => `| ${row} |`).join('\n');
}

const FATES = ['noticed', 'unread', 'unnoticed'] as const;

/** What became of bits that were turned over; empty when none was. */
export function bits(outcomes: readonly Outcome[]): string {
  const rows = outcomes
    .filter(({ flips }) => flips.length > 0)
    .map(({ fault, flips }) => {
      const ways = Map.groupBy(flips, ({ how }) => how);
      const how = Array.from(ways, ([way, list]) => `${list.length} ${way}`).join('; ');
      const counts = FATES.map((fate) => flips.filter((flip) => flip.fate === fate).length);
      return [fault, flips.length, ...counts, how].join(' | ');
    });
  if (rows.length === 0) return '';
  const head = 'fault | bits turned over | noticed | lie where nobody reads | not noticed | how';
  return `\n\n${[head, '- | - | - | - | - | -', ...rows].map((row) => `| ${row} |`).join('\n')}`;
}

export function stories({ fault, findings, folder }: Outcome): string {
  const lines = findings.slice(0, SHOWN).map(({ sort, what }) => `  ${sort}: ${what}`);
  const more = findings.length > SHOWN ? [`  … and ${findings.length - SHOWN} more`] : [];
  return [`${fault}: everything is kept in ${folder}`, ...lines, ...more].join('\n');
}

/** In bench/RESULTS.md, in the form of the benchmarks. */
export function keep(outcomes: readonly Outcome[], words: string, redis: string): void {
  const text = `\n## chaos\n\n${circumstances(redis)}\n\`./hub chaos ${words}\`: real processes killed, frozen and robbed of their files under load; what they answered was then read back.\n\n${table(outcomes)}\n\n${roads(outcomes)}${bits(outcomes)}\n`;
  appendFileSync(RESULTS, text);
}
