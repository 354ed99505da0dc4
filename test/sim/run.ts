/** `run.ts [options]`: what `./hub sim` runs, in a process of its own, since it replaces its clocks and its chance. */
import { complain, WrongOption } from '#ops/life.ts';
import { huntAll } from './hunt.ts';
import { MUTATIONS } from './mutations.ts';
import { patch, SMALL } from './patches.ts';

const MUTATION = '--mutation=';
const args = process.argv.slice(2);

async function simulation(): Promise<number> {
  const wanted = args.find((word) => word.startsWith(MUTATION))?.slice(MUTATION.length);
  const mutation = MUTATIONS.find(({ name }) => name === wanted);
  if (wanted !== undefined && mutation === undefined)
    throw new WrongOption(`no mutation « ${wanted} ». There is: ${MUTATIONS.map(({ name }) => name).join(' ')}`);
  // Before anything of the product is loaded.
  patch([...SMALL, ...(mutation?.source ?? [])]);
  const { main } = await import('./main.ts');
  return main(args, mutation);
}

/** A wrong option is said in one line, by name: the parser's own errors bear a code. */
function told(error: unknown): number {
  if (error instanceof WrongOption) return complain(error);
  const { code, message } = error as NodeJS.ErrnoException;
  if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
  console.error(`hub: ${message.split('. ')[0]}. ./hub help lists the options of sim`);
  return 2;
}

const hunted = args.map((word) => /^--mutations(?:=(.*))?$/.exec(word)).find((found) => found !== null);

async function hunt(names: readonly string[]): Promise<number> {
  if (args.length > 1) throw new WrongOption(`--mutations goes alone, without ${args.slice(1).join(' ')}`);
  return huntAll(names);
}

process.exitCode = await (hunted ? hunt(hunted[1]?.split(',') ?? []) : simulation()).catch(told);
