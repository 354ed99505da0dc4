/**
 * `./hub sim [--seeds=N] [--seed=S] [--mutations]`: the whole hub in simulation, faults included; the same seed gives the
 * same history. `--trace` prints each step, `--from=S` begins at another seed, `--only=FAULT,…` has no other faults.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectFolder } from '#ops/place.ts';

// A process of its own: it replaces its clocks and its chance.
const run = spawnSync(process.execPath, [join(projectFolder, 'test/sim/run.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = run.status ?? 1;
