import type { NewEvent } from '../../commands/contents.ts';
import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { type Id, ownEventId, parts } from '../../ids.ts';
import type { OrgKey } from '../../organization.ts';
import type { CaseState } from '../../records/case.ts';
import { type Pending, versionOf } from '../../records/desk.ts';
import type { EventState } from '../../records/event.ts';
import { caseName } from '../../records/names.ts';
import { openCaseFor } from '../rights.ts';
import { send } from './event.ts';
import { addEvent, findEvent, hasRoom } from './events.ts';
import { unmoved } from './moved.ts';

/** A case whose folder is being deleted is looked at again so much later, ms. */
const AGAIN_MS = 1_000;

/** What the agents read when a decision could not be sent; its sender is not told of it. */
export const UNSENT =
  'Décision non envoyée : le dossier a changé d’état entre la décision et son envoi. Rouvrez-le, puis décidez de nouveau.';

const leaveTimer = (id: Id): string => `leave.${id}`;

const sentOf = (event: NewEvent, transmitter: OrgKey): EventState => ({
  ...event,
  transmitter,
  status: 'SENT',
  attachments: [],
  updated: null,
});

/** A decision of the recipient's side: now, or when its time to be undone is over. */
export function decideResolve(command: CommandOf<'case.resolve'>, decision: Decision): void {
  const { case: id, caller, agent, events: asked, seen, waitMs, purge } = command;
  const state = openCaseFor(decision, id, caller);
  const [first] = asked;
  const known = state.pending?.events[0]?.id === first?.id;
  if (first === undefined || known || state.events.some((one) => one.id === first.id)) {
    decision.reply(201, { version: versionOf(state), due: known ? (state.pending?.due ?? null) : null });
    return;
  }
  unmoved(decision, state, seen ?? versionOf(state));
  let from: string = state.status;
  const events = asked.map((event) => {
    const sent = sentOf({ ...event, caseCurrentStatus: from }, caller.org);
    from = event.caseNewStatus ?? from;
    return sent;
  });
  const version = versionOf(state);
  const pending: Pending = { events, agent, due: decision.now + waitMs, version, purge };
  if (waitMs === 0) {
    const next = sendAll(decision, id, state, pending);
    decision.put(caseName(id), next);
    decision.reply(201, { version: versionOf(next), due: null });
    return;
  }
  decision.put(caseName(id), { ...state, pending });
  decision.timer(leaveTimer(id), pending.due, { command: { kind: 'case.leave', case: id, event: first.id } });
  decision.reply(201, { version, due: pending.due });
}

export function decideUndo({ case: id, caller, event }: CommandOf<'case.undo'>, decision: Decision): void {
  const state = openCaseFor(decision, id, caller);
  const { pending, ...rest } = state;
  if (pending?.events[0]?.id !== event) {
    if (findEvent(decision, id, state, event) !== undefined) decision.refuse('gone', 'The decision has left');
    decision.refuse('eventUnknown');
  }
  decision.put(caseName(id), rest);
  decision.untimer(leaveTimer(id));
  decision.count('decisions_undone');
  decision.reply(204);
}

/** Timer: the decision leaves, unless the case is not what it was made on. */
export function decideLeave({ case: id, event }: CommandOf<'case.leave'>, decision: Decision): void {
  const state = decision.get(caseName(id));
  if (state?.pending?.events[0]?.id !== event) return;
  const { pending, ...rest } = state;
  if (state.held) {
    decision.timer(leaveTimer(id), decision.now + AGAIN_MS, { command: { kind: 'case.leave', case: id, event } });
    return;
  }
  const still = versionOf(rest) === pending.version;
  decision.put(caseName(id), still ? sendAll(decision, id, rest, pending) : unsent(decision, id, rest, pending));
}

function sendAll(decision: Decision, id: Id, state: CaseState, { events, purge }: Pending): CaseState {
  let next = state;
  for (const event of events) {
    const caller = { scope: event.side, org: event.transmitter };
    next = send(decision, id, addEvent(decision, id, next, event), event, { caller, purge, mail: null });
    decision.count('events');
  }
  return next;
}

/** The case bears a note of it, for whoever decided. */
function unsent(decision: Decision, id: Id, state: CaseState, { events }: Pending): CaseState {
  const [first] = events;
  decision.count('decisions_unsent');
  if (first === undefined) return state;
  const note: EventState = {
    ...first,
    id: ownEventId(id, parts(id).home, decision.now),
    actionType: 'COM_ADD',
    notification: false,
    message: null,
    comment: UNSENT,
    caseCurrentStatus: state.status,
    caseNewStatus: null,
  };
  return hasRoom(state, note) ? addEvent(decision, id, state, note) : state;
}
