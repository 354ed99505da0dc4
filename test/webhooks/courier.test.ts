import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DELAYS, GIVE_UP_MS } from '#engine/domain/deciders/webhook/schedule.ts';
import { DEFAULT_SETTINGS } from '#engine/domain/settings.ts';
import { notified } from '#test/domain/samples.ts';
import { DELIVERED, REFUSED, Virtual } from './virtual.ts';

const HOUR = 3_600_000;
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);

async function waiting(count: number, processes: string[] | null = null): Promise<Virtual> {
  const virtual = new Virtual(processes);
  for (let n = 0; n < count; n += 1) notified(virtual.world);
  return virtual;
}

describe('courier', () => {
  test('delivers all there is, in order, one report for many', async () => {
    const virtual = await waiting(50);
    await virtual.takeOver();
    assert.deepEqual(virtual.delivered, numbers(1, 50));
    assert.equal(virtual.cursor, 50);
  });

  test('calls at each delay of the schedule and at no other time, with the same id, and nothing overtakes', async () => {
    const virtual = await waiting(3);
    virtual.answer = () => REFUSED;
    await virtual.takeOver();
    await virtual.pass(71 * HOUR);
    const waits = virtual.made.slice(1).map(({ at }, n) => at - (virtual.made[n]?.at ?? 0));
    for (const [n, wait] of waits.entries()) assert.equal(wait, DELAYS[Math.min(n, DELAYS.length - 1)], `wait ${n}`);
    assert.equal(new Set(virtual.made.map(({ id }) => id)).size, 1);
    assert.equal(virtual.webhook.paused, null);
    virtual.answer = () => DELIVERED;
    await virtual.pass(7 * HOUR);
    assert.deepEqual(virtual.delivered, [1, 2, 3]);
    assert.equal(virtual.webhook.failing, null);
  });

  test('waits as long as the receiver asks', async () => {
    const virtual = await waiting(1);
    virtual.answer = () => ({ ...REFUSED, status: 503, retryAfterMs: HOUR });
    await virtual.takeOver();
    await virtual.pass(HOUR - 1);
    assert.equal(virtual.made.length, 1);
    await virtual.pass(1);
    assert.equal(virtual.made.length, 2);
  });

  test('pauses after three days of failures, tells it once, and goes on where it stopped when asked to', async () => {
    const virtual = await waiting(2);
    virtual.answer = (position) => (position === 1 ? DELIVERED : REFUSED);
    await virtual.takeOver();
    await virtual.pass(GIVE_UP_MS + 7 * HOUR);
    assert.equal(virtual.webhook.paused?.reason, 'failing');
    assert.equal(virtual.world.jobs.length, 1);
    assert.deepEqual(virtual.pauses, ['failing']);
    const calls = virtual.made.length;
    await virtual.pass(100 * HOUR);
    assert.equal(virtual.made.length, calls);
    notified(virtual.world);
    virtual.answer = () => DELIVERED;
    virtual.ask({ kind: 'webhook.resume', id: virtual.id, after: null });
    virtual.wake();
    await virtual.pass(1_000);
    assert.deepEqual(virtual.delivered, [1, 2, 3]);
  });

  test('whose process dies, or whose report is lost, is followed by one that sends again rather than lose', async () => {
    for (const fate of ['lost before', 'lost after'] as const) {
      const virtual = await waiting(20);
      virtual.fate = fate;
      await virtual.takeOver();
      await virtual.takeOver();
      const known = fate === 'lost after' ? 16 : 0;
      assert.deepEqual(virtual.delivered, [...numbers(1, 16), ...numbers(known + 1, 20)]);
      const ids = new Map<number, Set<string>>();
      for (const { position, id } of virtual.made) ids.set(position, (ids.get(position) ?? new Set()).add(id));
      assert.ok([...ids.values()].every((one) => one.size === 1));
      assert.equal(virtual.cursor, 20);
    }
  });

  test('that retention overtook says so instead of leaving a gap', async () => {
    const virtual = await waiting(1);
    virtual.ask({ kind: 'webhook.pause', id: virtual.id });
    virtual.world.advance(virtual.world.now + 2 * DEFAULT_SETTINGS.feedMs);
    notified(virtual.world);
    virtual.ask({ kind: 'webhook.resume', id: virtual.id, after: null });
    await virtual.takeOver();
    assert.equal(virtual.webhook.paused?.reason, 'gap');
    assert.deepEqual(virtual.made, []);
    assert.equal(virtual.ask({ kind: 'webhook.resume', id: virtual.id, after: 0 }).status, 400);
    virtual.ask({ kind: 'webhook.resume', id: virtual.id, after: 1 });
    virtual.wake();
    await virtual.pass(1_000);
    assert.deepEqual(virtual.delivered, [2]);
  });

  test('passes over what is of no interest, and its cursor follows before retention does', async () => {
    const virtual = await waiting(40, ['Autre']);
    await virtual.takeOver();
    await virtual.pass(HOUR);
    assert.deepEqual(virtual.made, []);
    assert.equal(virtual.cursor, 40);
  });
});
