import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { caseName } from '../../records/names.ts';
import { listCase } from '../mailbox/notify.ts';
import { isAuthor, openCaseFor } from '../rights.ts';
import { unlink } from '../send.ts';
import { findEvent, replaceEvent } from './events.ts';
import { markOf } from './status.ts';

/** DELETE event (contract §6): by its author, a deposit not yet sent. */
export function decideEventDelete(command: CommandOf<'case.event.delete'>, decision: Decision): void {
  const { case: id, caller } = command;
  const state = openCaseFor(decision, id, caller);
  const found = findEvent(decision, id, state, command.event) ?? decision.refuse('eventUnknownForDelete');
  const { event } = found;
  if (!isAuthor(caller, event)) decision.refuse('forbidden');
  if (event.actionType !== 'ATTACH_DEPOSIT' || event.status !== 'IN_PROGRESS') {
    decision.refuse('rule', `Event ${event.actionType} is ${event.status}: only a deposit in progress can be deleted`);
  }
  const next = replaceEvent(decision, id, state, found, null);
  if (next !== state) decision.put(caseName(id), next);
  unlink(
    decision,
    event.attachments.map((file) => file.blob),
  );
  decision.reply(204);
}

/** PUT attachment of an event (contract §6): by its author, while it is in progress. */
export function decideEventUpload(command: CommandOf<'case.event.upload'>, decision: Decision): void {
  const { case: id, caller, index, upload } = command;
  const state = openCaseFor(decision, id, caller);
  const found = findEvent(decision, id, state, command.event) ?? decision.refuse('eventUnknown');
  const { event } = found;
  const before = event.attachments[index] ?? decision.refuse('attachmentUnknown');
  if (!isAuthor(caller, event)) decision.refuse('forbidden');
  if (event.status !== 'IN_PROGRESS') {
    decision.refuse('rule', `Event is ${event.status}: its attachments can no longer be uploaded`);
  }
  const attachments = event.attachments.with(index, { ...before, ...upload });
  const next = replaceEvent(decision, id, state, found, { ...event, attachments });
  if (next !== state) decision.put(caseName(id), next);
  if (next.visible && markOf(next) !== markOf(state)) listCase(decision, id, next, markOf(next));
  if (before.blob !== upload.blob) unlink(decision, [before.blob]);
  decision.reply(204);
}
