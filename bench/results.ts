import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { hubFolder, projectFolder } from '#ops/place.ts';
import type { Second } from './timeline.ts';

/** One figure of a bench with what was aimed at. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** undefined: nothing was promised */
  aim?: { atLeast?: number; atMost?: number };
}

/** A run of a bench, as it is kept. */
export interface Result {
  bench: string;
  /** ISO 8601 */
  at: string;
  commit: string;
  machine: string;
  settings: string;
  figures: Figure[];
  series: Second[];
  /** whether `./hub bench report` shows it: trial runs are not */
  keep: boolean;
}

const GIB = 1024 ** 3;
/** The committed page: what `./hub bench report` writes, and `./hub chaos --keep` adds to. */
export const RESULTS = join(projectFolder, 'bench', 'RESULTS.md');
const FOLDER = join(hubFolder, 'bench');

/** What a run measures: `hub` says with which flags it runs. */
const PRODUCT = ['hub', 'engine', 'api', 'ops', 'portal', 'package-lock.json'];

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

function commit(): string {
  const dirty = command('git', 'status', '--porcelain', '--', ...PRODUCT) === '' ? '' : ' with local changes';
  return `${command('git', 'rev-parse', '--short', 'HEAD')}${dirty}`;
}

/** Date, commit and machine of a run. */
export const circumstances = (redis: string): string =>
  `${new Date().toISOString()}, commit ${commit()}, ${machine(redis)}.`;

const met = ({ value, aim }: Figure): string => {
  if (aim === undefined) return '';
  const ok = value >= (aim.atLeast ?? Number.NEGATIVE_INFINITY) && value <= (aim.atMost ?? Number.POSITIVE_INFINITY);
  return ok ? 'met' : '**missed**';
};

const aimText = ({ aim, unit }: Figure): string => {
  if (aim?.atLeast !== undefined) return `≥ ${rounded(aim.atLeast)} ${unit}`;
  if (aim?.atMost !== undefined) return `≤ ${rounded(aim.atMost)} ${unit}`;
  return '—';
};

/** An aim as it was said: some are quotients. */
const rounded = (value: number): number => Number(value.toPrecision(5));

export const shown = ({ value, unit }: Pick<Figure, 'value' | 'unit'>): string =>
  `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`;

/** A result as a section of bench/RESULTS.md. */
export const section = ({ bench, at, commit, machine, settings, figures }: Result): string =>
  [
    `## ${bench}`,
    '',
    `${at}, commit ${commit}, ${machine}.`,
    settings,
    '',
    '| figure | measured | aim | |',
    '|-|-|-|-|',
    ...figures.map((one) => `| ${one.name} | ${shown(one)} | ${aimText(one)} | ${met(one)} |`),
    '',
  ].join('\n');

/** Another load or other servers are another bench: its figures must not take the place of the usual ones. */
const VARIANT = /^--(rate|engines|beside|durability)=|^--cluster$/;

/**
 * Prints a bench's figures, and keeps them under .hub/bench with date, commit, machine and settings; with `--keep`,
 * `./hub bench report` shows them in bench/RESULTS.md.
 */
export function report(
  bench: string,
  settings: string,
  figures: readonly Figure[],
  redis: string,
  series: readonly Second[] = [],
): void {
  const variant = process.argv.filter((word) => VARIANT.test(word));
  const offered = variant.some((word) => word.startsWith('--rate='));
  const result: Result = {
    bench: [bench, ...variant].join(' '),
    at: new Date().toISOString(),
    commit: commit(),
    machine: machine(redis),
    settings,
    // What an open loop offers is no measure of what could be done.
    figures: figures.map(({ aim, ...figure }) =>
      aim && !(offered && figure.unit === '/s') ? { ...figure, aim } : figure,
    ),
    series: [...series],
    keep: process.argv.includes('--keep'),
  };
  console.log(`\n${section(result)}`);
  mkdirSync(FOLDER, { recursive: true });
  const file = `${result.bench}-${result.at}`.replaceAll(/[^\w.-]/g, '');
  writeFileSync(join(FOLDER, `${file}.json`), `${JSON.stringify(result)}\n`);
}

/** Runs that `--keep` asked to keep, oldest first. */
export function keptResults(): Result[] {
  const all = globSync('*.json', { cwd: FOLDER }).map(
    (file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Result,
  );
  return all.filter(({ keep }) => keep).sort((a, b) => a.at.localeCompare(b.at));
}
