/** Pages for everybody, lists and accounts in every state and role: `./hub test e2e/tour-pages`. */
import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { strayAria } from './tour/aria.ts';
import { nameOf, pages } from './tour/scene.ts';
import { addedScenes, listScenes, publicScenes, scenes } from './tour/table.ts';
import { tour } from './tour/tour.ts';

describe('the tour', () => {
  it('goes through every page', () => {
    const known = new Set(scenes.map(({ route }) => route));
    deepEqual(
      pages().filter((route) => !known.has(route)),
      [],
      'pages without a row in test/e2e/tour',
    );
    const names = scenes.map(nameOf);
    equal(new Set(names).size, names.length);
    deepEqual(strayAria(names), [], 'snapshots of no scene in test/e2e/aria');
  });
});

describe('every page × state × role: for everybody, lists, accounts', () => {
  tour([...publicScenes, ...listScenes, ...addedScenes]);
});
