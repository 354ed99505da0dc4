import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { type ConsumersState, cursorOf } from '../../records/feed.ts';
import { consumersName, recipientName } from '../../records/names.ts';

/** Readers one organisation may name: they live in one record, which each acknowledgement writes. */
export const MAX_CONSUMERS = 64;

/**
 * Moves a reader's cursor. An acknowledgement goes forward only: a repeated or late one changes nothing. With `seek`
 * the reader asks to hear again what is still kept.
 */
export function decideAcknowledge(command: CommandOf<'feed.acknowledge'>, decision: Decision): void {
  const { org, consumer, upTo, seek } = command;
  decision.need([recipientName(org), consumersName(org)]);
  const recipient = decision.get(recipientName(org));
  if (upTo > (recipient?.sequence ?? 0)) decision.refuse('rule', `Position ${upTo} is beyond the end of the feed`);
  const state: ConsumersState = decision.get(consumersName(org)) ?? { consumers: {} };
  const known = cursorOf(state, consumer);
  if (known === undefined && Object.keys(state.consumers).length >= MAX_CONSUMERS)
    decision.refuse('rule', `An organization has at most ${MAX_CONSUMERS} consumers`);
  const acknowledged = seek ? upTo : Math.max(known?.acknowledged ?? 0, upTo);
  if (acknowledged !== known?.acknowledged) {
    const consumers = { ...state.consumers, [consumer]: { acknowledged, at: decision.now } };
    decision.put(consumersName(org), { consumers });
  }
  decision.reply(200, { acknowledged });
}

export function decideForgetConsumer(command: CommandOf<'feed.forget'>, decision: Decision): void {
  const { org, consumer } = command;
  const state = decision.get(consumersName(org));
  if (cursorOf(state, consumer) === undefined) decision.refuse('consumerUnknown');
  const consumers = { ...state?.consumers };
  delete consumers[consumer];
  if (Object.keys(consumers).length === 0) decision.remove(consumersName(org));
  else decision.put(consumersName(org), { consumers });
  decision.reply(204);
}
