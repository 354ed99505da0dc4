import type { Hub } from '#engine/client/hub.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { recipientName } from '#engine/domain/records/names.ts';
import type { NotificationState } from '#engine/domain/records/notification.ts';
import type { Lists } from './lists.ts';

/** Notifications read at once where a whole box is looked through. */
const PAGE = 250;

/** What notifications are looked for by. */
export interface Wanted {
  case: Id;
  process: string;
  org: OrgKey;
}

interface Place {
  box: number;
  sequence: number;
}

/**
 * Notifications of one case, oldest first. The index says where they are, the mailbox what they are; a box is looked through where the
 * index is closed, or has not caught up.
 */
export async function noticesOf(hub: Hub, lists: Lists | undefined, wanted: Wanted): Promise<NotificationState[]> {
  const { org, process, case: id } = wanted;
  const partition = partitionOf(org);
  const known = lists && (await placesOf(lists, wanted));
  if (known !== undefined) {
    const read = await Promise.all(
      known.map(({ box, sequence }) => hub.box({ partition, recipient: org, process, box }, sequence - 1, 1)),
    );
    return read
      .flatMap(([entry], index) => (entry?.sequence === known[index]?.sequence ? [entry?.notification] : []))
      .filter((one) => one?.case === id) as NotificationState[];
  }
  const [recipient] = await hub.read(partition, [recipientName(org)]);
  const box = recipient?.boxes[process];
  if (box === undefined) return [];
  const found: NotificationState[] = [];
  for (let after = 0; ; ) {
    const page = await hub.box({ partition, recipient: org, process, box }, after, PAGE);
    found.push(...page.map(({ notification }) => notification).filter((one) => one.case === id));
    if (page.length < PAGE) return found;
    after = page.at(-1)?.sequence as number;
  }
}

/** undefined: the index cannot tell now. */
async function placesOf(lists: Lists, { org, case: id }: Wanted): Promise<Place[] | undefined> {
  try {
    const { late } = await lists.caught([org]);
    return late ? undefined : await lists.ask('noticesOf', org, id);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'busy') return undefined;
    throw error;
  }
}
