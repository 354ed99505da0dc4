import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import type { OrgKey } from '../../organization.ts';
import { encodeFeedEntry } from '../../records/codec.ts';
import type { FeedEntry, FeedState } from '../../records/feed.ts';
import { feedList, recipientName } from '../../records/names.ts';
import type { RecipientState } from '../../records/recipient.ts';

/** Marks a feed keeps of its last time: entries live a retention, and this part of it longer at most. */
const MARKS = 8;

const trimTimer = (org: OrgKey): string => `feed.${org}`;
const EMPTY: Omit<FeedState, 'kept'> = { at: 0, marks: [] };

/** Takes off what is older than a whole retention; the feed as it is then. */
function trimmed(decision: Decision, org: OrgKey, feed: FeedState, last: number): FeedState {
  const old = decision.now - decision.settings.feedMs;
  const { marks, kept } = feed;
  let first = 0;
  while (first + 1 < marks.length && (marks[first + 1]?.[0] as number) <= old) first += 1;
  const from = feed.at <= old ? last + 1 : first > 0 ? (marks[first]?.[1] as number) : kept;
  if (from === kept) return feed;
  decision.shift(feedList(org), from);
  return { kept: from, at: feed.at, marks: from > last ? [] : marks.slice(first) };
}

/**
 * Writes the next entry of an organisation's feed, with what its retention takes off the other end. The caller has
 * opened its box, and puts the record this answers.
 */
export function record(
  decision: Decision,
  recipient: RecipientState,
  entry: Omit<FeedEntry, 'sequence' | 'ms'>,
): RecipientState {
  const { org } = recipient;
  const { now } = decision;
  const sequence = recipient.sequence + 1;
  const before = trimmed(decision, org, recipient.feed ?? { kept: sequence, ...EMPTY }, recipient.sequence);
  const last = before.marks.at(-1);
  const marks =
    last === undefined || now - last[0] >= decision.settings.feedMs / MARKS
      ? [...before.marks, [now, sequence] as const]
      : before.marks;
  // An empty feed has no timer: the first entry arms it, and it arms itself again.
  if (last === undefined) decision.timer(trimTimer(org), now + decision.settings.feedMs, trim(org));
  const { trace } = decision;
  decision.push(feedList(org), encodeFeedEntry({ ...entry, sequence, ms: now, ...(trace !== undefined && { trace }) }));
  return { ...recipient, sequence, feed: { kept: before.kept, at: now, marks } };
}

const trim = (org: OrgKey) => ({ command: { kind: 'feed.trim', org } as const });

/** A feed nobody writes to any more is emptied all the same. */
export function decideTrim({ org }: CommandOf<'feed.trim'>, decision: Decision): void {
  const name = recipientName(org);
  const recipient = decision.get(name);
  if (!recipient?.feed) return;
  const feed = trimmed(decision, org, recipient.feed, recipient.sequence);
  if (feed !== recipient.feed) decision.put(name, { ...recipient, feed });
  const next = feed.marks[1]?.[0] ?? feed.at;
  if (feed.marks.length > 0) decision.timer(trimTimer(org), next + decision.settings.feedMs, trim(org));
}
