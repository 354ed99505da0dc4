import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import { startRounds } from '#api/blobs/rounds.ts';
import { SWEEP_MS } from '#api/blobs/sweep.ts';

/** Before the first round, at most. ms */
const FIRST_MS = 10 * 60_000;

it('sweeps every hour, counts, and goes on after a failure', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const results: (() => Promise<{ erased: number; unreadable: number }>)[] = [
    async () => ({ erased: 3, unreadable: 0 }),
    () => Promise.reject(new Error('Redis does not answer')),
    async () => ({ erased: 0, unreadable: 0 }),
  ];
  const lines: [unknown, string][] = [];
  const log = Object.fromEntries(
    ['info', 'warn', 'error'].map((level) => [level, (what: unknown, text: string) => lines.push([what, text])]),
  );
  const count = { swept: 0, failed: 0 };
  let rounds = 0;
  let done = Promise.withResolvers<void>();
  const sweep = (): Promise<{ erased: number; unreadable: number }> => {
    const result = (results[rounds] as () => Promise<{ erased: number; unreadable: number }>)();
    rounds += 1;
    void result.catch(() => undefined).then(() => setImmediate(() => done.resolve()));
    return result;
  };
  const running = startRounds({ sweep }, log as never, {
    swept: { inc: (by: number) => (count.swept += by) } as never,
    sweepFailures: { inc: () => (count.failed += 1) } as never,
  });
  for (const ms of [FIRST_MS, SWEEP_MS, SWEEP_MS]) {
    done = Promise.withResolvers();
    context.mock.timers.tick(ms);
    await done.promise;
  }
  equal(rounds, 3);
  deepEqual(count, { swept: 3, failed: 1 });
  deepEqual(lines, [
    [{ erased: 3, unreadable: 0 }, 'blobs.swept'],
    [{ error: 'Redis does not answer' }, 'blobs.sweep-failed'],
  ]);
  await running.stop();
  context.mock.timers.tick(SWEEP_MS);
  equal(rounds, 3);
});
