import type { FeedNews } from '../../commands/contents.ts';
import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { parts } from '../../ids.ts';
import type { OrgKey } from '../../organization.ts';
import { partitionOf } from '../../placement.ts';
import { recipientName } from '../../records/names.ts';
import { carry } from '../send.ts';
import { openBox } from './box.ts';
import { record } from './feed.ts';

const SENDER = 'OSL-';

type Told = Partial<Pick<FeedNews, 'type' | 'status'>> & Pick<FeedNews, 'event'>;

/** What the other side of a case should hear of, beside what the contract notifies. */
export function tellFeed(decision: Decision, org: OrgKey, news: FeedNews): void {
  const home = partitionOf(org);
  if (home === decision.partition) decideNews({ kind: 'mailbox.news', org, news }, decision);
  else carry(decision, home, { kind: 'mailbox.news', org, news }, false);
}

/** A status its recipient gave has come back to the sender; one with files was sent later than it was begun. */
export function timeReturn(decision: Decision, org: OrgKey, { type, event, status }: Told): void {
  if (type === 'event' && event !== null && status != null && org.startsWith(SENDER))
    decision.time('returned', parts(event).ms);
}

export function decideNews({ org, news }: CommandOf<'mailbox.news'>, decision: Decision): void {
  const { process, ...entry } = news;
  const { recipient, box } = openBox(decision, org, process);
  decision.put(recipientName(org), record(decision, recipient, { ...entry, box }));
  timeReturn(decision, org, entry);
}
