import assert from 'node:assert/strict';
import { UNSENT } from '#engine/domain/deciders/case/pending.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import { decode, decodeFeedEntry, decodeNotification } from '#engine/domain/records/codec.ts';
import type { FeedEntry, FeedType } from '#engine/domain/records/feed.ts';
import { boxSet, feedList } from '#engine/domain/records/names.ts';
import type { RecipientState } from '#engine/domain/records/recipient.ts';
import type { Model, Place } from './model.ts';

/** A feed at rest. */
export interface Feed {
  /** oldest sequence kept */
  kept: number;
  entries: readonly FeedEntry[];
}

/** Every organisation's feed, dense and in order. @throws AssertionError */
export function feedsOf(model: Model): Map<OrgKey, Feed> {
  const feeds = new Map<OrgKey, Feed>();
  for (const [partition, place] of model.places)
    for (const [name, text] of place.records) {
      if (!name.startsWith('o')) continue;
      const recipient = decode(name, text) as RecipientState;
      const { org, sequence } = recipient;
      const kept = recipient.feed?.kept ?? sequence + 1;
      const entries = place.list(feedList(org)).map((entry) => decodeFeedEntry(feedList(org), entry));
      const sequences = entries.map((entry) => entry.sequence);
      const expected = Array.from({ length: sequence + 1 - kept }, (_, index) => kept + index);
      assert.deepEqual(sequences, expected, `sequences of the feed of ${org}`);
      feeds.set(org, { kept, entries });
      checkNotified(partition, place, recipient, feeds.get(org) as Feed);
    }
  return feeds;
}

/** Each notification bears the sequence of the entry that tells the same. */
function checkNotified(partition: number, place: Place, { org, boxes }: RecipientState, { kept, entries }: Feed): void {
  for (const [process, box] of Object.entries(boxes))
    for (const [member, sequence] of place.set(boxSet(box))) {
      if (sequence < kept) continue;
      const told = decodeNotification(partition, box, sequence, member, org, process);
      const { case: id, event, box: at } = entries[sequence - kept] as FeedEntry;
      const where = `entry ${sequence} of the feed of ${org}`;
      assert.deepEqual([id, event, at], [told.case, told.event, box], where);
    }
}

/**
 * What happened to cases, by their own records, is told in the right feeds once. Of organisations that migrated, or whose
 * oldest entries are gone, nothing is asked. @throws AssertionError
 */
export function checkTold(model: Model, feeds: ReadonlyMap<OrgKey, Feed>, migrated: ReadonlySet<OrgKey>): void {
  const counts = new Map<string, number>();
  for (const [org, { entries }] of feeds)
    for (const { type, case: id, event } of entries) {
      const name = nameOf(org, id, event, type);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  const count = (org: OrgKey, id: Id, event: Id | null, ...types: FeedType[]): number =>
    types.reduce((sum, type) => sum + (counts.get(nameOf(org, id, event, type)) ?? 0), 0);
  const whole = (org: OrgKey): boolean => !migrated.has(org) && (feeds.get(org)?.kept ?? 1) === 1;
  for (const { records } of model.places.values())
    for (const [name, text] of records) {
      if (!name.startsWith('c')) continue;
      const id = name.slice(1) as Id;
      const state = decode(name, text) as CaseState;
      const { sender, recipient, visible, holding } = state;
      if (whole(recipient))
        assert.equal(
          count(recipient, id, null, 'deposited'),
          visible ? 1 : 0,
          `new case ${id} in its recipient's feed`,
        );
      if (!whole(sender)) continue;
      const held = count(sender, id, null, 'held');
      const ended = count(sender, id, null, 'released', 'redirected');
      assert.ok(held <= 1, `case ${id} is told as held ${held} times`);
      assert.ok(count(sender, id, null, 'deadline') <= held, `case ${id}, held ${held} times, is told of its end`);
      if (holding === null) assert.equal(ended, held, `case ${id}, held ${held} times, is told as released`);
      else assert.deepEqual([held, ended], [1, 0], `case ${id} is ${holding.state}`);
      checkEvents(id, state, whole(recipient), count);
    }
}

const nameOf = (org: OrgKey, id: Id, event: Id | null, type: FeedType): string => `${org} ${id} ${event} ${type}`;

/** Each event that was sent is told to the other side, each acknowledgement to its author. */
function checkEvents(
  id: Id,
  { sender, recipient, visible, eventChunks, events }: CaseState,
  both: boolean,
  count: (org: OrgKey, id: Id, event: Id | null, ...types: FeedType[]) => number,
): void {
  if (eventChunks > 0) return;
  for (const { id: event, side, status, attachments, comment } of events) {
    // A word to the agents who decided; the sender knows of no decision.
    if (comment === UNSENT) continue;
    const [author, other] = side === 'OSL' ? [sender, recipient] : [recipient, sender];
    // The hub's own, and an administrator's, have an author of neither side.
    if (other === sender || (both && visible)) {
      const told = count(other, id, event, attachments.length > 0 ? 'files' : 'event', 'returned');
      assert.equal(told, status === 'IN_PROGRESS' ? 0 : 1, `event ${event} of case ${id} in the feed of ${other}`);
    }
    if (side === 'ADMIN' || (author !== sender && !both)) continue;
    assert.equal(count(author, id, event, 'acknowledged'), status === 'RECEIVED' ? 1 : 0, `reading of event ${event}`);
  }
}
