import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { cursorOf } from '../../records/feed.ts';
import { consumersName, recipientName } from '../../records/names.ts';
import { putCursor } from './consumer.ts';

/**
 * One API process pushes to a reader at a time, or events of one case would travel two ways. The caller has looked at who
 * holds it and judged that one gone (engine/client/holders.ts): it gets it only if nobody else was quicker. A reader
 * nobody knows begins at the oldest entry kept.
 */
export function decideFeedHold(command: CommandOf<'feed.hold'>, decision: Decision): void {
  const { org, consumer, holder, before, after } = command;
  decision.need([recipientName(org), consumersName(org)]);
  const known = cursorOf(decision.get(consumersName(org)), consumer);
  const held = known?.holder ?? null;
  if (held !== before && held !== holder) decision.refuse('conflict', 'Another process pushes to it');
  const recipient = decision.get(recipientName(org));
  const oldest = (recipient?.feed?.kept ?? (recipient?.sequence ?? 0) + 1) - 1;
  const acknowledged = after ?? known?.acknowledged ?? oldest;
  if (held !== holder || acknowledged !== known?.acknowledged)
    putCursor(decision, org, consumer, { acknowledged, holder });
  decision.reply(200, { acknowledged });
}

/** The cursor stays: whoever comes next goes on from it. */
export function decideFeedRelease({ org, consumer, holder }: CommandOf<'feed.release'>, decision: Decision): void {
  const state = decision.get(consumersName(org));
  const known = cursorOf(state, consumer);
  if (known?.holder === holder) {
    const consumers = { ...state?.consumers, [consumer]: { acknowledged: known.acknowledged, at: known.at } };
    decision.put(consumersName(org), { consumers });
  }
  decision.reply(204);
}
