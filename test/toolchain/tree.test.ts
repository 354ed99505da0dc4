import { deepEqual, ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectFolder } from '#ops/place.ts';

/** A file longer than this holds more than one noun. Lines. */
const longest = 300;

const folders = ['api', 'bench', 'docs', 'engine', 'gateway', 'ops', 'portal', 'test'];
const files = ['LICENSE', 'README.md', 'biome.json', 'hub', 'package-lock.json', 'package.json', 'tsconfig.json'];

/** What a commit of the working tree would hold: tracked files and new ones that are not ignored. */
function sources(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: projectFolder,
  });
  const paths = listed.toString().split('\0').filter(Boolean);
  return [...new Set(paths)].filter((path) => existsSync(join(projectFolder, path)));
}

describe('the tree', () => {
  const paths = sources();

  it('has at its top only what a newcomer expects there', () => {
    const top = new Set(paths.map((path) => path.split('/')[0] as string));
    ok(top.has('hub') && top.has('ops'));
    deepEqual(
      [...top].filter((name) => !name.startsWith('.') && !folders.includes(name) && !files.includes(name)),
      [],
    );
  });

  it(`has no source file of more than ${longest} lines`, () => {
    const code = paths.filter((path) => /\.(ts|lua|mjs|svelte|css|conf)$|^hub$/.test(path));
    ok(code.length > 0);
    const long = code
      .map((path) => ({ path, lines: readFileSync(join(projectFolder, path), 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > longest);
    deepEqual(long, []);
  });

  it('names files without spaces or accents', () => {
    deepEqual(
      paths.filter((path) => !/^[\w./@[\]()+-]+$/.test(path)),
      [],
    );
  });
});
