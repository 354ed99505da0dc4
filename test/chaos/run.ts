/** `run.ts [options]`: what `./hub chaos` runs. */
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { options, say, WrongOption } from '#ops/life.ts';
import { redisBinary } from '#ops/redis/binary.ts';
import { onCluster } from './cluster.ts';
import type { Fault } from './fault.ts';
import { FAULTS, missing } from './faults.ts';
import { bits, keep, roads, stories, table } from './report.ts';
import { type Outcome, tryFault } from './trial.ts';

const MINUTES = '5';
const MINUTE_MS = 60_000;
const SEEDS = 1_000_000;
/** Of a fault's share of the time: the rest is for starting the product, and for reading all back. */
const LOADED = 0.65;
/** Deaths without a word in a run of all faults: 200 in ten minutes. */
const KILLS_PER_MINUTE = 20;
const MISSING_EXIT = 3;

interface Plan {
  faults: readonly Fault[];
  minutes: number;
  seed: number;
  words: string;
  keep: boolean;
}

/** @throws WrongOption */
function planOf(given: ReturnType<typeof options>): Plan {
  const known = given['cluster'] === true ? onCluster(FAULTS) : FAULTS;
  const all = known.map(({ name }) => name);
  const names = given['only'] === undefined ? all : String(given['only']).split(',');
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new WrongOption(`no fault ${unknown.join()}. There is: ${all.join(' ')}`);
  const minutes = Number(given['minutes'] ?? MINUTES);
  if (!(minutes > 0 && Number.isFinite(minutes))) throw new WrongOption(`--minutes=${given['minutes']} is no time`);
  const seed = Number(given['seed'] ?? randomInt(SEEDS));
  if (!Number.isSafeInteger(seed)) throw new WrongOption(`--seed=${given['seed']} is not a whole number`);
  const only = given['only'] === undefined ? '' : ` --only=${given['only']}`;
  return {
    faults: known.filter(({ name }) => names.includes(name)),
    minutes,
    seed,
    words: `${given['cluster'] === true ? '--cluster ' : ''}--minutes=${minutes} --seed=${seed}${only}`,
    keep: given['keep'] === true,
  };
}

const weightOf = ({ weight = 1 }: Fault): number => weight;

/** The heaviest last: it has what time is left, and the deaths that are still wanted. */
async function tryAll({ faults, minutes, seed }: Plan): Promise<Outcome[]> {
  const end = performance.now() + minutes * MINUTE_MS;
  const wanted = faults.length === FAULTS.length ? Math.round(minutes * KILLS_PER_MINUTE) : 0;
  const outcomes: Outcome[] = [];
  const order = faults.toSorted((a, b) => weightOf(a) - weightOf(b));
  let weights = order.reduce((sum, fault) => sum + weightOf(fault), 0);
  for (const fault of order) {
    const now = performance.now();
    const until = now + (Math.max(0, end - now) * weightOf(fault) * LOADED) / weights;
    weights -= weightOf(fault);
    const killed = outcomes.reduce((sum, { kills }) => sum + kills, 0);
    const outcome = await tryFault(fault, seed, { until, kills: fault === order.at(-1) ? wanted - killed : 0 });
    outcomes.push(outcome);
    console.log(table([outcome]).split('\n').at(-1));
    if (outcome.findings.length > 0) console.log(stories(outcome));
  }
  return outcomes;
}

function redisVersion(): string {
  const text = execFileSync(redisBinary(), ['--version'], { encoding: 'utf8' });
  return /v=(\S+)/.exec(text)?.[1] ?? 'unknown';
}

async function main(): Promise<number> {
  const plan = planOf(options(['minutes', 'seed', 'only'], ['cluster', 'keep']));
  const reasons = missing(plan.faults);
  if (reasons.length > 0) {
    const rest = plan.faults.filter((fault) => missing([fault]).length === 0);
    const words = `--minutes=${plan.minutes} --only=${rest.map(({ name }) => name).join()}`;
    say(`${reasons.join('; ')}: run « sudo ./hub chaos ${plan.words} », or « ./hub chaos ${words} » without them.`);
    return MISSING_EXIT;
  }
  console.log(`seed ${plan.seed}: ${plan.faults.length} faults in about ${plan.minutes} min`);
  const outcomes = await tryAll(plan);
  const kills = outcomes.reduce((sum, outcome) => sum + outcome.kills, 0);
  console.log(`\n${table(outcomes)}\n\n${roads(outcomes)}${bits(outcomes)}\n\n${kills} processes died without a word.`);
  if (plan.keep) keep(outcomes, plan.words, redisVersion());
  return outcomes.some(({ findings }) => findings.length > 0) ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof WrongOption)) throw error;
  say(error.message);
  process.exitCode = 2;
}
