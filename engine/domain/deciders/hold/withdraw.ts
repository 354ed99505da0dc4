import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import type { Id } from '../../ids.ts';
import { partitionOf } from '../../placement.ts';
import type { CaseState, CaseStatus } from '../../records/case.ts';
import { heldName } from '../../records/names.ts';
import { carry } from '../send.ts';
import { dequeue } from './queue.ts';

/**
 * A case its recipient never saw can only be closed by its sender: nobody treats it, and showing it would hand it to an
 * organisation without subscription. Closing a held case takes it off its queue.
 */
export function withdrawn(decision: Decision, id: Id, state: CaseState, status: CaseStatus): CaseState {
  if (state.holding === null) return state;
  if (status !== 'CLOSED') {
    const why =
      state.holding.state === 'held' ? 'held until its recipient has an active subscription' : 'not delivered';
    decision.refuse('rule', `Case is ${why}: its status can only become CLOSED`);
  }
  if (state.holding.state !== 'held') return state;
  const org = state.recipient;
  const home = partitionOf(org);
  const message = { kind: 'mailbox.withdraw', org, case: id } as const;
  if (home === decision.partition) decideWithdraw(message, decision);
  else carry(decision, home, message, false);
  return { ...state, holding: { ...state.holding, state: 'withdrawn', until: decision.now } };
}

/** What was released or given back by then is no longer here. */
export function decideWithdraw({ org, case: id }: CommandOf<'mailbox.withdraw'>, decision: Decision): void {
  const entry = decision.get(heldName(id));
  if (entry?.org === org) dequeue(decision, id, entry);
}
