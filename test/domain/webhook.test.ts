import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_REPLAYS, MAX_WEBHOOKS } from '#engine/domain/deciders/webhook/manage.ts';
import { LOG_ATTEMPTS } from '#engine/domain/deciders/webhook/report.ts';
import {
  DELAYS,
  failedAgain,
  GIVE_UP_MS,
  JITTER,
  MAX_RETRY_AFTER_MS,
} from '#engine/domain/deciders/webhook/schedule.ts';
import { type Id, KIND } from '#engine/domain/ids.ts';
import { consumersName, WEBHOOKS, webhookName } from '#engine/domain/records/names.ts';
import {
  type Attempt,
  type DeliveryReport,
  type WebhookState,
  webhookConsumer,
} from '#engine/domain/records/webhook.ts';
import { CITY, HERE, NOON, notified, TOWN } from './samples.ts';
import { testId, World } from './world.ts';

const HOUR = 3_600_000;
const SECRET = { sealed: 'scellé', publicKey: 'whpk_1' };

function registered(world = new World(), org = TOWN): { world: World; id: Id; answer: number } {
  const id = testId(KIND.other, HERE, NOON);
  const common = { url: 'https://mairie.example:8443/chemin?jeton=x', processes: null, email: null };
  const answer = world.ask(HERE, { kind: 'webhook.create', id, org, ...common, secret: SECRET, after: null });
  return { world, id, answer: answer.status };
}

const of = (world: World, id: Id): WebhookState => world.get(HERE, webhookName(id)) as WebhookState;
const cursor = (world: World, id: Id): number | undefined =>
  world.get(HERE, consumersName(TOWN))?.consumers[webhookConsumer(id)]?.acknowledged;
const claim = (world: World, courier: string, leaseMs = 1_000) =>
  world.ask(HERE, { kind: 'courier.claim', courier, leaseMs });
const attempt = (position: number, outcome: Attempt['outcome'] = 'delivered', at = NOON): Attempt => ({
  at,
  position,
  outcome,
  status: outcome === 'delivered' ? 200 : 500,
  duration: 3,
});
const report = (world: World, id: Id, done: Partial<DeliveryReport> = {}) =>
  world.ask(HERE, {
    kind: 'webhook.report',
    report: {
      id,
      courier: 'a',
      epoch: 1,
      from: cursor(world, id) ?? null,
      upTo: null,
      replayed: [],
      attempts: [],
      failed: null,
      pause: null,
      mail: 'mairie@commune.test',
      ...done,
    },
  });
const failure = (retryAfterMs: number | null = null) => ({ jitter: 0.5, retryAfterMs });

describe('schedule', () => {
  it('tries again for three days with growing, jittered delays, then gives up', () => {
    for (const jitter of [0, 0.5, 0.999]) {
      let now = NOON;
      let failing = failedAgain(null, now, jitter, null);
      const delays: number[] = [];
      while (failing !== null) {
        delays.push(failing.next - now);
        now = failing.next;
        failing = failedAgain(failing, now, jitter, null);
      }
      assert.ok(now - NOON >= GIVE_UP_MS);
      assert.ok(now - NOON < GIVE_UP_MS + (DELAYS.at(-1) as number) * (1 + JITTER));
      assert.ok(delays.length >= 16 && delays.length <= 24, `${delays.length} tries`);
      for (const [index, delay] of delays.entries()) {
        const plain = DELAYS[Math.min(index, DELAYS.length - 1)] as number;
        assert.ok(Math.abs(delay - plain) <= plain * JITTER + 1, `${delay} for ${plain}`);
      }
    }
  });

  it('waits as long as the receiver asks, within a day, and no shorter than it would have', () => {
    const next = (retryAfterMs: number) => failedAgain(null, 0, 0.5, retryAfterMs)?.next as number;
    assert.equal(next(HOUR), HOUR);
    assert.equal(next(1), DELAYS[0]);
    assert.equal(next(30 * 24 * HOUR), MAX_RETRY_AFTER_MS);
  });
});

describe('webhook', () => {
  it('is listed, and begins at the end of the feed', () => {
    const world = new World();
    notified(world);
    const { id } = registered(world);
    assert.equal(cursor(world, id), 1);
    assert.deepEqual(world.get(HERE, WEBHOOKS)?.webhooks, [{ id, org: TOWN, version: 1 }]);
  });

  it('is one of a few of its organisation', () => {
    const world = new World();
    for (let n = 0; n < MAX_WEBHOOKS; n += 1) assert.equal(registered(world).answer, 201);
    assert.equal(registered(world).answer, 400);
    assert.equal(registered(world, CITY).answer, 201);
  });

  it('moves its cursor by reports, and never over what was asked for again meanwhile', () => {
    const { world, id } = registered();
    for (let n = 0; n < 3; n += 1) notified(world);
    claim(world, 'a');
    assert.equal(report(world, id, { upTo: 2, attempts: [attempt(1), attempt(2)] }).status, 200);
    assert.equal(cursor(world, id), 2);
    world.ask(HERE, { kind: 'webhook.rewind', id, after: 0 });
    report(world, id, { from: 2, upTo: 3, attempts: [attempt(3)] });
    assert.equal(cursor(world, id), 0);
    assert.equal(world.ask(HERE, { kind: 'webhook.rewind', id, after: 9 }).status, 400);
  });

  it('keeps its last attempts only', () => {
    const { world, id } = registered();
    claim(world, 'a');
    for (let n = 1; n <= LOG_ATTEMPTS + 5; n += 1) report(world, id, { attempts: [attempt(n)] });
    const { log } = of(world, id);
    assert.deepEqual([log.length, log[0]?.position], [LOG_ATTEMPTS, 6]);
  });

  it('fails, recovers, and is paused with one e-mail after three days of failures', () => {
    const { world, id } = registered();
    claim(world, 'a', 1_000 * HOUR);
    report(world, id, { attempts: [attempt(1, 'refused')], failed: failure() });
    assert.deepEqual(of(world, id).failing, { since: world.now, failures: 1, next: world.now + (DELAYS[0] as number) });
    report(world, id, { attempts: [attempt(1)] });
    assert.equal(of(world, id).failing, null);
    const began = world.now;
    for (let failing: WebhookState['failing'] | undefined; failing !== null; ) {
      report(world, id, { attempts: [attempt(1, 'timeout')], failed: failure() });
      failing = of(world, id).failing;
      if (failing) world.advance(failing.next);
    }
    assert.ok(world.now - began >= GIVE_UP_MS);
    assert.deepEqual(of(world, id).paused, { reason: 'failing', at: world.now });
    // The address may hold a secret: only its host is told.
    const body = { to: 'mairie@commune.test', webhook: 'mairie.example:8443', reason: 'failing' };
    assert.deepEqual(world.jobs, [{ kind: 'mail', body }]);
    world.ask(HERE, { kind: 'webhook.resume', id, after: null });
    assert.deepEqual([of(world, id).paused, of(world, id).failing], [null, null]);
  });

  it('that delivered something before it failed fails for the first time', () => {
    const { world, id } = registered();
    notified(world);
    claim(world, 'a', HOUR);
    report(world, id, { attempts: [attempt(1, 'refused')], failed: failure() });
    world.advance(world.now + HOUR / 2);
    report(world, id, { upTo: 1, attempts: [attempt(1), attempt(2, 'refused')], failed: failure() });
    assert.equal(of(world, id).failing?.since, world.now);
  });

  it('is paused at once by 410, and by a gap; by its owner without an e-mail', () => {
    for (const pause of ['gone', 'gap'] as const) {
      const { world, id } = registered();
      claim(world, 'a');
      report(world, id, {
        pause,
        attempts: pause === 'gone' ? [attempt(1, 'gone')] : [],
        failed: pause === 'gone' ? failure() : null,
      });
      assert.equal(of(world, id).paused?.reason, pause);
      assert.equal(world.jobs.length, 1);
    }
    const { world, id } = registered();
    world.ask(HERE, { kind: 'webhook.pause', id });
    assert.equal(of(world, id).paused?.reason, 'asked');
    assert.equal(world.jobs.length, 0);
  });

  it('sends again what is asked for, a bounded number', () => {
    const { world, id } = registered();
    for (let position = 1; position <= MAX_REPLAYS; position += 1)
      assert.equal(world.ask(HERE, { kind: 'webhook.replay', id, position }).status, 204);
    assert.equal(world.ask(HERE, { kind: 'webhook.replay', id, position: 1 }).status, 204);
    assert.equal(world.ask(HERE, { kind: 'webhook.replay', id, position: 999 }).status, 400);
    claim(world, 'a');
    report(world, id, { replayed: [1, 2], attempts: [attempt(1), attempt(2)] });
    assert.equal(of(world, id).replays.length, MAX_REPLAYS - 2);
  });

  it('signs with two secrets at most, the former one until the end of the overlap', () => {
    const { world, id } = registered();
    for (const n of [2, 3])
      world.ask(HERE, { kind: 'webhook.rotate', id, secret: { sealed: `s${n}`, publicKey: `p${n}` }, overlapMs: HOUR });
    assert.deepEqual(
      of(world, id).secrets.map(({ sealed, until }) => [sealed, until]),
      [
        ['s3', null],
        ['s2', world.now + HOUR],
      ],
    );
  });

  it('leaves nothing behind when it is deleted', () => {
    const { world, id } = registered();
    assert.equal(world.ask(HERE, { kind: 'webhook.delete', id }).status, 204);
    assert.deepEqual([...world.place(HERE).records.keys()], []);
    assert.equal(world.ask(HERE, { kind: 'webhook.delete', id }).status, 404);
  });
});

describe('couriers', () => {
  it('hold a partition one at a time; a report of who held it before counts for nothing', () => {
    const { world, id } = registered();
    notified(world);
    assert.deepEqual(claim(world, 'a').body, { epoch: 1 });
    assert.equal(claim(world, 'b').status, 409);
    world.advance(world.now + 999);
    assert.deepEqual(claim(world, 'a').body, { epoch: 1 });
    world.advance(world.now + 1_000);
    assert.deepEqual(claim(world, 'b').body, { epoch: 2 });
    assert.equal(report(world, id, { upTo: 1, attempts: [attempt(1)] }).status, 409);
    assert.equal(cursor(world, id), 0);
    assert.equal(report(world, id, { courier: 'b', epoch: 2, upTo: 1, attempts: [attempt(1)] }).status, 200);
    assert.equal(cursor(world, id), 1);
  });

  it('give it back, and a late report of theirs counts until another has begun', () => {
    const { world, id } = registered();
    notified(world);
    claim(world, 'a');
    world.ask(HERE, { kind: 'courier.release', courier: 'a', epoch: 1 });
    assert.equal(report(world, id, { upTo: 1, attempts: [attempt(1)] }).status, 200);
    assert.deepEqual(claim(world, 'b').body, { epoch: 2 });
  });
});
