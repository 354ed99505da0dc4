import type { MovedHeld } from '../../commands/contents.ts';
import type { Decision } from '../../decision.ts';
import type { Id } from '../../ids.ts';
import type { OrgKey } from '../../organization.ts';
import { doorOf } from '../../records/door.ts';
import type { HeldState } from '../../records/held.ts';
import { heldName, recipientName } from '../../records/names.ts';
import { openBox } from '../mailbox/box.ts';
import { admits, withDoor } from './door.ts';
import { dequeue, enqueue } from './queue.ts';
import { needCases, release } from './release.ts';

/** Migration: held cases leave the queue of the source, in their order. */
export function leaveQueue(decision: Decision, cases: readonly Id[]): MovedHeld[] {
  decision.need(cases.map(heldName));
  needCases(decision, cases);
  return cases.map((id) => {
    const entry = decision.get(heldName(id)) as HeldState;
    dequeue(decision, id, entry);
    const { org: _, place: __, ...moved } = entry;
    return { id, ...moved };
  });
}

/** … and come last in that of the target, or are delivered when it admits them. Their time goes on. */
export function arrive(decision: Decision, org: OrgKey, process: string, held: readonly MovedHeld[]): void {
  if (held.length === 0) return;
  needCases(
    decision,
    held.map(({ id }) => id),
  );
  for (const { id, ...entry } of held) {
    const { recipient, box } = openBox(decision, org, process);
    const door = doorOf(recipient.doors, box) ?? { word: 0, held: 0, last: 0 };
    if (admits(door)) release(decision, id, org, entry, null);
    else {
      decision.put(recipientName(org), withDoor({ recipient, box }, door));
      enqueue(decision, { recipient, box, door }, id, entry);
    }
  }
}
