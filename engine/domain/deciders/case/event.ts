import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import type { Id } from '../../ids.ts';
import type { OrgKey } from '../../organization.ts';
import { partitionOf } from '../../placement.ts';
import type { CaseState, CaseStatus } from '../../records/case.ts';
import { versionOf } from '../../records/desk.ts';
import type { EventState } from '../../records/event.ts';
import type { FeedType } from '../../records/feed.ts';
import { caseName } from '../../records/names.ts';
import { tellFeed } from '../mailbox/news.ts';
import { notify } from '../mailbox/notify.ts';
import { isAddressee, isAuthor, openCaseFor } from '../rights.ts';
import { awaitPartitions } from '../send.ts';
import { addEvent, findEvent, replaceEvent } from './events.ts';
import { mail } from './mail.ts';
import { asSeen, unmoved } from './moved.ts';
import { scheduleEventFiles, withStatus } from './status.ts';

/** Whom an event is for: the sender of the démarche, or the recipient when the sender wrote it (contract §9). */
const addressee = (state: CaseState, event: EventState): OrgKey =>
  event.side === 'OSL' ? state.recipient : state.sender;

/** The side that wrote it, as it is today: a migrated recipient is told in its new place. */
function author(state: CaseState, event: EventState): OrgKey {
  if (event.side === 'ADMIN') return event.transmitter;
  return event.side === 'OSL' ? state.sender : state.recipient;
}

/** The other side hears of every event in its feed; a notification only tells of those that ask for one. */
function tell(
  decision: Decision,
  id: Id,
  state: CaseState,
  event: EventState,
  to: OrgKey,
  transmitter: OrgKey,
  what: 'sent' | 'acknowledged',
): void {
  // What happens to a case its recipient never saw is not its news; what its sender wrote is told once it is shown.
  if (state.holding !== null && to === state.recipient) return;
  const { process } = state;
  const type: FeedType = what === 'acknowledged' ? what : event.attachments.length > 0 ? 'files' : 'event';
  const status = what === 'sent' ? (event.caseNewStatus as CaseStatus | null) : null;
  if (!event.notification) tellFeed(decision, to, { type, case: id, event: event.id, status, process });
  else {
    const told = { case: id, event: event.id, transmitter, recipient: to, process, type };
    notify(decision, status === null ? told : { ...told, status });
  }
}

/** What the recipient is not told before the deposit is complete: it knows no such case yet. */
const isHeld = (state: CaseState, event: EventState): boolean => event.side === 'OSL' && !state.visible;

/** Whether the recipient is told by e-mail (contract §10, 14.9). */
const isMailed = ({ side, notification, actionType, caseNewStatus }: EventState): boolean =>
  side === 'OSL' && notification && (actionType !== 'ATTACH_DEPOSIT' || caseNewStatus === 'HUBEE_NOTIFIED');

/** Tells the recipient, now that it sees the case, what its sender sent before; by e-mail to `address`, if any. */
export function tellHeld(
  decision: Decision,
  id: Id,
  state: CaseState,
  events: readonly EventState[],
  address: string | null,
): void {
  for (const event of events) {
    if (event.side !== 'OSL' || event.status !== 'SENT') continue;
    tell(decision, id, state, event, state.recipient, event.transmitter, 'sent');
    if (isMailed(event)) mail(decision, address, { case: id, event: event.id, process: state.process });
  }
}

/** What an event does once SENT: the case takes its new status, the other side is told (contract §9). */
export function send(
  decision: Decision,
  id: Id,
  state: CaseState,
  event: EventState,
  command: Pick<CommandOf<'case.event' | 'case.event.patch'>, 'caller' | 'purge' | 'mail'>,
): CaseState {
  const { caller, purge } = command;
  const status = event.caseNewStatus as CaseStatus | null;
  const next = status === null ? state : withStatus(decision, id, state, status, purge);
  if (isHeld(next, event)) return next;
  tell(decision, id, next, event, addressee(next, event), caller.org, 'sent');
  if (isMailed(event)) mail(decision, command.mail, { case: id, event: event.id, process: state.process });
  return next;
}

/** POST event (contract §§6, 9). A deposit of files stays IN_PROGRESS until its author says SENT. */
export function decideEvent(command: CommandOf<'case.event'>, decision: Decision): void {
  const { case: id, caller, event: asked } = command;
  const state = openCaseFor(decision, id, caller);
  const deposit = asked.actionType === 'ATTACH_DEPOSIT';
  const event: EventState = {
    ...asked,
    transmitter: caller.org,
    status: deposit ? 'IN_PROGRESS' : 'SENT',
    caseCurrentStatus: asked.caseCurrentStatus ?? state.status,
    attachments: asked.attachments.map((file) => ({
      ...file,
      status: 'PENDING',
      sha256: null,
      blob: null,
      portalPurged: false,
    })),
    updated: null,
  };
  if (state.events.some((one) => one.id === event.id)) {
    awaitPartitions(decision, [partitionOf(addressee(state, event))]);
    decision.reply(201, { version: versionOf(state) });
    return;
  }
  (event.caseNewStatus === null ? asSeen : unmoved)(decision, state, command.seen);
  const listed = addEvent(decision, id, state, event);
  const next = deposit ? listed : send(decision, id, listed, event, command);
  decision.put(caseName(id), next);
  decision.count('events');
  decision.reply(201, { version: versionOf(next) });
}

/** PATCH event (contract §8.3): SENT by its author, RECEIVED by the side it is for. */
export function decideEventPatch(command: CommandOf<'case.event.patch'>, decision: Decision): void {
  const { case: id, caller } = command;
  const state = openCaseFor(decision, id, caller);
  const found = findEvent(decision, id, state, command.event) ?? decision.refuse('eventUnknown');
  const { event } = found;
  const { status } = command;
  if (!(status === 'SENT' ? isAuthor(caller, event) : isAddressee(caller, event))) decision.refuse('forbidden');
  if (event.status === status) {
    const told = status === 'SENT' ? addressee(state, event) : author(state, event);
    if (event.notification) awaitPartitions(decision, [partitionOf(told)]);
    decision.reply(204);
    return;
  }
  if (event.status !== (status === 'SENT' ? 'IN_PROGRESS' : 'SENT')) {
    decision.refuse('rule', `Event is ${event.status}: it cannot become ${status}`);
  }
  if (status === 'SENT' && event.attachments.some((file) => file.status !== 'RECEIVED')) {
    decision.refuse('rule', 'Event has an attachment that is not RECEIVED: upload it again before sending the event');
  }
  const changed: EventState = { ...event, status, updated: decision.now };
  const next = replaceEvent(decision, id, state, found, changed);
  if (status === 'SENT') {
    const sent = send(decision, id, next, changed, command);
    decision.put(caseName(id), sent);
    scheduleEventFiles(decision, id, sent, command.purge);
  } else {
    tell(decision, id, next, changed, author(next, changed), caller.org, 'acknowledged');
    if (next !== state) decision.put(caseName(id), next);
  }
  decision.reply(204);
}
