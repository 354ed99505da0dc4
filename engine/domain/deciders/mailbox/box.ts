import type { NewNotification } from '../../commands/contents.ts';
import type { Decision } from '../../decision.ts';
import type { Id } from '../../ids.ts';
import type { OrgKey } from '../../organization.ts';
import { partitionOf } from '../../placement.ts';
import { encodeNotification } from '../../records/codec.ts';
import { NO_DOORS } from '../../records/door.ts';
import { boxSet, COUNTERS, caseSet, notificationName, recipientName } from '../../records/names.ts';
import type { NotificationState } from '../../records/notification.ts';
import { boxOf, type RecipientState } from '../../records/recipient.ts';
import { record } from './feed.ts';

/** The lists of one organisation, in the partition of its mailbox: nothing here crosses partitions. */
interface Opened {
  recipient: RecipientState;
  box: number;
}

/** Loads at once what telling these organisations needs, as far as their mailboxes lie here. */
export function needRecipients(decision: Decision, orgs: Iterable<OrgKey>): void {
  const local = new Set<OrgKey>();
  for (const org of orgs) if (partitionOf(org) === decision.partition) local.add(org);
  if (local.size > 1) decision.need([COUNTERS, ...[...local].map(recipientName)]);
}

/** Box of a démarche, created with its recipient when it is the first of either. */
export function openBox(decision: Decision, org: OrgKey, process: string): Opened {
  const name = recipientName(org);
  const known = decision.get(name) ?? { org, sequence: 0, boxes: {}, moving: null, feed: null, doors: NO_DOORS };
  const found = boxOf(known, process);
  if (found !== undefined) return { recipient: known, box: found };
  const box = (decision.get(COUNTERS)?.boxes ?? 0) + 1;
  const recipient = { ...known, boxes: { ...known.boxes, [process]: box } };
  decision.put(COUNTERS, { boxes: box });
  decision.put(name, recipient);
  return { recipient, box };
}

/** Lists a notification last, in its box and in the feed; `id` gives it its id from its place. Answers its sequence. */
export function append(
  decision: Decision,
  org: OrgKey,
  process: string,
  content: Omit<NewNotification, 'recipient' | 'process'>,
  id: (box: number, sequence: number) => Id,
): { box: number; sequence: number } {
  const { recipient, box } = openBox(decision, org, process);
  const { case: case_, event, transmitter } = content;
  const type = content.type ?? (event === null ? 'deposited' : 'event');
  const told = record(decision, recipient, { type, box, case: case_, event, status: content.status ?? null });
  const { sequence } = told;
  const state: NotificationState = { id: id(box, sequence), case: case_, event, transmitter, recipient: org, process };
  decision.put(recipientName(org), told);
  decision.add(boxSet(box), sequence, encodeNotification(decision.partition, box, sequence, state));
  decision.put(notificationName(box, sequence), state);
  return { box, sequence };
}

/** Takes a notification off its box. */
export function take(decision: Decision, box: number, sequence: number, state: NotificationState): void {
  decision.drop(boxSet(box), encodeNotification(decision.partition, box, sequence, state));
  decision.remove(notificationName(box, sequence));
}

/** Lists a case under its recipient with that mark, or takes it off the list (null). */
export function markCase(decision: Decision, org: OrgKey, process: string, case_: Id, mark: number | null): void {
  const { box } = openBox(decision, org, process);
  if (mark === null) decision.drop(caseSet(box), case_);
  else decision.add(caseSet(box), mark, case_);
}
