import { randomBytes } from 'node:crypto';
import type { Log } from '#api/server/deps.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Config } from '#engine/config.ts';
import type { Metrics } from '#engine/telemetry/metrics.ts';
import { SecretGauges } from '#engine/telemetry/secrets.ts';
import { ServiceCounts } from '#engine/telemetry/service.ts';
import type { Tracer } from '#engine/telemetry/tracer.ts';
import type { Clock, Desk } from './desk.ts';
import { Dispatch, type DispatchPace } from './dispatch.ts';
import { type Outbound, openOutbound } from './outbound.ts';
import { WebhookSecrets } from './secrets.ts';
import { Slots } from './slots.ts';

/** All a process has for webhooks. */
export interface Webhooks {
  dispatch: Dispatch;
  outbound: Outbound;
  secrets: WebhookSecrets;
  /** places for proofs, apart from those of deliveries */
  proofs: Slots;
  /** Brings the figures of this moment up to date. */
  measure(): void;
}

const NAME_BYTES = 6;
/** Proofs under way in a process, and of one organisation: each calls an address nobody has proved yet. */
const PROOFS = 16;
const PROOFS_OF_ONE = 2;

/** @param pace absent: the product's */
export function openWebhooks(
  hub: Hub,
  config: Pick<Config, 'masterKey' | 'webhookPrivate'>,
  metrics: Metrics,
  log: Pick<Log, 'warn'>,
  pace?: DispatchPace,
  tracer?: Pick<Tracer, 'begin'>,
): Webhooks {
  const outbound = openOutbound({ open: config.webhookPrivate, ...(pace && { callMs: pace.callMs }) });
  const secrets = new WebhookSecrets(config.masterKey);
  const slots = new Slots();
  const service = ServiceCounts.of(metrics.registry);
  const clock: Clock = {
    now: () => hub.now(),
    after(ms, work) {
      const timer = setTimeout(work, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
  const desk: Desk = {
    courier: randomBytes(NAME_BYTES).toString('base64url'),
    ask: (partition, command) => hub.ask(partition, command),
    news: hub.news,
    feeds: hub.feeds,
    find: (partition, id, org) => hub.webhooks.find(partition, id, org),
    outbound,
    secrets,
    slots,
    clock,
    jitter: Math.random,
    mailOf: (org) => hub.referential.organization(org)?.email ?? null,
    count(outcome, ms) {
      metrics.webhookCalls.inc({ outcome });
      metrics.webhookSeconds.observe(ms / 1000);
    },
    step: (trace) => tracer?.begin(trace, { name: 'POST webhook', kind: 'client', attributes: {} }),
    taken: (item) => service.taken(item, hub.now()),
    paused: (reason) => metrics.webhookPauses.inc({ reason }),
    // Never an address: it may hold a secret of its owner's.
    onTrouble: (error) => log.warn({ error: (error as Error).message }, 'webhooks.trouble'),
  };
  const dispatch = new Dispatch(hub, desk, pace);
  const ends = SecretGauges.of(metrics.registry);
  const measure = (): void => {
    const now = hub.now();
    ends.found('client', hub.referential.firstSecretEnd(now));
    ends.found('webhook', dispatch.firstSecretEnd(now));
    const { delivering, failing, paused } = dispatch.states;
    metrics.webhooks.set({ state: 'active' }, delivering);
    metrics.webhooks.set({ state: 'failing' }, failing);
    metrics.webhooks.set({ state: 'paused' }, paused);
    for (const lane of ['quick', 'slow'] as const) {
      metrics.webhookSlots.set({ lane, state: 'taken' }, slots.taken(lane));
      metrics.webhookSlots.set({ lane, state: 'waiting' }, slots.waiting(lane));
    }
  };
  return { dispatch, outbound, secrets, measure, proofs: new Slots({ quick: PROOFS, slow: 0 }, PROOFS_OF_ONE) };
}
