/** Finds Prometheus, Alertmanager and their tools, or fetches them into this folder without starting anything, or says what to do. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { executable, here, type Machine } from '#ops/debian.ts';
import { hubFolder } from '#ops/place.ts';

export type Program = 'prometheus' | 'promtool' | 'alertmanager' | 'amtool';

/** What the machine lacks and how to provide it, in one sentence. */
export class MissingProgram extends Error {
  override name = 'MissingProgram';
}

/** Debian's packages. Installed by apt-get they would start system services: they are unpacked here instead. */
const PACKAGES = { prometheus: 'prometheus', alertmanager: 'prometheus-alertmanager' } as const;

/** By which names a program is called, Debian's own included, and what package holds it. */
const PROGRAMS: Record<Program, { names: readonly string[]; from: string }> = {
  prometheus: { names: ['prometheus'], from: PACKAGES.prometheus },
  promtool: { names: ['promtool'], from: PACKAGES.prometheus },
  alertmanager: { names: ['alertmanager', 'prometheus-alertmanager'], from: PACKAGES.alertmanager },
  amtool: { names: ['amtool'], from: PACKAGES.alertmanager },
};

const ALERTMANAGER = 'usr/bin/prometheus-alertmanager';
const TEMPLATES = '/usr/share/prometheus/alertmanager';
/** As long as the other: a text in a program cannot grow. */
const HERE = 'usr//share/prometheus/alertmanager';

const own = (name: string): string => `put a « ${name} » of your own in PATH`;

/**
 * The path of a program: the machine's, else the one unpacked in `.hub/supervision`, which is fetched when it lacks.
 * @throws MissingProgram
 */
export function supervisionBinary(name: Program, machine = here(), folder = join(hubFolder, 'supervision')): string {
  const { from } = PROGRAMS[name];
  const found = find(name, machine, join(folder, from));
  if (found !== undefined) return found;
  const apt = executable('apt-get', machine);
  const dpkg = executable('dpkg-deb', machine);
  if (apt === undefined || dpkg === undefined)
    throw new MissingProgram(`no ${name} here, nor a Debian to fetch it from: ${own(name)}.`);
  console.error(`hub: fetching ${from} into ${folder}: the programs only, no service`);
  unpack({ apt, dpkg, root: machine.root }, from, folder);
  const path = find(name, machine, join(folder, from));
  if (path !== undefined) return path;
  const lists = machine.root ? '' : 'run « sudo apt-get update », or ';
  throw new MissingProgram(`« apt-get download ${from} » did not provide ${name}: ${lists}${own(name)}.`);
}

function find(name: Program, machine: Machine, unpacked: string): string | undefined {
  const path = `${machine.path}:${join(unpacked, 'usr', 'bin')}`;
  for (const word of PROGRAMS[name].names) {
    const found = executable(word, { ...machine, path });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Downloads and unpacks beside, then puts it in place at once: two commands may do so at the same time. */
function unpack({ apt, dpkg, root }: { apt: string; dpkg: string; root: boolean }, name: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(join(folder, 'fetch-'));
  // As root apt-get would change to a user who may not write here, and say so.
  const words = ['-qq', '-o', 'APT::Sandbox::User=root', 'download', name];
  try {
    // The package lists of a fresh image are empty, and only root may fill them.
    if (!run(apt, words, scratch) && root) {
      run(apt, ['-qq', 'update'], scratch);
      run(apt, words, scratch);
    }
    const file = readdirSync(scratch).find((one) => one.endsWith('.deb'));
    if (file === undefined || !run(dpkg, ['-x', file, 'tree'], scratch)) return;
    if (name === PACKAGES.alertmanager) unroot(join(scratch, 'tree', ALERTMANAGER));
    renameSync(join(scratch, 'tree'), join(folder, name));
  } catch (error) {
    // Somebody else has just put it there.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Debian's Alertmanager reads its templates from /usr only: in this copy the path begins where it is started. */
function unroot(path: string): void {
  const bytes = readFileSync(path);
  for (let at = bytes.indexOf(TEMPLATES); at >= 0; at = bytes.indexOf(TEMPLATES, at + 1)) bytes.write(HERE, at);
  writeFileSync(path, bytes);
}

/** Where a program has to be started: what was unpacked finds its files from there; what the machine has does anywhere. */
export const homeOf = (binary: string): string => join(dirname(binary), '../..');

function run(command: string, args: string[], cwd: string): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
