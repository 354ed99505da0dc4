import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openWebhooks, type Webhooks } from '#api/webhooks/office.ts';
import { openLog } from '#engine/telemetry/log.ts';
import { threadMetrics } from '#engine/telemetry/metrics.ts';
import { recipientIn } from '#test/domain/samples.ts';
import { Receiver } from './receiver.ts';
import { type Site, startSite } from './site.ts';

/** Receivers that take a call and never answer, each of another organisation. */
const STUCK = 50;
const EVENTS = 20;
/** Calls outlast the test: whatever the stuck ones hold, they hold to its end. */
const PACE = { leaseMs: 120_000, lookMs: 300, silenceMs: 5_000, callMs: 60_000 };

describe('receivers that never answer', () => {
  let site: Site;
  let webhooks: Webhooks;
  let stuck: Receiver;
  let quick: Receiver;
  before(async () => {
    site = await startSite();
    [stuck, quick] = [await Receiver.start(), await Receiver.start()];
    stuck.answer = () => undefined;
    const config = { masterKey: site.key, webhookPrivate: true };
    webhooks = openWebhooks(site.hub, config, threadMetrics('api'), openLog('error', 'test'), PACE);
    webhooks.dispatch.start();
  });
  after(async () => {
    await webhooks.dispatch.stop();
    await Promise.all([stuck.stop(), quick.stop()]);
    await site.stop();
  });

  test('hold up nobody else, one call each, and cost no commit', async () => {
    const slow = Array.from({ length: STUCK }, (_, partition) => recipientIn(partition));
    await Promise.all(slow.map((org) => site.register(org, stuck.url)));
    // The same partition as a stuck one's: not even there is anything shared.
    const lively = recipientIn(0, 1);
    await site.register(lively, quick.url);
    await Promise.all(slow.flatMap((org) => [site.tell(org), site.tell(org)]));
    await stuck.until(() => stuck.now === STUCK);
    for (let n = 0; n < EVENTS; n += 1) await site.tell(lively);
    await quick.until(() => quick.got.length === EVENTS);
    assert.deepEqual(
      quick.positions,
      Array.from({ length: EVENTS }, (_, n) => n + 1),
    );
    assert.deepEqual([stuck.now, stuck.most, stuck.got.length], [STUCK, STUCK, STUCK]);
  });

  test('are left at once when the process ends, and no failure of theirs is noted', async () => {
    await webhooks.dispatch.stop();
    await stuck.until(() => stuck.now === 0);
    const [first] = await site.hub.webhooks.of(0, recipientIn(0));
    assert.deepEqual([first?.failing, first?.log], [null, []]);
  });
});
