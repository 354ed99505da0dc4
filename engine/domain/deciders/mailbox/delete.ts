import { type Caller, MOVED } from '../../commands/contents.ts';
import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { type Id, notificationParts } from '../../ids.ts';
import { forwardName, notificationName, recipientName } from '../../records/names.ts';
import type { NotificationState } from '../../records/notification.ts';
import { boxOf } from '../../records/recipient.ts';
import { awaitPartitions, carry } from '../send.ts';
import { take } from './box.ts';

/** The démarche of an SI's credentials, or those an agent is habilitated for. */
const processesOf = ({ process, processes }: Caller): readonly string[] =>
  processes ?? (process === undefined ? [] : [process]);

/** Its recipient only; for a recipient SI, within its démarche (contract §1). */
function mayDelete(decision: Decision, caller: Caller, box: number): boolean {
  if (caller.scope === 'ADMIN') return true;
  const recipient = decision.get(recipientName(caller.org));
  if (recipient === undefined) return false;
  if (caller.scope === 'SI') return processesOf(caller).some((process) => boxOf(recipient, process) === box);
  return Object.values(recipient.boxes).includes(box);
}

/** The case it tells of is taken; what else came of it is not timed. */
function timeTaken(decision: Decision, since: number, { event }: NotificationState): void {
  if (event === null) decision.time('taken', since);
}

function listed(decision: Decision, id: Id, box: number, sequence: number): NotificationState | undefined {
  const state = decision.get(notificationName(box, sequence));
  return state?.id === id ? state : undefined;
}

/**
 * Physical deletion (contract §6). A migrated notification is looked for where it went: in this partition here, in
 * another one by the caller, who is told which, and only once all that was sent there has arrived.
 */
export function decideDelete(command: CommandOf<'mailbox.delete'>, decision: Decision): void {
  const { notification: id, caller } = command;
  const given = notificationParts(id);
  const here = given.home === decision.partition && listed(decision, id, given.box, given.sequence);
  if (here) {
    if (!mayDelete(decision, caller, given.box)) decision.refuse('forbidden');
    take(decision, given.box, given.sequence, here);
    timeTaken(decision, given.ms, here);
    decision.reply(204);
    return;
  }
  const forward = decision.get(forwardName(id)) ?? decision.refuse('notificationUnknown');
  if (forward.partition !== decision.partition) {
    awaitPartitions(decision, [forward.partition]);
    decision.reply(MOVED, { partition: forward.partition });
    return;
  }
  const { box, sequence, via } = forward;
  const moved = listed(decision, id, box, sequence) ?? decision.refuse('notificationUnknown');
  if (!mayDelete(decision, caller, box)) decision.refuse('forbidden');
  take(decision, box, sequence, moved);
  timeTaken(decision, given.ms, moved);
  decision.remove(forwardName(id));
  for (const to of via) carry(decision, to, { kind: 'mailbox.forget', notifications: [id] }, false);
  decision.reply(204);
}

export function decideForget(command: CommandOf<'mailbox.forget'>, decision: Decision): void {
  for (const id of command.notifications) decision.remove(forwardName(id));
}
