import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { projectFolder } from '#ops/place.ts';

/** One test that takes longer hangs: the simulation of 200 seeds is the longest, two minutes and more on a busy machine. Milliseconds. */
const testTimeoutMs = 480_000;

/** A machine that is busy spoils one file or two; more of them are a fault of ours. */
export const SECOND_CHANCES = 3;

/**
 * Runs test files, so many at once; what fails beside others is run once more, alone, and told (docs/decisions/042-once-more.md).
 * @param chances how many files may fail and be run again; 0: none
 * @returns whether all passed, the second time at the latest
 */
export function runTests(files: readonly string[], atOnce: number, chances: number): boolean {
  const failed = failedOf(files, atOnce);
  if (failed.length === 0) return true;
  if (failed.length > chances) return false;
  const names = failed.map((path) => relative(projectFolder, path)).join(' ');
  console.log(`\nhub: once more, alone, what failed beside others: ${names}`);
  if (failedOf(failed, 1).length > 0) return false;
  console.log(
    `hub: UNSTEADY: ${names} failed beside others and passed alone. Find out why: the first output is above.`,
  );
  return true;
}

function failedOf(files: readonly string[], atOnce: number): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'relais-tries-'));
  const list = join(folder, 'failed');
  try {
    const runner = [
      '--test',
      `--test-timeout=${testTimeoutMs}`,
      `--test-concurrency=${atOnce}`,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      `--test-reporter=${projectFolder}/ops/checks/failed-files.ts`,
      `--test-reporter-destination=${list}`,
    ];
    const { error, status } = spawnSync(process.execPath, [...runner, ...files], {
      cwd: projectFolder,
      stdio: 'inherit',
    });
    if (error) throw error;
    if (status === 0) return [];
    const named = readFileSync(list, 'utf8').split('\n').filter(Boolean);
    // A run that failed and named nobody failed as a whole.
    return named.length > 0 ? named : files;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
