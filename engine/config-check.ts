import { accessSync, constants, statSync } from 'node:fs';
import { ConfigError, VARIABLES } from './config.ts';

/**
 * What can be told wrong of the environment of a process as a whole, before anything is opened: names nobody reads, settings
 * that mean nothing without another, folders that are none.
 */

/** Letters by which a name may differ from one of ours to be taken for it, mistyped. */
const SLIPS = 2;
const PREFIX = 'HUB_';

/** @param say gets a line for each name that nobody reads but may be meant for another program @throws ConfigError */
export function checkEnvironment(env: NodeJS.ProcessEnv, say: (line: string) => void): void {
  for (const name of Object.keys(env).filter((each) => each.startsWith(PREFIX))) {
    if (name in VARIABLES || !env[name]) continue;
    const [meant] = Object.keys(VARIABLES).filter((known) => slips(known, name) <= SLIPS);
    if (meant !== undefined) throw new ConfigError(`${name} is no variable of the hub: is ${meant} meant?`);
    say(`${name} is no variable of the hub, and is not read (README.md, Configuration)`);
  }
  if (env['HUB_ADMIN_CLIENT_SECRET'] && !env['HUB_ADMIN_CLIENT_ID'])
    throw new ConfigError('HUB_ADMIN_CLIENT_SECRET is set without HUB_ADMIN_CLIENT_ID: they go together');
  if (env['HUB_REPLICAS'] && env['HUB_DURABILITY'] !== 'replicated')
    throw new ConfigError('HUB_REPLICAS promises nothing without HUB_DURABILITY=replicated: set that, or leave it out');
  if (env['HUB_BLOBS']) checkFolder('HUB_BLOBS', env['HUB_BLOBS']);
}

/** One that is not there yet is made. @throws ConfigError */
export function checkFolder(what: string, path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory()) throw new ConfigError(`${what}: ${path} is a file, not a folder`);
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    throw new ConfigError(
      `${what}: ${path} cannot be written to by user ${process.getuid?.() ?? '?'}: give it that folder`,
    );
  }
}

/** Letters put in, left out, changed or swapped to make one text of another (optimal string alignment). */
function slips(a: string, b: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? (before[j - 2] as number) + 1
          : Number.POSITIVE_INFINITY;
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, changed, swapped));
    }
    [before, row] = [row, next];
  }
  return row[b.length] as number;
}
