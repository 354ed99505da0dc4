import { deepEqual, ok } from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { VARIABLES } from '#engine/config.ts';
import { projectFolder } from '#ops/place.ts';

const read = (path: string) => readFileSync(join(projectFolder, path), 'utf8');

describe('README.md', () => {
  it('has one line for each variable of engine/config.ts, as it stands there', () => {
    const expected = Object.entries(VARIABLES).map(
      ([name, [value, unit, meaning]]) => `| \`${name}\` | ${value && `\`${value}\``} | ${unit} | ${meaning} |`,
    );
    const found = read('README.md')
      .split('\n')
      .filter((line) => line.startsWith('| `HUB_'));
    deepEqual(found, expected);
  });
});

describe('documents', () => {
  const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: projectFolder })];

  it('link to files that exist', () => {
    const links = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map((link) => ({
        page,
        path: link[1] as string,
      })),
    );
    ok(links.length > 0);
    deepEqual(
      links.filter(({ page, path }) => !existsSync(join(projectFolder, dirname(page), path))),
      [],
    );
  });
});
