/** `run.ts [options]`: what `./hub chaos` runs. */
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { redisBinary } from '#ops/redis/binary.ts';
import { FAULTS } from './faults.ts';
import { keep, stories, table } from './report.ts';
import { type Outcome, tryFault } from './trial.ts';

const MINUTES = '5';
const MINUTE_MS = 60_000;
const SEEDS = 1_000_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: MINUTES },
    seed: { type: 'string', default: String(randomInt(SEEDS)) },
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

function redisVersion(): string {
  const text = execFileSync(redisBinary(), ['--version'], { encoding: 'utf8' });
  return /v=(\S+)/.exec(text)?.[1] ?? 'unknown';
}

async function main(): Promise<number> {
  const names = values.only?.split(',') ?? FAULTS.map(({ name }) => name);
  const unknown = names.filter((name) => !FAULTS.some((fault) => fault.name === name));
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  if (unknown.length > 0 || !(minutes > 0) || !Number.isSafeInteger(seed)) {
    console.error(`chaos: --minutes=M --seed=S --keep --only=FAULT,… of ${FAULTS.map(({ name }) => name).join(' ')}`);
    return 2;
  }
  const faults = FAULTS.filter(({ name }) => names.includes(name));
  console.log(`seed ${seed}: ${faults.length} faults in about ${minutes} min`);
  const outcomes: Outcome[] = [];
  for (const fault of faults) {
    const outcome = await tryFault(fault, seed, (minutes * MINUTE_MS) / faults.length);
    outcomes.push(outcome);
    console.log(table([outcome]).split('\n').at(-1));
    if (outcome.findings.length > 0) console.log(stories(outcome));
  }
  console.log(`\n${table(outcomes)}`);
  if (values.keep) keep(outcomes, `--minutes=${minutes} --seed=${seed} --only=${names.join()}`, redisVersion());
  return outcomes.some(({ findings }) => findings.length > 0) ? 1 : 0;
}

process.exitCode = await main();
