import type { NewNotification } from '../../commands/contents.ts';
import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { type Id, notificationId } from '../../ids.ts';
import { partitionOf } from '../../placement.ts';
import type { CaseState } from '../../records/case.ts';
import { carry } from '../send.ts';
import { append, markCase } from './box.ts';
import { timeReturn } from './news.ts';

function list(decision: Decision, notification: NewNotification): void {
  const { recipient, process } = notification;
  const id = (box: number, sequence: number): Id => notificationId(decision.partition, box, sequence, decision.now);
  append(decision, recipient, process, notification, id);
  decision.count('notifications');
  timeReturn(decision, recipient, notification);
}

/** Tells an organisation wherever its mailbox lies; the waiting request is answered once it is listed. */
export function notify(decision: Decision, notification: NewNotification): void {
  const home = partitionOf(notification.recipient);
  if (home === decision.partition) list(decision, notification);
  else carry(decision, home, { kind: 'mailbox.notify', notification }, true);
}

export function decideNotify(command: CommandOf<'mailbox.notify'>, decision: Decision): void {
  list(decision, command.notification);
}

/** Keeps the list of its recipient's cases true, wherever the mailbox lies (`CASE_MARK`, null: no longer there). */
export function listCase(
  decision: Decision,
  case_: Id,
  { recipient, process }: Pick<CaseState, 'recipient' | 'process'>,
  mark: number | null,
): void {
  const home = partitionOf(recipient);
  if (home === decision.partition) markCase(decision, recipient, process, case_, mark);
  else carry(decision, home, { kind: 'mailbox.case', recipient, process, case: case_, mark }, true);
}

export function decideCase(command: CommandOf<'mailbox.case'>, decision: Decision): void {
  markCase(decision, command.recipient, command.process, command.case, command.mark);
}
