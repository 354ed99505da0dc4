import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { share } from '#ops/checks/sample.ts';
import { projectFolder } from '#ops/place.ts';
import { hunt } from './hunt.ts';
import { MUTATIONS } from './mutations.ts';
import { changed, SMALL } from './patches.ts';

/** Those a few seeds find: the others take up to minutes each, and have their command, `./hub sim --mutations`. */
const SAMPLE = new Set([
  ...['dedupe', 'ack-first', 'trim-far', 'early-answer', 'no-confirm', 'timer-kept', 'soft-answer', 'soft-publish'],
  ...['redo-any', 'unheard-of', 'key-late', 'fence'],
  ...share(['no-divert', 'doubt-as-done', 'release-untold', 'waits-forgotten'], []),
]);

test('the sample names bugs that are known', () => {
  const names = new Set(MUTATIONS.map(({ name }) => name));
  assert.deepEqual(
    [...SAMPLE].filter((name) => !names.has(name)),
    [],
  );
});

for (const mutation of MUTATIONS.filter(({ name }) => SAMPLE.has(name))) {
  test(`known bug ${mutation.name} is found: ${mutation.about}`, async (context) => {
    const found = await hunt(mutation);
    assert.ok(found, 'no seed found it');
    context.diagnostic(`${found.seeds} seeds: ${found.said}`);
  });
}

test('what the simulation changes in the sources is still there', () => {
  for (const patch of [...SMALL, ...MUTATIONS.flatMap(({ source = [] }) => source)]) {
    const text = readFileSync(`${projectFolder}/${patch.file}`, 'utf8');
    assert.notEqual(changed(patch.file, text, [patch]), text);
  }
});
