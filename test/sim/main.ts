import { parseArgs } from 'node:util';
import { real, replaceGlobals } from './clockwork.ts';
import { openSimServer } from './server.ts';
import { type Outcome, simulate } from './simulate.ts';

const FIRST = 1;
const LINES = 60;

function report({ seed, failure, lines, steps }: Outcome): void {
  console.log(lines.slice(-LINES).join('\n'));
  console.log(`seed ${seed} failed after ${steps} steps: ${failure?.stack}`);
  console.log(`again: ./hub sim --seed=${seed}`);
}

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      stories: { type: 'string' },
      trace: { type: 'boolean' },
    },
  });
  const seeds = values.seed === undefined ? Number(values.seeds ?? 20) : 1;
  const first = Number(values.seed ?? FIRST);
  const server = await openSimServer((_, text) => text);
  replaceGlobals();
  const began = real.performanceNow();
  const totals = new Map<string, number>();
  let failed = 0;
  for (let seed = first; seed < first + seeds; seed += 1) {
    const options = {
      seed,
      print: values.trace ?? false,
      ...(values.stories ? { stories: Number(values.stories) } : {}),
    };
    const outcome = await simulate(server, options);
    totals.set('steps', (totals.get('steps') ?? 0) + outcome.steps);
    for (const [name, count] of outcome.counts) totals.set(name, (totals.get(name) ?? 0) + count);
    if (outcome.failure) {
      failed += 1;
      report(outcome);
      break;
    }
    if (seed === first) {
      const again = await simulate(server, options);
      if (again.digest !== outcome.digest) {
        failed += 1;
        console.log(`seed ${seed} gives two histories: ${outcome.digest}, then ${again.digest}`);
      }
    }
  }
  const seconds = (real.performanceNow() - began) / 1000;
  console.log(`${seeds} seeds in ${seconds.toFixed(1)} s (${(seeds / seconds).toFixed(1)} a second)`);
  console.log([...totals].map(([name, count]) => `${name} ${count}`).join(' · '));
  await server.close();
  return failed === 0 ? 0 : 1;
}
