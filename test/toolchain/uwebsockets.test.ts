import { equal, ok } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { it } from 'node:test';
import { projectFolder } from '#ops/place.ts';

const record = 'docs/decisions/001-runtime-and-uwebsockets.md';
const platform = `${process.platform}-${process.arch}`;
const build = `@uwsjs/${platform}-${process.versions.node.split('.')[0]}`;

it(`the uWebSockets binary of ${platform} is the one that ${record} names`, () => {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('uWebSockets.js'));
  const file = join(resolve(build), '..', 'uws.node');
  const found = createHash('sha256').update(readFileSync(file)).digest('hex');
  const line = readFileSync(join(projectFolder, record), 'utf8')
    .split('\n')
    .find((each) => each.includes(`\`${build}/uws.node\``));
  ok(line, `${record} has no figure for ${build}: the binary here has ${found}`);
  equal(/`([0-9a-f]{64})`/.exec(line)?.[1], found);
});

it('loads', () => {
  equal(typeof createRequire(import.meta.url)('uWebSockets.js').App, 'function');
});
