import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hubFolder } from '#ops/place.ts';
import type { Outcome } from './trial.ts';

/** The last outcome of each drill on this machine: `all` may be played in several goes, and one alert again. */
export interface Kept {
  outcome: Outcome;
  /** ISO date */
  at: string;
  factor: number;
}

const FOLDER = join(hubFolder, 'drills');

export function keepOutcome(outcome: Outcome, factor: number): void {
  mkdirSync(FOLDER, { recursive: true });
  const kept: Kept = { outcome, at: new Date().toISOString(), factor };
  writeFileSync(join(FOLDER, `${outcome.drill.alert}.json`), JSON.stringify(kept));
}

/** By alert. */
export function keptOutcomes(): Map<string, Kept> {
  mkdirSync(FOLDER, { recursive: true });
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  const all = files.map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Kept);
  return new Map(all.map((kept) => [kept.outcome.drill.alert, kept]));
}
