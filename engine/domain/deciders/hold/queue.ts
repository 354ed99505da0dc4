import type { Decision } from '../../decision.ts';
import type { Id } from '../../ids.ts';
import type { OrgKey } from '../../organization.ts';
import { doorOf } from '../../records/door.ts';
import type { HeldState } from '../../records/held.ts';
import { HELD_BOXES, heldMember, heldName, heldSet, recipientName } from '../../records/names.ts';
import { openBox } from '../mailbox/box.ts';
import { type Entrance, withDoor } from './door.ts';

const timerOf = (case_: Id): string => `held.${case_}`;

const DAY_MS = 24 * 3_600_000;
/** The sender is told before the end of the waiting: a working day, or this part of it where it is short. */
const NOTICE_PART = 1 / 4;

/** When the sender is told that a case held since then will not be for long, ms. */
export const noticeAt = ({ since, due }: Pick<HeldState, 'since' | 'due'>): number =>
  Math.round(due - Math.min(DAY_MS, (due - since) * NOTICE_PART));

/** The mailbox looks at the case then. */
export function arm(decision: Decision, id: Id, org: OrgKey, at: number): void {
  decision.timer(timerOf(id), at, { command: { kind: 'mailbox.expire', org, case: id } });
}

/** Its sender is told of the end first; that is made up for where the case comes too late for it. */
const nextLook = (entry: Omit<HeldState, 'org' | 'place'>): number => (entry.told ? entry.due : noticeAt(entry));

/** Puts a case last in the queue of a box, with the timer that ends its waiting. True: it is the first there. */
export function enqueue(
  decision: Decision,
  { recipient, box, door }: Entrance,
  id: Id,
  entry: Omit<HeldState, 'org' | 'place'>,
): boolean {
  const { org } = recipient;
  const place = door.last + 1;
  decision.put(recipientName(org), withDoor({ recipient, box }, { ...door, held: door.held + 1, last: place }));
  decision.put(heldName(id), { ...entry, org, place });
  decision.add(heldSet(box), place, id);
  arm(decision, id, org, nextLook(entry));
  if (door.held > 0) return false;
  decision.add(HELD_BOXES, decision.now, heldMember(org, entry.process));
  return true;
}

/** Takes a case off the queue: whoever does decides what becomes of it. Answers how many are left. */
export function dequeue(decision: Decision, id: Id, { org, process }: HeldState): number {
  const { recipient, box } = openBox(decision, org, process);
  const door = doorOf(recipient.doors, box);
  if (door === undefined) throw new Error('a box with held cases has a door');
  const held = door.held - 1;
  decision.put(recipientName(org), withDoor({ recipient, box }, { ...door, held, last: held === 0 ? 0 : door.last }));
  decision.remove(heldName(id));
  decision.drop(heldSet(box), id);
  decision.untimer(timerOf(id));
  if (held === 0) decision.drop(HELD_BOXES, heldMember(org, process));
  return held;
}
