import type { Decision } from '../../decision.ts';
import type { CaseState } from '../../records/case.ts';
import { versionOf } from '../../records/desk.ts';

/**
 * Nobody decides on a case that is not as it was seen, nor beside a decision that is about to leave. Who says nothing of
 * what was seen, as software of the contract, decides whatever the case is. @throws DomainError precondition
 */
export function unmoved(decision: Decision, state: CaseState, seen: string | undefined): void {
  if (seen === undefined) return;
  asSeen(decision, state, seen);
  if (state.pending !== undefined) decision.refuse('precondition', 'A decision on this case is about to leave');
}

/** The same for what decides nothing: it may go beside a decision that waits. @throws DomainError precondition */
export function asSeen(decision: Decision, state: CaseState, seen: string | undefined): void {
  if (seen !== undefined && seen !== versionOf(state))
    decision.refuse('precondition', `Case is ${state.status} meanwhile`);
}
