import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { COURIER } from '../../records/names.ts';

/** One process at a time delivers to the webhooks of a partition, for as long as it says so again in time. */
export function decideHold({ courier, leaseMs }: CommandOf<'courier.claim'>, decision: Decision): void {
  const held = decision.get(COURIER);
  const mine = held?.courier === courier;
  if (held !== undefined && !mine && decision.now < held.until)
    decision.refuse('conflict', 'Another process delivers to the webhooks of this partition');
  const epoch = (held?.epoch ?? 0) + (mine ? 0 : 1);
  decision.put(COURIER, { courier, epoch, until: decision.now + leaseMs });
  decision.reply(200, { epoch });
}

/** The epoch stays known: a report of this holder that comes later counts for nothing once another has begun. */
export function decideRelease({ courier, epoch }: CommandOf<'courier.release'>, decision: Decision): void {
  const held = decision.get(COURIER);
  if (held?.courier === courier && held.epoch === epoch) decision.put(COURIER, { ...held, until: decision.now });
  decision.reply(204);
}
