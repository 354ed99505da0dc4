import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { MUTATIONS, type Mutation } from './mutations.ts';

/** Seeds a mutation may survive at most. */
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

/** @returns undefined when no seed found it */
export async function hunt({ name }: Mutation): Promise<Catch | undefined> {
  const { code, output } = await run(`--mutation=${name}`, `--seeds=${SEEDS}`, '--no-shrink');
  const said = FAILED.exec(output)?.[1];
  if (code === 0 || said === undefined) return undefined;
  return { seeds: Number(TOTAL.exec(output)?.[1]), said: said.slice(0, SHOWN) };
}

/** `--mutations`: all of them, one line each. */
export async function huntAll(): Promise<number> {
  let missed = 0;
  for (const mutation of MUTATIONS) {
    const found = await hunt(mutation);
    if (found === undefined) missed += 1;
    const how = found ? `found by seed ${found.seeds}: ${found.said}` : `NOT FOUND in ${SEEDS} seeds`;
    console.log(`${mutation.name.padEnd(14)} ${how}\n${' '.repeat(15)}${mutation.about}`);
  }
  return missed === 0 ? 0 : 1;
}
