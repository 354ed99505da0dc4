import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { termOf, termsOf, wordsIn } from '#api/index/terms.ts';

test('no term of one organisation begins a term of another, whatever the words', () => {
  const org = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 2 ** 31 }));
  const word = fc.stringMatching(/^[a-z0-9]{0,4}$/);
  fc.assert(
    fc.property(org, org, word, word, (one, other, first, second) => {
      if (one !== other) assert.equal(termOf(other, second).startsWith(termOf(one, first)), false);
    }),
    { numRuns: 2_000 },
  );
  assert.equal(termOf(12, 'demande').startsWith(termOf(1, '2')), false);
});

test('an organisation that the file does not know has terms that no row has', () => {
  assert.equal(termOf(-1, 'a'), termOf(0, 'a'));
  assert.match(termOf(-1, 'a'), /^[\p{L}\p{N}]+$/u);
});

test('a row is found by the words of its number, its names and its files, each once', () => {
  const terms = termsOf(7, ['CERTDC-0001', 'Hélène', 'Bœuf-Martin', 'pièce 1.pdf\npièce 2.pdf']).split(' ');
  assert.deepEqual(
    terms,
    ['certdc', '0001', 'helene', 'boeuf', 'martin', 'piece', '1', 'pdf', '2'].map((word) => termOf(7, word)),
  );
});

test('letters of any script are words, and marks of today’s Unicode are no end of one', () => {
  assert.deepEqual(wordsIn('Ἀθῆναι 東京-都 ᦀᦱ٣'), ['αθηναι', '東京', '都', 'ᦀᦱ٣']);
});
