/** Finds nginx on this machine, or unpacks Debian's package into this folder: installed, it would start a service. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { executable, here, type Machine } from '#ops/debian.ts';
import { hubFolder } from '#ops/place.ts';

const PACKAGE = 'nginx';

/** The path of nginx; undefined when this machine has none and cannot fetch it. */
export function nginxBinary(machine = here(), folder = join(hubFolder, PACKAGE)): string | undefined {
  const unpacked: Machine = { ...machine, path: `${machine.path}:/usr/sbin:${join(folder, 'usr/sbin')}` };
  const found = executable(PACKAGE, unpacked);
  if (found !== undefined) return found;
  const apt = executable('apt-get', machine);
  const dpkg = executable('dpkg-deb', machine);
  if (apt === undefined || dpkg === undefined) return undefined;
  mkdirSync(hubFolder, { recursive: true });
  const scratch = mkdtempSync(join(hubFolder, 'fetch-'));
  try {
    // As root apt-get would change to a user who may not write here, and say so.
    const words = ['-qq', '-o', 'APT::Sandbox::User=root', 'download', PACKAGE];
    if (!ran(apt, words, scratch) && machine.root) {
      ran(apt, ['-qq', 'update'], scratch);
      ran(apt, words, scratch);
    }
    const file = readdirSync(scratch).find((name) => name.endsWith('.deb'));
    if (file === undefined || !ran(dpkg, ['-x', file, 'tree'], scratch)) return undefined;
    renameSync(join(scratch, 'tree'), folder);
  } catch (error) {
    // Somebody else has just put it there.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return executable(PACKAGE, unpacked);
}

const ran = (command: string, words: string[], cwd: string): boolean =>
  spawnSync(command, words, { cwd, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
