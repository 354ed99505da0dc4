import { parseArgs } from 'node:util';
import { WrongOption } from '#ops/life.ts';
import { real, replaceGlobals } from './clockwork.ts';
import { luaOf, type Mutation } from './mutations.ts';
import { commandOf, describe, Totals } from './report.ts';
import { openSimServer, type SimServer } from './server.ts';
import { shrink } from './shrink.ts';
import { type Options, type Outcome, simulate } from './simulate.ts';
import { FAULTS, type Fault, STAGED } from './weather.ts';

const SEEDS = 1_000;
/** Every so many seeds are run twice: the same seed must give the same history. */
const TWICE_EVERY = 40;
const S = 1_000;

interface Wanted {
  first: number;
  seeds: number;
  options: Omit<Options, 'seed'>;
  /** failures are made smaller */
  shrinks: boolean;
  mutation: Mutation | undefined;
}

/** @throws WrongOption */
function whole(name: string, text: string, least = 0): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least) return number;
  throw new WrongOption(`--${name}=${text} is no whole number from ${least}`);
}

/** @throws WrongOption */
function faultsOf(text: string): Fault[] {
  const known = [...FAULTS, ...STAGED];
  const wanted = text === '' ? [] : text.split(',');
  const unknown = wanted.filter((name) => !known.some((one) => one === name));
  if (unknown.length > 0) throw new WrongOption(`no fault ${unknown.join()}. There is: ${known.join(' ')}`);
  return known.filter((fault) => wanted.includes(fault));
}

function wantedOf(args: string[], mutation: Mutation | undefined): Wanted {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      from: { type: 'string' },
      stories: { type: 'string' },
      without: { type: 'string' },
      only: { type: 'string' },
      trace: { type: 'boolean' },
      'no-shrink': { type: 'boolean' },
      mutation: { type: 'string' },
    },
  });
  const one = values.seed !== undefined;
  return {
    first: one ? whole('seed', values.seed as string) : whole('from', values.from ?? '1'),
    seeds: one ? 1 : whole('seeds', values.seeds ?? String(SEEDS), 1),
    options: {
      ...(values.stories === undefined ? {} : { stories: whole('stories', values.stories) }),
      ...(values.without === undefined
        ? {}
        : { without: values.without.split(',').map((story) => whole('without', story)) }),
      ...(values.trace ? { print: true } : {}),
      ...(mutation?.faults ? { only: mutation.faults } : {}),
      ...(values.only === undefined ? {} : { only: faultsOf(values.only) }),
    },
    shrinks: !values['no-shrink'] && !values.trace && values.without === undefined,
    mutation,
  };
}

/** @returns exit code: 0 when every seed held */
export async function main(args: string[], mutation: Mutation | undefined): Promise<number> {
  const wanted = wantedOf(args, mutation);
  const server = await openSimServer(luaOf(mutation));
  replaceGlobals();
  const began = real.performanceNow();
  const totals = new Totals();
  let failed = false;
  for (let seed = wanted.first; !failed && seed < wanted.first + wanted.seeds; seed += 1) {
    const options = { ...wanted.options, seed };
    const outcome = await simulate(server, options);
    totals.add(outcome);
    failed = outcome.failure !== undefined;
    if (failed) await tell(server, wanted, options, outcome);
    else if ((seed - wanted.first) % TWICE_EVERY === 0) failed = !(await same(server, options, outcome));
  }
  console.log(totals.text((real.performanceNow() - began) / S));
  await server.close();
  return failed ? 1 : 0;
}

async function tell(
  server: SimServer,
  { shrinks, mutation }: Wanted,
  options: Options,
  outcome: Outcome,
): Promise<void> {
  if (!shrinks) {
    console.log(describe(options, outcome, mutation?.name));
    return;
  }
  console.log(`seed ${options.seed} failed after ${outcome.steps} steps; looking for a smaller history`);
  const [smaller, found] = await shrink(server, options, outcome);
  console.log(describe(smaller, found, mutation?.name));
  console.log(`as it was first: ${commandOf(options, mutation?.name)}`);
}

async function same(server: SimServer, options: Options, { digest }: Outcome): Promise<boolean> {
  const again = await simulate(server, { ...options, print: false });
  if (again.digest === digest) return true;
  console.log(`seed ${options.seed} gives two histories: ${digest}, then ${again.digest}`);
  return false;
}
