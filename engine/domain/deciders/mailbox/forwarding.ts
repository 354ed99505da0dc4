import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { parts } from '../../ids.ts';
import type { OrgKey } from '../../organization.ts';
import { partitionOf } from '../../placement.ts';
import { CASE_MARK, recipientName } from '../../records/names.ts';
import type { Forwarding, RecipientState } from '../../records/recipient.ts';
import { carry } from '../send.ts';
import { markCase } from './box.ts';

/**
 * Cases whose deposit is not complete are in no list when their recipient migrates. Its mailbox remembers each
 * migration, and a case it is given later moves on as if it had been there: from where it was at its creation through
 * every migration since, in their order.
 */
const MAX_FORWARDINGS = 64;

/** Notes a migration; a deposit left incomplete through 64 later ones of the same organisation is not followed. */
export function noteForwarding(state: RecipientState, forwarding: Forwarding): RecipientState {
  const known = state.forwardings ?? [];
  const last = known.at(-1);
  const again = last?.target === forwarding.target && last.process === forwarding.process;
  const kept = again ? known.slice(0, -1) : known.slice(1 - MAX_FORWARDINGS);
  return { ...state, forwardings: [...kept, forwarding] };
}

/** The first migration of an organisation that takes along a case which is there since that moment, ms. */
export function movedTo(decision: Decision, org: OrgKey, process: string, since: number): Forwarding | undefined {
  if (partitionOf(org) !== decision.partition) return undefined;
  const forwardings = decision.get(recipientName(org))?.forwardings ?? [];
  return forwardings.find((one) => one.at >= since && (one.process === null || one.process === process));
}

/**
 * Follows a case from its recipient's mailbox, which is here, to where it belongs now. There it is listed before its
 * home shows it, so that a migration that comes in between finds it.
 * @returns the recipient, when the case lives here too; else it, or the next mailbox on the way, was told
 */
export function seek(decision: Decision, command: CommandOf<'mailbox.seek'>): OrgKey | undefined {
  const { case: id, process } = command;
  let { recipient, since } = command;
  for (;;) {
    const next = movedTo(decision, recipient, process, since);
    if (next === undefined) break;
    recipient = next.target;
    // Later than that migration: going there and back must come to an end.
    since = next.at + 1;
    const home = partitionOf(recipient);
    if (home !== decision.partition) {
      carry(decision, home, { ...command, recipient, since }, true);
      return undefined;
    }
  }
  markCase(decision, recipient, process, id, CASE_MARK.open);
  const { home } = parts(id);
  if (home === decision.partition) return recipient;
  carry(decision, home, { kind: 'case.show-to', case: id, recipient }, true);
  return undefined;
}
