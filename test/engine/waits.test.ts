import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onBehalf } from '#engine/domain/deciders/send.ts';
import { Decision } from '#engine/domain/decision.ts';
import { type Arrived, decodeMessage } from '#engine/domain/envelope.ts';
import { Batch } from '#engine/partition/batch.ts';
import { toy } from './toy.ts';

const [PARTITION, ELSEWHERE, EPOCH] = [3, 4, 1];
const command = toy({ kind: 'add', actor: 'a' });

function turn(message: Arrived, decide: (decision: Decision) => void): Batch {
  const number = (): number => 1;
  const numbers = { nextOut: number, nextJob: number, nextLetter: number, nextSequence: number };
  const batch = new Batch({ partition: PARTITION, epoch: EPOCH, ...numbers });
  const decision = new Decision(() => undefined, 0, PARTITION, message.replyTo);
  decide(decision);
  batch.absorb(decision, message);
  return batch;
}

const next = (batch: Batch): Arrived => decodeMessage(batch.again[0] as string);
const carried = (decision: Decision): void => decision.out(ELSEWHERE, onBehalf(decision, command), true);

test('an answer waits for deliveries of the turns before its own, which answered nothing', () => {
  const request: Arrived = { command, replyTo: { api: 'x', ask: 7 }, confirm: false, inside: false };
  const first = turn(request, (decision) => {
    carried(decision);
    carried(decision);
    decision.continue(onBehalf(decision, command));
  });
  assert.deepEqual([...first.replies.all()], []);
  const second = turn(next(first), (decision) => decision.continue(onBehalf(decision, command)));
  const third = turn(next(second), (decision) => {
    carried(decision);
    decision.reply(204);
  });
  assert.deepEqual([...third.replies.all()], [['x', [[7, 204, 3]]]]);
});

test('what goes on for nobody, or for another request, bears no count', () => {
  const request: Arrived = { command, replyTo: { api: 'x', ask: 7 }, confirm: false, inside: false };
  for (const replyTo of [undefined, { api: 'x', ask: 8 }, { api: 'y', ask: 7 }]) {
    const batch = turn(request, (decision) => {
      carried(decision);
      decision.continue(replyTo ? { command, replyTo } : { command });
    });
    assert.equal(next(batch).waits, undefined);
  }
});
