/** The life of a long command: its options, what to stop on a signal, its exit code. */
import { parseArgs } from 'node:util';

/** A clean stop hands over partitions, answers what was accepted and syncs Redis. Milliseconds. */
const stopMs = 60_000;

/** Errors whose message says what to do: no stack trace for them. By name, so that no command loads another's parts. */
const selfExplaining = new Set([
  'WrongOption',
  'ConfigError',
  'DomainError',
  'NotDone',
  'NoHub',
  'MissingRedis',
  'MissingProgram',
  'UnfitServer',
  'UnfitFormat',
  'UnreachableRedis',
  'FolderInUse',
  'PortTaken',
  'PortalNotBuilt',
  'NoSnapshot',
  'NotEmpty',
  'WrongBackup',
]);

/** … and those of the system, which name the call and the file. */
const isSelfExplaining = (error: Error): boolean => selfExplaining.has(error.name) || 'syscall' in error;

/** A wrong option: said in one line, exit code 2. */
export class WrongOption extends Error {
  override name = 'WrongOption';
}

/** What was asked cannot be done as things are: the message says why, and what to do. */
export class NotDone extends Error {
  override name = 'NotDone';
}

export const say = (line: string): void => console.error(`hub: ${line}`);

/**
 * Says what was thrown: in one line where that tells what to do, else with where it comes from.
 * @returns the exit code: 2 for a wrong option or variable, else 1
 */
export function complain(error: unknown): number {
  if (!(error instanceof Error)) throw error;
  say(isSelfExplaining(error) ? error.message : (error.stack ?? error.message));
  return error.name === 'WrongOption' || error.name === 'ConfigError' ? 2 : 1;
}

type Given = Record<string, string | boolean | undefined>;

/** The options of the command line by name: those of `names` take a value, those of `switches` none. */
export const options = (names: string[], switches: string[] = []): Given => parsed(names, switches, false).given;

/** The same of a command that takes words too. */
export const optionsAndWords = (names: string[], switches: string[] = []): { given: Given; words: string[] } =>
  parsed(names, switches, true);

/** @throws WrongOption */
function parsed(names: string[], switches: string[], allowPositionals: boolean): { given: Given; words: string[] } {
  const known = [
    ...names.map((name) => [name, { type: 'string' as const }] as const),
    ...switches.map((name) => [name, { type: 'boolean' as const }] as const),
  ];
  try {
    const { values, positionals } = parseArgs({ options: Object.fromEntries(known), strict: true, allowPositionals });
    // None of them may be given several times, which the type of `known` does not say.
    return { given: values as Given, words: positionals };
  } catch (error) {
    const wanted = [...names.map((name) => `--${name}=…`), ...switches.map((name) => `--${name}`)].join(' ');
    throw new WrongOption(
      `${error instanceof Error ? error.message.split('.')[0] : error}. There is: ${wanted || 'none'}`,
    );
  }
}

/** A TCP port of an option, 0 for a free one. */
export function portOption(value: string | boolean | undefined): number | undefined {
  if (value === undefined) return undefined;
  const port = /^\d{1,5}$/.test(String(value)) ? Number(value) : Number.NaN;
  if (!(port <= 65_535)) throw new WrongOption(`--port=${value} is not a port`);
  return port;
}

/**
 * Runs `start`, then waits for SIGINT or SIGTERM and stops what it returned. Exit codes: 0 after a clean stop, 1 when a
 * part could not start or stop, 2 for a wrong option or
 * variable, 130 when a second signal cut the stop short.
 */
export async function live(start: () => Promise<{ stop(): Promise<void> }>): Promise<void> {
  const told = new Promise<void>((tell) => {
    let times = 0;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        times += 1;
        if (times > 1) process.exit(130);
        tell();
      });
    }
  });
  try {
    // A signal while starting waits for the start to end, so that nothing half-started is left behind.
    const running = await start();
    await told;
    const late = setTimeout(() => {
      say(`not stopped after ${stopMs / 1000} s`);
      process.exit(1);
    }, stopMs);
    late.unref();
    await running.stop();
    process.exit(0);
  } catch (error) {
    process.exit(complain(error));
  }
}
