import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gate } from '#engine/partition/gate.ts';

/** A run that ends when told to. */
function held(): { run: () => Promise<void>; end: () => void; fail: (error: Error) => void; started: () => boolean } {
  let started = false;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const run = (): Promise<void> => {
    started = true;
    return promise;
  };
  return { run, end: resolve, fail: reject, started: () => started };
}

/** Everything that can go on without the outside has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what fits runs at once, what does not waits for room, in the order of asking', async () => {
  const gate = new Gate(10);
  const [first, second, third] = [held(), held(), held()];
  const runs = [gate.pass(6, first.run), gate.pass(6, second.run), gate.pass(4, third.run)];
  await settled();
  assert.deepEqual([first.started(), second.started(), third.started()], [true, false, false]);
  first.end();
  await settled();
  assert.deepEqual([second.started(), third.started()], [true, true]);
  second.end();
  third.end();
  await Promise.all(runs);
});

test('a batch heavier than the gate passes alone', async () => {
  const gate = new Gate(10);
  const [heavy, next] = [held(), held()];
  const runs = [gate.pass(25, heavy.run), gate.pass(1, next.run)];
  await settled();
  assert.deepEqual([heavy.started(), next.started()], [true, false]);
  heavy.end();
  await settled();
  assert.ok(next.started());
  next.end();
  await Promise.all(runs);
});

test('a run that fails leaves its room to the next', async () => {
  const gate = new Gate(1);
  const [lost, next] = [held(), held()];
  const runs = [gate.pass(1, lost.run), gate.pass(1, next.run)];
  lost.fail(new Error('fenced'));
  await assert.rejects(runs[0] as Promise<void>, /fenced/);
  await settled();
  assert.ok(next.started());
  next.end();
  await runs[1];
});
