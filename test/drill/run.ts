/** `run.ts ALERT…|all|report`: what `./hub drill` runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '#ops/life.ts';
import { projectFolder } from '#ops/place.ts';
import { DRILLS, missing } from './drills.ts';
import { keepOutcome, keptOutcomes } from './kept.ts';
import { keep, story } from './report.ts';
import { FACTOR, type Outcome, tryDrill } from './trial.ts';

const ALERT = /^\s*- alert: (\w+)$/gm;

/** Names of the project's alerts, each once. */
function alerts(): string[] {
  const text = readFileSync(join(projectFolder, 'ops/prometheus/alerts.yml'), 'utf8');
  return [...new Set([...text.matchAll(ALERT)].map(([, name]) => name as string))];
}

/** Words that go with no other. */
const ALONE = ['all', 'report'];
const UNWRITTEN = 'aucun exercice n’est écrit';
const UNPLAYED = 'pas joué sur cette machine';

/** DRILLS.md, of what was played here last. @returns how many alerts are missing in it, or were not seen */
function write(why: ReadonlyMap<string, string>): number {
  const kept = keptOutcomes();
  const played = alerts().flatMap((name) => kept.get(name) ?? []);
  const written = new Set(DRILLS.map(({ alert }) => alert));
  const left = alerts()
    .filter((name) => !kept.has(name))
    .map((name) => [name, written.has(name) ? (why.get(name) ?? UNPLAYED) : UNWRITTEN] as const);
  keep(played, left);
  return left.length + played.filter(({ outcome }) => outcome.troubles.length > 0).length;
}

async function main(words: readonly string[]): Promise<number> {
  const names = DRILLS.map(({ alert }) => alert);
  const unknown = words.filter((word) => ![...names, ...ALONE].includes(word));
  const crowded = words.length > 1 && words.some((word) => ALONE.includes(word));
  if (words.length === 0 || unknown.length > 0 || crowded) {
    say(
      `./hub drill ${words.join(' ')}: no such drill. ALERT…, or one of all, report, quiet. There is: ${names.join(' ')}`,
    );
    return 2;
  }
  if (words[0] === 'report') return write(new Map()) === 0 ? 0 : 1;
  const all = words.includes('all');
  const why = new Map<string, string>();
  const outcomes: Outcome[] = [];
  for (const drill of DRILLS) {
    if (!all && !words.includes(drill.alert)) continue;
    const reason = missing(drill);
    if (reason !== undefined) {
      console.log(`not here: ${drill.alert}: ${reason}`);
      why.set(drill.alert, reason);
      continue;
    }
    const outcome = await tryDrill(drill, FACTOR);
    keepOutcome(outcome, FACTOR);
    outcomes.push(outcome);
    console.log(story(outcome));
  }
  if (all) write(why);
  return why.size > 0 || outcomes.some(({ troubles }) => troubles.length > 0) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
