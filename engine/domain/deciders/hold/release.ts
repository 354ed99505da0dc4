import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { folderOf, type Id, parts } from '../../ids.ts';
import type { OrgKey } from '../../organization.ts';
import { doorOf, isOpen } from '../../records/door.ts';
import type { HeldState } from '../../records/held.ts';
import { CASE_MARK, caseName, folderName, heldName, heldSet, pageName, recipientName } from '../../records/names.ts';
import { boxOf } from '../../records/recipient.ts';
import { mail as sendMail } from '../case/mail.ts';
import { purgeAfter } from '../case/purge.ts';
import { appear, showHere, tellEarlier } from '../case/show.ts';
import { markOf } from '../case/status.ts';
import { markCase, needRecipients } from '../mailbox/box.ts';
import { tellFeed } from '../mailbox/news.ts';
import { listCase, notify } from '../mailbox/notify.ts';
import { carry } from '../send.ts';
import { dequeue, forgetQueue } from './queue.ts';

/** Held cases one turn delivers: a case may have a thousand files, and others wait. */
export const RELEASED_PER_TURN = 32;

/** Records of these cases as far as they lie here, then of their folders where a delivery lets the files go at once. */
export function needCases(decision: Decision, cases: readonly Id[]): void {
  const here = cases.filter((id) => parts(id).home === decision.partition);
  decision.need(here.map(caseName));
  const linked = here.filter((id) => {
    const held = decision.get(caseName(id))?.holding;
    const letsGo = held && purgeAfter('HUBEE_NOTIFIED', null, held.purge, decision.now) !== null;
    return letsGo && parts(id).folderHome === decision.partition;
  });
  decision.need(linked.map((id) => folderName(folderOf(id))));
}

/**
 * Delivers a case that is in no queue any more to an organisation whose mailbox is here, as if deposited now. A case
 * that a migration left in another partition is listed here, in its order, and shown there by the message sent with it. So
 * a migration that begins meanwhile finds it, and its word for the case comes there after that message.
 */
export function release(
  decision: Decision,
  id: Id,
  org: OrgKey,
  { process, sender }: Pick<HeldState, 'process' | 'sender'>,
  mail: string | null,
  type: 'released' | 'redirected' = 'released',
): void {
  const { home } = parts(id);
  if (home === decision.partition) {
    const state = decision.get(caseName(id));
    if (state?.holding?.state !== 'held') return;
    showHere(decision, id, { ...state, recipient: org, holding: null }, mail, state.holding.purge);
  } else {
    markCase(decision, org, process, id, CASE_MARK.open);
    notify(decision, { case: id, event: null, transmitter: sender, recipient: org, process });
    sendMail(decision, mail, { case: id, event: null, process });
    carry(decision, home, { kind: 'case.released', case: id, recipient: org, process }, false);
  }
  tellFeed(decision, sender, { type, case: id, event: null, status: null, process });
  decision.count('cases_released');
}

/** The next held cases, oldest first, while the door is open; the last one told comes with the end of the queue. */
export function decideRelease(command: CommandOf<'mailbox.release'>, decision: Decision): void {
  const { org, process, mail } = command;
  const recipient = decision.get(recipientName(org));
  const box = recipient && boxOf(recipient, process);
  const door = recipient && box !== undefined ? doorOf(recipient.doors, box) : undefined;
  if (box === undefined || door === undefined || !isOpen(door.word) || door.held === 0) return;
  const { entries } = decision.get(pageName(heldSet(box))) ?? { entries: [] };
  const cases = entries.slice(0, RELEASED_PER_TURN).map(({ member }) => member as Id);
  if (cases.length === 0) {
    forgetQueue(decision, org, process);
    return;
  }
  decision.need(cases.map(heldName));
  needCases(decision, cases);
  const held = cases.map((id) => [id, decision.get(heldName(id)) as HeldState] as const);
  needRecipients(decision, [org, ...held.map(([, { sender }]) => sender)]);
  let left = door.held;
  for (const [id, entry] of held) {
    left = dequeue(decision, id, entry);
    release(decision, id, org, entry, mail);
  }
  if (left > 0) decision.continue({ command });
}

/** Its new recipient has it listed already; what its sender closed meanwhile stays closed, and is seen so. */
export function decideReleased(command: CommandOf<'case.released'>, decision: Decision): void {
  const { case: id, recipient, process } = command;
  const state = decision.get(caseName(id));
  // Closed by its sender, then removed, while its release waited as a dead letter.
  if (state === undefined) listCase(decision, id, { recipient, process }, null);
  if (state === undefined || state.holding === null) return;
  const free = { ...state, recipient, holding: null };
  if (state.holding.state === 'withdrawn') {
    const seen = { ...free, visible: true, transmitted: decision.now };
    decision.put(caseName(id), seen);
    listCase(decision, id, seen, markOf(seen));
  } else tellEarlier(decision, id, appear(decision, id, free, state.holding.purge), null);
}
