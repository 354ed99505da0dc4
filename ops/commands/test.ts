/**
 * `./hub test [NAME]`: every check, or the tests of test/NAME (a folder or one file) only.
 *
 * The static checks come first and stop the run, so that the test runner's closing lines are the last ones.
 * What fails beside others is run once more, alone, and told.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { checkVulnerabilities } from '#ops/checks/audit.ts';
import { checkLicences } from '#ops/checks/licences.ts';
import { SAMPLE } from '#ops/checks/sample.ts';
import { runTests, SECOND_CHANCES } from '#ops/checks/tries.ts';
import { projectFolder } from '#ops/place.ts';
import { buildPortal } from '#ops/portal/build.ts';
import { MissingRedis, redisBinary } from '#ops/redis/binary.ts';

const folders = ['engine', 'api', 'gateway', 'portal/src', 'bench', 'ops', 'test'];
const tool =
  (name: string, ...args: string[]) =>
  (): boolean =>
    run(`${projectFolder}/node_modules/.bin/${name}`, args);
const checks: Record<string, () => boolean> = {
  types: tool('tsc', '-p', '.'),
  'portal build': () => buildPortal(() => undefined) || true,
  'portal types': tool(
    'svelte-check',
    '--workspace',
    'portal',
    '--tsconfig',
    'tsconfig.json',
    '--tsgo',
    '--output',
    'machine',
  ),
  'lint and format': tool('biome', 'check', '--error-on-warnings', '.'),
  'import boundaries': tool('depcruise', '--config', '.dependency-cruiser.mjs', ...folders),
  licences: checkLicences,
  vulnerabilities: checkVulnerabilities,
};
/** Begun last, it would end the run alone, with a core idle beside it. */
const longest = 'test/sim/seeds.test.ts';

function run(command: string, args: string[]): boolean {
  const started = spawnSync(command, args, { cwd: projectFolder, stdio: 'inherit' });
  if (started.error) throw started.error;
  return started.status === 0;
}

function staticChecks(): boolean {
  const failed = Object.entries(checks).filter(([name, check]) => {
    const start = performance.now();
    const passed = check();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name} (${seconds} s)`);
    return !passed;
  });
  return failed.length === 0;
}

function testFiles(name: string | undefined): string[] {
  // What needs a browser and minutes bears another ending: only asked for by name.
  const patterns = name ? [`test/${name}/**/*.{test,e2e}.ts`, `test/${name}.{test,e2e}.ts`] : ['test/**/*.test.ts'];
  const files = globSync(patterns, { cwd: projectFolder }).sort();
  return [...files.filter((file) => file === longest), ...files.filter((file) => file !== longest)];
}

function main([name, ...more]: readonly string[]): number {
  if (more.length > 0) {
    console.error(`hub: ./hub test takes one name, and « ${more.join(' ')} » is too much`);
    return 2;
  }
  const files = testFiles(name);
  if (files.length === 0) {
    const known = globSync('test/*/', { cwd: projectFolder }).map((path) => path.replace(/^test\/|\/$/g, ''));
    console.error(`hub: no tests in test/${name ?? ''}. There is: ${known.sort().join(' ')}`);
    return 2;
  }
  if (!name && !staticChecks()) return 1;
  buildPortal((line) => console.error(`hub: ${line}`));
  try {
    redisBinary();
  } catch (error) {
    if (!(error instanceof MissingRedis)) throw error;
    console.error(
      `hub: ${error.message} The tests start servers of their own: HUB_REDIS_URL does not replace the binary here.`,
    );
    return 1;
  }
  if (!name) process.env[SAMPLE] = '1';
  return runTests(files, availableParallelism(), name ? 0 : SECOND_CHANCES) ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
