import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acknowledgedOf, fieldsOf, isBefore, lacks } from '#engine/partition/heard.ts';

/** What was acknowledged, by epoch and sequence, and as it is stored. */
const at = (epoch: number, sequence: number) => ({ epoch, sequence });

test('a higher sequence of an earlier epoch is before', () => {
  assert.ok(isBefore(at(3, 7), at(4, 6)));
  assert.ok(isBefore(at(4, 5), at(4, 6)));
  assert.ok(!isBefore(at(4, 6), at(4, 6)));
});

test('who heard more of an earlier epoch lacks what came in its place', () => {
  assert.ok(lacks(at(3, 7), at(4, 6)));
  assert.ok(lacks(at(4, 5), at(4, 6)));
  assert.ok(!lacks(at(5, 7), at(4, 6)));
  assert.ok(lacks(at(5, 4), at(4, 6)), 'heard of an epoch that its source lost');
});

test('what was stored before epochs were kept is read, and compared by its sequence', () => {
  const stored = acknowledgedOf({ 4: '6', 5: '2', e5: '9' });
  assert.deepEqual(
    [...stored],
    [
      [4, at(0, 6)],
      [5, at(9, 2)],
    ],
  );
  assert.ok(!lacks(at(3, 6), at(0, 6)));
  assert.ok(lacks(at(3, 5), at(0, 6)));
});

test('an epoch is stored when it is another one, and what an older process writes meanwhile asks for less', () => {
  assert.deepEqual(fieldsOf(4, at(3, 6), undefined), [4, 6, 'e4', 3]);
  assert.deepEqual(fieldsOf(4, at(3, 7), 3), [4, 7]);
  const older = acknowledgedOf({ 4: '8', e4: '3' }).get(4);
  assert.ok(older && !lacks(at(5, 8), older));
});
