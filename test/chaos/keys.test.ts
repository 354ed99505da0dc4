import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Finding } from './checker.ts';
import { type Entry, History } from './history.ts';
import { checkKeys, checkStrangers } from './keys.ts';

const NO_ANSWER = 0;

function history(...entries: Partial<Entry>[]): History {
  const asked = new History();
  for (const [at, entry] of entries.entries())
    asked.add({ kind: 'native', who: 0, key: 'k', sent: at, done: at + 1, status: 201, ...entry });
  return asked;
}

const seen = (findings: Finding[]): string[] => findings.map(({ sort, way }) => `${sort} ${way}`);

describe('the rules of idempotency keys', () => {
  it('let a deposit be repeated, in doubt or not, and another body be refused', () => {
    const asked = history(
      { status: NO_ANSWER },
      { status: 409 },
      { status: 503 },
      { folder: 'f' },
      { folder: 'f' },
      { kind: 'reuse', status: 422 },
      { kind: 'reuse', status: 503 },
      { kind: 'reuse', status: NO_ANSWER },
    );
    deepEqual(checkKeys(asked), []);
  });

  it('find a key that made two folders, of one call or of lines', () => {
    deepEqual(seen(checkKeys(history({ folder: 'f' }, { folder: 'g' }))), ['doubled native']);
    deepEqual(seen(checkKeys(history({ kind: 'line', folder: 'f' }, { kind: 'line', folder: 'g' }))), [
      'doubled batch',
    ]);
  });

  it('find a good deposit refused, and another body taken, or refused as something else', () => {
    deepEqual(seen(checkKeys(history({ status: 422 }))), ['broken native']);
    deepEqual(seen(checkKeys(history({ kind: 'line', status: 400 }))), ['broken batch']);
    deepEqual(seen(checkKeys(history({ folder: 'f' }, { kind: 'reuse', folder: 'f' }))), ['broken native']);
    deepEqual(seen(checkKeys(history({ folder: 'f' }, { kind: 'reuse', status: 410 }))), ['broken native']);
  });

  it('let a case of which no answer told be that of a key without an answer, once', () => {
    const asked = history({ status: NO_ANSWER }, { kind: 'line', key: 'l', folder: 'f' });
    deepEqual(checkStrangers([['k', 'a']], asked), []);
    deepEqual(
      seen(
        checkStrangers(
          [
            ['k', 'a'],
            ['k', 'b'],
          ],
          asked,
        ),
      ),
      ['doubled native'],
    );
    deepEqual(seen(checkStrangers([['l', 'c']], asked)), ['doubled batch']);
    deepEqual(seen(checkStrangers([['nobody’s', 'd']], asked)), ['doubled contract']);
  });
});
