import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import type { Id } from '../../ids.ts';
import type { OrgKey } from '../../organization.ts';
import { consumersName, recipientName, WEBHOOKS, webhookName } from '../../records/names.ts';
import { type WebhookState, type WebhooksState, webhookConsumer } from '../../records/webhook.ts';
import { MAX_CONSUMERS } from '../mailbox/consumer.ts';

/** Webhooks of one organisation: each is a consumer of its feed, and calls at most one address at a time. */
export const MAX_WEBHOOKS = 16;
/** Single positions that wait to be sent again: beyond, a rewind says the same with one number. */
export const MAX_REPLAYS = 100;

const indexOf = (decision: Decision): WebhooksState => decision.get(WEBHOOKS) ?? { webhooks: [] };

/** Lets whoever delivers know that the record is no longer what it was. */
function touch(decision: Decision, id: Id): void {
  const webhooks = indexOf(decision).webhooks.map((place) =>
    place.id === id ? { ...place, version: place.version + 1 } : place,
  );
  decision.put(WEBHOOKS, { webhooks });
}

function change(decision: Decision, id: Id, changes: Partial<WebhookState>): void {
  decision.put(webhookName(id), { ...known(decision, id), ...changes });
  touch(decision, id);
  decision.reply(204);
}

function known(decision: Decision, id: Id): WebhookState {
  decision.need([webhookName(id), WEBHOOKS]);
  const webhook = decision.get(webhookName(id));
  return webhook ?? decision.refuse('webhookUnknown');
}

/** Puts the cursor where the organisation wants it, forward or back. */
function seek(decision: Decision, id: Id, org: OrgKey, after: number): void {
  const consumers = { ...decision.get(consumersName(org))?.consumers };
  consumers[webhookConsumer(id)] = { acknowledged: after, at: decision.now };
  decision.put(consumersName(org), { consumers });
}

/** A position somebody may start from: told already, and nothing that follows it is gone. */
function startAt(decision: Decision, org: OrgKey, after: number): number {
  const recipient = decision.get(recipientName(org));
  const last = recipient?.sequence ?? 0;
  if (after > last) decision.refuse('rule', `Position ${after} is beyond the end of the feed`);
  const oldest = (recipient?.feed?.kept ?? last + 1) - 1;
  if (after < oldest) decision.refuse('rule', `Positions before ${oldest} are no longer kept`);
  return after;
}

export function decideWebhook(command: CommandOf<'webhook.create'>, decision: Decision): void {
  const { id, org, url, processes, email, secret, after } = command;
  decision.need([WEBHOOKS, consumersName(org), recipientName(org)]);
  const { webhooks } = indexOf(decision);
  if (webhooks.filter((one) => one.org === org).length >= MAX_WEBHOOKS)
    decision.refuse('rule', `An organization has at most ${MAX_WEBHOOKS} webhooks`);
  if (Object.keys(decision.get(consumersName(org))?.consumers ?? {}).length >= MAX_CONSUMERS)
    decision.refuse('rule', `An organization has at most ${MAX_CONSUMERS} consumers`);
  seek(
    decision,
    id,
    org,
    after === null ? (decision.get(recipientName(org))?.sequence ?? 0) : startAt(decision, org, after),
  );
  decision.put(webhookName(id), {
    id,
    org,
    url,
    processes,
    email,
    secrets: [{ ...secret, until: null }],
    paused: null,
    failing: null,
    replays: [],
    log: [],
    created: decision.now,
  });
  decision.put(WEBHOOKS, { webhooks: [...webhooks, { id, org, version: 1 }] });
  decision.reply(201);
}

export function decideChange(command: CommandOf<'webhook.change'>, decision: Decision): void {
  const { kind: _, id, ...changes } = command;
  // A new address has just answered: what the old one did not answer is no reason to wait.
  change(decision, id, changes.url === undefined ? changes : { ...changes, failing: null });
}

export function decidePause({ id }: CommandOf<'webhook.pause'>, decision: Decision): void {
  const { paused } = known(decision, id);
  change(decision, id, { paused: paused ?? { reason: 'asked', at: decision.now } });
}

export function decideResume({ id, after }: CommandOf<'webhook.resume'>, decision: Decision): void {
  const { org } = known(decision, id);
  if (after !== null) {
    decision.need([consumersName(org), recipientName(org)]);
    seek(decision, id, org, startAt(decision, org, after));
  }
  change(decision, id, { paused: null, failing: null });
}

export function decideReplay({ id, position }: CommandOf<'webhook.replay'>, decision: Decision): void {
  const { replays } = known(decision, id);
  if (replays.includes(position)) decision.reply(204);
  else if (replays.length >= MAX_REPLAYS)
    decision.refuse('rule', `At most ${MAX_REPLAYS} events wait to be sent again: rewind instead`);
  else change(decision, id, { replays: [...replays, position] });
}

export function decideRewind({ id, after }: CommandOf<'webhook.rewind'>, decision: Decision): void {
  const { org } = known(decision, id);
  decision.need([consumersName(org), recipientName(org)]);
  seek(decision, id, org, startAt(decision, org, after));
  change(decision, id, {});
}

/** The secret before the last one stops signing at once: two are what a receiver can be asked to try. */
export function decideRotate({ id, secret, overlapMs }: CommandOf<'webhook.rotate'>, decision: Decision): void {
  const [current] = known(decision, id).secrets;
  const before = current && overlapMs > 0 ? [{ ...current, until: decision.now + overlapMs }] : [];
  change(decision, id, { secrets: [{ ...secret, until: null }, ...before] });
}

export function decideDeleteWebhook({ id }: CommandOf<'webhook.delete'>, decision: Decision): void {
  const { org } = known(decision, id);
  const consumers = { ...decision.get(consumersName(org))?.consumers };
  delete consumers[webhookConsumer(id)];
  if (Object.keys(consumers).length === 0) decision.remove(consumersName(org));
  else decision.put(consumersName(org), { consumers });
  const webhooks = indexOf(decision).webhooks.filter((place) => place.id !== id);
  if (webhooks.length === 0) decision.remove(WEBHOOKS);
  else decision.put(WEBHOOKS, { webhooks });
  decision.remove(webhookName(id));
  decision.reply(204);
}
