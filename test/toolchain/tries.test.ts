import { deepEqual, doesNotMatch, match } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { projectFolder } from '#ops/place.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais tries '));
after(() => rmSync(folder, { recursive: true }));

const IT = "import { it } from 'node:test'; import { existsSync, writeFileSync } from 'node:fs';";
const kinds = {
  good: `${IT} it('good', () => undefined);`,
  bad: `${IT} it('bad', () => { throw new Error('always'); });`,
  gone: 'process.exit(3);',
  once: `${IT} it('once', () => { if (existsSync(import.meta.filename + '.ran')) return;
    writeFileSync(import.meta.filename + '.ran', ''); throw new Error('the first time'); });`,
};

/** Writes a file of each kind, and runs them as `./hub test` does. */
function tried(chances: number, ...names: (keyof typeof kinds)[]): { status: number | null; stdout: string } {
  const files = names.map((name) => {
    const path = join(mkdtempSync(join(folder, 'a ')), `${name}.test.mjs`);
    writeFileSync(path, kinds[name]);
    return path;
  });
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const code = `import { runTests } from '${projectFolder}/ops/checks/tries.ts';
    process.exitCode = runTests(${JSON.stringify(files)}, 2, ${chances}) ? 0 : 1;`;
  const args = ['--input-type=module-typescript', '--eval', code];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: projectFolder, env, encoding: 'utf8' });
  return { status, stdout };
}

it('what passes is not run again', () => {
  const { status, stdout } = tried(3, 'good', 'good');
  deepEqual(status, 0);
  doesNotMatch(stdout, /once more/);
});

it('what fails beside others and passes alone is told, and does not fail the run', () => {
  const { status, stdout } = tried(3, 'good', 'once');
  deepEqual(status, 0);
  match(
    stdout,
    /Error: the first time[\s\S]*hub: once more, alone[\s\S]*hub: UNSTEADY: .*once\.test\.mjs failed beside others/,
  );
});

it('what fails twice fails the run, and so does a file whose process ended', () => {
  for (const kind of ['bad', 'gone'] as const) {
    const { status, stdout } = tried(3, 'once', kind);
    deepEqual(status, 1, kind);
    match(stdout, /once more, alone/);
    doesNotMatch(stdout, /UNSTEADY/);
  }
});

it('more than may fail are not run again', () => {
  const { status, stdout } = tried(1, 'once', 'once');
  deepEqual(status, 1);
  doesNotMatch(stdout, /once more/);
});
