/**
 * `./hub chaos [--minutes=M] [--seed=S] [--only=FAULT,…] [--keep]`: real processes under load, killed, frozen and robbed of
 * their files; at the end all that was answered is read back. `--keep` adds the table to bench/RESULTS.md.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectFolder } from '#ops/place.ts';

const run = spawnSync(process.execPath, [join(projectFolder, 'test/chaos/run.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = run.status ?? 1;
