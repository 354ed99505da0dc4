import type { PurgeSettings } from '../../commands/contents.ts';
import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { type Id, parts } from '../../ids.ts';
import type { CaseState } from '../../records/case.ts';
import { CASE_MARK, caseName } from '../../records/names.ts';
import { movedTo, seek } from '../mailbox/forwarding.ts';
import { listCase, notify } from '../mailbox/notify.ts';
import { tellHeld } from './event.ts';
import { olderEvents } from './events.ts';
import { mail } from './mail.ts';
import { markOf, watchFiles, withStatus } from './status.ts';

/**
 * Makes a case available to its recipient and tells it (contract §9, HUBEE_COMPLETED). One whose recipient migrated
 * before the deposit was complete is for whoever took its place, who is looked for first; the e-mail address is that of
 * the old one, and is not used. Its status is of the completion all the same: those given while the search goes on stay.
 */
export function show(decision: Decision, id: Id, state: CaseState, address: string | null, purge: PurgeSettings): void {
  const { recipient, process } = state;
  if (movedTo(decision, recipient, process, parts(id).ms)) {
    decision.put(caseName(id), withStatus(decision, id, state, 'HUBEE_NOTIFIED', purge));
    decideSeek({ kind: 'mailbox.seek', case: id, recipient, process, since: parts(id).ms }, decision);
    return;
  }
  showHere(decision, id, state, address, purge);
}

/** Shows it to the recipient it has, whatever moved before: a held case moves with its queue. */
export function showHere(
  decision: Decision,
  id: Id,
  state: CaseState,
  address: string | null,
  purge: PurgeSettings,
): void {
  const shown = appear(decision, id, state, purge);
  listCase(decision, id, shown, markOf(shown));
  tellAll(decision, id, shown, address);
}

/** Seen; it is not listed by that, and nobody is told. */
export function appear(decision: Decision, id: Id, state: CaseState, purge: PurgeSettings): CaseState {
  return reveal(decision, id, withStatus(decision, id, state, 'HUBEE_NOTIFIED', purge));
}

export function decideSeek(command: CommandOf<'mailbox.seek'>, decision: Decision): void {
  const recipient = seek(decision, command);
  if (recipient === undefined) return;
  decideShowTo({ kind: 'case.show-to', case: command.case, recipient }, decision);
}

/** The recipient of a case was found, and lists it already, as one that nobody closed meanwhile. */
export function decideShowTo(command: CommandOf<'case.show-to'>, decision: Decision): void {
  const { case: id, recipient } = command;
  const state = decision.get(caseName(id));
  if (state === undefined || state.visible) return;
  const shown = reveal(decision, id, { ...state, recipient });
  const mark = markOf(shown);
  if (mark !== CASE_MARK.open) listCase(decision, id, shown, mark);
  tellAll(decision, id, shown, null);
}

function reveal(decision: Decision, id: Id, state: CaseState): CaseState {
  const shown = { ...state, visible: true };
  decision.put(caseName(id), shown);
  watchFiles(decision, id, shown);
  decision.count('cases');
  return shown;
}

/** The case first, then what its sender wrote before. */
function tellAll(decision: Decision, id: Id, state: CaseState, address: string | null): void {
  const { sender: transmitter, recipient, process } = state;
  olderEvents(decision, id, state);
  notify(decision, { case: id, event: null, transmitter, recipient, process });
  mail(decision, address, { case: id, event: null, process });
  tellEarlier(decision, id, state, address);
}

/** What its sender wrote before the case was shown, in order. */
export function tellEarlier(decision: Decision, id: Id, state: CaseState, address: string | null): void {
  for (const events of olderEvents(decision, id, state)) tellHeld(decision, id, state, events, address);
  tellHeld(decision, id, state, state.events, address);
}
