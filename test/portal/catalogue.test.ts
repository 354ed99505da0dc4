import { deepEqual, ok } from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { typeset } from '#lib/text/typography.ts';
import { projectFolder } from '#ops/place.ts';

const folder = join(projectFolder, 'portal/src');

/** Every text of a catalogue, its functions called with plausible values. */
function* textsOf(value: unknown, path: string): Generator<[path: string, text: string]> {
  if (typeof value === 'string') yield [path, value];
  else if (typeof value === 'function' && !/^(counted|typeset|catalogue|shownStatus)$/.test(value.name)) {
    for (const given of [1, 2]) {
      const text: unknown = value(given, given, given, given);
      if (typeof text === 'string') yield [path, text];
    }
  } else if (value !== null && typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) yield* textsOf(inner, `${path}.${name}`);
  }
}

/** What French typography does not allow. */
const FAULTS: [what: string, pattern: RegExp][] = [
  ['a straight apostrophe', /'/],
  ['three dots for an ellipsis', /\.\.\./],
  ['a breaking space before a high sign', / [:;!?»%]/],
  ['no space before a high sign', /[\p{L}\d»)][;!?](?:\s|$)/u],
  ['a breaking space after «', /« /],
  ['two spaces', / {2}/],
  ['English quotes', /["“”]/],
];

describe('the French catalogue', async () => {
  const files = globSync('lib/text/*.ts', { cwd: folder }).filter((file) => basename(file) !== 'typography.ts');
  for (const file of files) {
    const texts = Object.entries(await import(join(folder, file))).flatMap(([name, value]) => [
      ...textsOf(value, name),
    ]);
    it(`${basename(file)} is set as French is`, () => {
      ok(texts.length > 0);
      const faults = texts.flatMap(([path, text]) =>
        path.endsWith('Url')
          ? []
          : FAULTS.filter(([, pattern]) => pattern.test(text)).map(([what]) => `${path}: ${what}: ${text}`),
      );
      deepEqual(faults, []);
    });
  }

  it('is where all words of the pages are', () => {
    const faults = globSync('**/*.svelte', { cwd: folder }).flatMap((file) => {
      const source = readFileSync(join(folder, file), 'utf8').replace(/<script[\s\S]*?<\/script>/g, '');
      // What stands between tags, outside of braces.
      const words = source
        .replace(/\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g, '')
        .replace(/<!--[\s\S]*?-->/g, '')
        .replace(/<(?:"[^"]*"|'[^']*'|[^<>"'])*>/g, ' ');
      return /\p{L}{2}/u.test(words) ? [`${file}: ${words.trim().slice(0, 60)}`] : [];
    });
    deepEqual(faults, []);
  });
});

describe('typeset', () => {
  it('puts the spaces that do not break', () => {
    const [narrow, wide] = ['\u202f', '\u00a0'];
    deepEqual(['Vous êtes sûr ?', 'Note : « oui »', "l'état", 'n° 3', '1 000 dossiers'].map(typeset), [
      `Vous êtes sûr${narrow}?`,
      `Note${wide}: «${wide}oui${wide}»`,
      'l’état',
      `n°${wide}3`,
      `1${narrow}000 dossiers`,
    ]);
  });
});
