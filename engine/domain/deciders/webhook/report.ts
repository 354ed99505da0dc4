import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { cursorOf } from '../../records/feed.ts';
import { COURIER, consumersName, webhookName } from '../../records/names.ts';
import { type DeliveryReport, type PauseReason, type WebhookState, webhookConsumer } from '../../records/webhook.ts';
import { failedAgain } from './schedule.ts';

/** Attempts kept of one webhook: what a partner looks for is what happened last. Some 1.2 kB. */
export const LOG_ATTEMPTS = 32;

/**
 * What a courier did: moves the cursor over what the receiver has, and decides when the next call is due, or that there
 * is none. Only the holder's report counts, so that two processes never move one cursor.
 */
export function decideReport({ report }: CommandOf<'webhook.report'>, decision: Decision): void {
  const { id, courier, epoch, attempts, replayed } = report;
  decision.need([COURIER, webhookName(id)]);
  const holder = decision.get(COURIER);
  if (holder?.courier !== courier || holder.epoch !== epoch)
    decision.refuse('conflict', 'Another process delivers to the webhooks of this partition');
  const webhook = decision.get(webhookName(id));
  if (webhook === undefined) decision.refuse('webhookUnknown');
  advance(webhook, report, decision);
  const log = [...webhook.log, ...attempts].slice(-LOG_ATTEMPTS);
  const replays = webhook.replays.filter((position) => !replayed.includes(position));
  const next = { ...webhook, log, replays, ...outcome(webhook, report, decision) };
  if (attempts.length > 0 || replayed.length > 0 || next.paused !== webhook.paused) decision.put(webhookName(id), next);
  decision.reply(200, { pausedNow: next.paused === webhook.paused ? null : next.paused?.reason });
}

/** A cursor the organisation moved meanwhile stays where it put it: it wants to hear that again. */
function advance({ id, org }: WebhookState, { from, upTo }: DeliveryReport, decision: Decision): void {
  if (upTo === null) return;
  const state = decision.get(consumersName(org));
  const name = webhookConsumer(id);
  if ((cursorOf(state, name)?.acknowledged ?? null) !== from) return;
  const consumers = { ...state?.consumers, [name]: { acknowledged: upTo, at: decision.now } };
  decision.put(consumersName(org), { consumers });
}

function outcome(
  webhook: WebhookState,
  { failed, pause, attempts, mail }: DeliveryReport,
  decision: Decision,
): Pick<WebhookState, 'failing' | 'paused'> {
  const { paused, failing } = webhook;
  const stop = (reason: PauseReason): Pick<WebhookState, 'failing' | 'paused'> => {
    tell(webhook, reason, mail, decision);
    return { failing: null, paused: { reason, at: decision.now } };
  };
  if (paused !== null) return { paused, failing };
  if (pause !== null) return stop(pause);
  if (failed === null) return { paused, failing: attempts.length > 0 ? null : failing };
  // Of several attempts the last one failed: those before it succeeded.
  const before = attempts.length > 1 ? null : failing;
  const next = failedAgain(before, decision.now, failed.jitter, failed.retryAfterMs);
  return next === null ? stop('failing') : { paused, failing: next };
}

/** To whoever the webhook names, else to the organisation. The address called may hold a secret: only its host is told. */
function tell({ url, email }: WebhookState, reason: PauseReason, mail: string | null, decision: Decision): void {
  const to = email ?? mail;
  if (to === null) return;
  decision.job({ kind: 'mail', body: { to, webhook: url.split('/', 3)[2] ?? '', reason } });
}
