import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import type { OrgKey } from '../../organization.ts';
import { type ConsumersState, type Cursor, cursorOf } from '../../records/feed.ts';
import { consumersName, recipientName } from '../../records/names.ts';

/** Readers one organisation may name: they live in one record, which each acknowledgement writes. */
export const MAX_CONSUMERS = 64;

/**
 * Writes one reader of an organisation; its cursor lies at most where the feed ends.
 */
export function putCursor(decision: Decision, org: OrgKey, consumer: string, cursor: Omit<Cursor, 'at'>): void {
  const recipient = decision.get(recipientName(org));
  const { acknowledged } = cursor;
  if (acknowledged > (recipient?.sequence ?? 0))
    decision.refuse('rule', `Position ${acknowledged} is beyond the end of the feed`);
  const state: ConsumersState = decision.get(consumersName(org)) ?? { consumers: {} };
  if (cursorOf(state, consumer) === undefined && Object.keys(state.consumers).length >= MAX_CONSUMERS)
    decision.refuse('rule', `An organization has at most ${MAX_CONSUMERS} consumers`);
  const consumers = { ...state.consumers, [consumer]: { ...cursor, at: decision.now } };
  decision.put(consumersName(org), { consumers });
}

/**
 * Moves a reader's cursor. An acknowledgement goes forward only: a repeated or late one changes nothing. With `seek`
 * the reader asks to hear again what is still kept, and whoever pushes to it must begin anew. A process that pushes
 * names itself: once another one has taken over, it acknowledges nothing more.
 */
export function decideAcknowledge(command: CommandOf<'feed.acknowledge'>, decision: Decision): void {
  const { org, consumer, upTo, seek, holder } = command;
  decision.need([recipientName(org), consumersName(org)]);
  const known = cursorOf(decision.get(consumersName(org)), consumer);
  if (holder !== undefined && known?.holder !== holder) decision.refuse('conflict', 'Another process pushes to it');
  const acknowledged = seek ? upTo : Math.max(known?.acknowledged ?? 0, upTo);
  if (acknowledged !== known?.acknowledged || seek) {
    const held = seek || known?.holder === undefined ? {} : { holder: known.holder };
    putCursor(decision, org, consumer, { acknowledged, ...held });
  }
  decision.reply(200, { acknowledged, before: known?.acknowledged ?? 0 });
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
