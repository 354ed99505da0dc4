import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Direct } from './direct.ts';

/** Which requests count as left waiting by an owner that lost their partition. */
const [API, ASK, PARTITION] = ['api0', 1, 3];

function taken(): Direct {
  const direct = new Direct();
  direct.taken(API, ASK, PARTITION);
  return direct;
}

test('one that the mailbox was given may run out of time before it leaves', () => {
  const direct = taken();
  direct.moved({ api: API, ask: ASK });
  direct.fenced(API, PARTITION);
  direct.over(API, ASK, true);
});

test('one that nobody was given is found', () => {
  const direct = taken();
  direct.fenced(API, PARTITION);
  assert.throws(() => direct.over(API, ASK, true), /left waiting/);
});

test('one whose owner kept its partition, or that was answered, is none', () => {
  taken().over(API, ASK, true);
  const direct = taken();
  direct.fenced(API, PARTITION);
  direct.over(API, ASK, false);
});
