/** Commands of this machine, and packages of Debian or Ubuntu for those it lacks. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Where commands are looked for, and whether this process may install packages. */
export type Machine = { path: string; root: boolean };

export const here = (): Machine => ({ path: process.env['PATH'] ?? '', root: process.getuid?.() === 0 });

/** The full path of a command of this machine. */
export function executable(name: string, machine = here()): string | undefined {
  const paths = machine.path.split(':').filter(Boolean);
  return paths.map((folder) => join(folder, name)).find(isExecutable);
}

/** The words after `apt-get` that install a package alone: none of ours holds a service, so nothing starts by itself. */
export const wordsFor = (name: string): string[] => ['install', '-y', '--no-install-recommends', name];

/** Installs a package, as root. Whether it worked shows in what it should have brought. */
export function install(apt: string, name: string): void {
  if (run(apt, wordsFor(name))) return;
  // The package lists of a fresh image are empty.
  run(apt, ['update']);
  run(apt, wordsFor(name));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function run(command: string, args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
