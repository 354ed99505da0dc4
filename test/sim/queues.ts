import assert from 'node:assert/strict';
import { type Id, parts } from '#engine/domain/ids.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import { partitionOf, REFERENTIAL } from '#engine/domain/placement.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import { decode } from '#engine/domain/records/codec.ts';
import { type DoorWord, doorOf, doorWord } from '#engine/domain/records/door.ts';
import type { HeldState } from '#engine/domain/records/held.ts';
import { caseName, HELD_BOXES, heldMember, heldSet, recipientName } from '#engine/domain/records/names.ts';
import { boxOf, type RecipientState } from '#engine/domain/records/recipient.ts';
import type { SubscriptionState } from '#engine/domain/records/subscription.ts';
import type { Model, Place } from './model.ts';

/** Records of one kind, by what their names say behind the letter. */
function* statesOf<T>({ records }: Place, kind: string): Generator<[id: Id, state: T]> {
  for (const [name, text] of records) if (name.startsWith(kind)) yield [name.slice(1) as Id, decode(name, text) as T];
}

/**
 * Held cases at rest: none beside an active subscription, each in one queue and known as held by its own record, each
 * mailbox of the last change of its subscription. @throws AssertionError
 */
export function checkQueues(model: Model): void {
  const words = wordsOf(model);
  const held = new Map<Id, HeldState>();
  for (const place of model.places.values())
    for (const [id, entry] of statesOf<HeldState>(place, 'a')) {
      assert.ok(!held.has(id), `case ${id} is held twice`);
      held.set(id, entry);
      const word = words.get(`${entry.org} ${entry.process}`) ?? 0;
      assert.equal(word % 2, 0, `case ${id} is held for ${entry.org}, whose subscription is active`);
      checkPlace(place, id, entry);
      const { home } = parts(id);
      const text = model.place(home).records.get(caseName(id));
      const state = text === undefined ? undefined : (decode(caseName(id), text) as CaseState);
      assert.equal(state?.holding?.state, 'held', `case ${id} is in a queue`);
      assert.equal(state?.recipient, entry.org, `case ${id} is in the queue of its recipient`);
      assert.ok(!state?.visible, `case ${id} is held and seen`);
    }
  for (const place of model.places.values())
    for (const [id, { holding }] of statesOf<CaseState>(place, 'c'))
      if (holding?.state === 'held') assert.ok(held.has(id), `case ${id} is held in no queue`);
  for (const [name, word] of words) checkDoor(model, name, word);
}

function checkPlace(place: Place, id: Id, { org, process, place: at }: HeldState): void {
  const text = place.records.get(recipientName(org));
  const recipient = text === undefined ? undefined : (decode(recipientName(org), text) as RecipientState);
  const box = recipient && boxOf(recipient, process);
  assert.ok(recipient && box !== undefined, `case ${id} is held for a mailbox that is there`);
  const queue = place.set(heldSet(box));
  assert.equal(queue.get(id), at, `place of case ${id} in its queue`);
  assert.equal(doorOf(recipient.doors, box)?.held, queue.size, `cases held for ${org}`);
  assert.ok(place.set(HELD_BOXES).has(heldMember(org, process)), `${org} is listed with held cases`);
}

/** What the referential says of each subscription that was ever active, by organisation and démarche. */
function wordsOf(model: Model): Map<string, DoorWord> {
  const words = new Map<string, DoorWord>();
  for (const [, state] of statesOf<SubscriptionState>(model.place(REFERENTIAL), 'S'))
    if (state.version > 0)
      words.set(`${orgKey(state.subscriber)} ${state.processCode}`, doorWord(state.status === 'Actif', state.version));
  return words;
}

function checkDoor(model: Model, name: string, word: DoorWord): void {
  const [org, process] = name.split(' ') as [OrgKey, string];
  const text = model.place(partitionOf(org)).records.get(recipientName(org));
  const recipient = text === undefined ? undefined : (decode(recipientName(org), text) as RecipientState);
  const box = recipient && boxOf(recipient, process);
  const known = box === undefined ? undefined : doorOf((recipient as RecipientState).doors, box)?.word;
  assert.equal(known, word, `what the mailbox of ${org} knows of its subscription to ${process}`);
}
