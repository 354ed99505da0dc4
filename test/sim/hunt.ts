import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { WrongOption } from '#ops/life.ts';
import { MUTATIONS, type Mutation } from './mutations.ts';

/**
 * Seeds a mutation may survive at most: the only bound, since how long a seed takes is the machine's affair. Most are
 * found by the first few, the rarest need tens; one that survives so many is not looked for by this world any more.
 */
export const SEEDS = 300;

export interface Catch {
  /** seeds it took */
  seeds: number;
  /** what the checkers said */
  said: string;
}

const FAILED = /^seed \d+ failed after \d+ steps: (.*)$/m;
const TOTAL = /^(\d+) seeds, /m;
const SHOWN = 110;

/** Runs the simulation in a process of its own. */
export function run(...options: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'run.ts'), ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * @returns undefined when no seed found it. @throws Error when the run ended in any other way, or when that seed fails
 * without the mutation too: it then found something else
 */
export async function hunt({ name, faults }: Mutation): Promise<Catch | undefined> {
  const { code, output } = await run(`--mutation=${name}`, `--seeds=${SEEDS}`, '--no-shrink');
  const said = FAILED.exec(output)?.[1];
  if (code === 0) return undefined;
  if (said === undefined) throw new Error(`with ${name}, the run ended so: ${output.trim().split('\n').at(-1)}`);
  const seeds = Number(TOTAL.exec(output)?.[1]);
  const sound = await run(`--seed=${seeds}`, '--no-shrink', ...(faults ? [`--only=${faults.join(',')}`] : []));
  if (sound.code !== 0) throw new Error(`seed ${seeds}, which found ${name}, fails without it too: ${sound.output}`);
  return { seeds, said: said.slice(0, SHOWN) };
}

function tell(found: Catch | Error | undefined): string {
  if (found === undefined) return `NOT FOUND in ${SEEDS} seeds`;
  if (found instanceof Error) return `NOT FOUND: ${found.message}`;
  return `found by seed ${found.seeds}: ${found.said}`;
}

/** `--mutations`: all of them, or those named behind a `=`; one line each, and how many seeds they took. */
export async function huntAll(names: readonly string[]): Promise<number> {
  const wanted = names.length === 0 ? MUTATIONS : MUTATIONS.filter(({ name }) => names.includes(name));
  const unknown = names.filter((name) => wanted.every((one) => one.name !== name));
  if (unknown.length > 0)
    throw new WrongOption(
      `no mutation « ${unknown.join(', ')} ». There is: ${MUTATIONS.map(({ name }) => name).join(' ')}`,
    );
  const missed: string[] = [];
  let seeds = 0;
  for (const mutation of wanted) {
    const found = await hunt(mutation).catch((error: Error) => error);
    console.log(`${mutation.name.padEnd(15)} ${tell(found)}\n${' '.repeat(16)}${mutation.about}`);
    if (found === undefined || found instanceof Error) missed.push(mutation.name);
    else seeds += found.seeds;
  }
  const not = missed.length === 0 ? '' : `; not: ${missed.join(', ')}`;
  console.log(`${wanted.length - missed.length} of ${wanted.length} known bugs found, ${seeds} seeds in all${not}`);
  return missed.length === 0 ? 0 : 1;
}
