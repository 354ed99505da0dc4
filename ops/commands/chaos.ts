/**
 * `./hub chaos [--minutes=M] [--seed=S] [--only=FAULT,…] [--cluster] [--keep]`: real processes under load, killed, frozen and
 * robbed of their files; at the end all that was answered is read back. `--cluster`: three masters with a replica each instead
 * of one Redis, whose settings follow HUB_DURABILITY. `--keep` adds the table to bench/RESULTS.md.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { executable, here } from '#ops/debian.ts';
import { projectFolder } from '#ops/place.ts';

const words = [process.execPath, join(projectFolder, 'test/chaos/run.ts'), ...process.argv.slice(2)];
const unshare = here().root ? executable('unshare') : undefined;
const apart = unshare !== undefined && spawnSync(unshare, ['--mount', 'true']).status === 0;
// Small disks are mounted where nobody else sees them, and are gone with the run, however it ends.
const [command, ...args] = apart ? [unshare, '--mount', ...words] : words;
const run = spawnSync(command as string, args, { stdio: 'inherit' });
process.exitCode = run.status ?? 1;
