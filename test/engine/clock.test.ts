import assert from 'node:assert/strict';
import { after, before, beforeEach, mock, test } from 'node:test';
import { keysOf } from '#engine/redis/keys.ts';
import { toy, toyBehaviour } from './toy.ts';
import { openWorld, until, type World } from './world.ts';

const HOUR_MS = 3_600_000;

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());
beforeEach(() => world.redis.flushall());

/** This machine's clock is set back while `act` goes on; Redis has its own. */
async function setBack(act: () => Promise<void>): Promise<void> {
  const real = Date.now;
  const clock = mock.method(Date, 'now', () => real() - HOUR_MS);
  try {
    await act();
  } finally {
    clock.mock.restore();
  }
}

test('a request ends in time even when the clock is set back while it waits', async () => {
  const api = await world.api(toyBehaviour, { timeoutMs: 300 });
  const asked = api.ask(5, toy({ kind: 'add', actor: 'a', value: 7 }));
  let outcome: string | undefined;
  void asked.catch((error: { code: string }) => {
    outcome = error.code;
  });
  await setBack(() => until('the request ends', () => outcome !== undefined));
  assert.equal(outcome, 'busy');
});

test('timers fire and leases go on when the clock is set back', async () => {
  const engine = await world.engine('e1', toyBehaviour);
  const api = await world.api(toyBehaviour);
  const [seconds] = await world.redis.time();
  const due = Number(seconds) * 1_000 + 1_500;
  const later = toy({ kind: 'later', actor: 'a', due, message: { kind: 'add', actor: 'a', value: 9 } });
  assert.equal((await api.ask(6, later)).status, 204);
  const before_ = await world.redis.hget(keysOf(7).lease, 'until');
  await setBack(async () => {
    await until('the timer fires', async () => (await world.added(6, 'a')).length === 1);
    await until('an idle lease is renewed', async () => (await world.redis.hget(keysOf(7).lease, 'until')) !== before_);
  });
  await engine.stop();
});
