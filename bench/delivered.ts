import type { Hub } from '#engine/client/hub.ts';
import { toUuid } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import type { NotificationState } from '#engine/domain/records/notification.ts';
import { spread } from './measure.ts';
import { PROCESS, type Town } from './town.ts';

/** Towns read at once, and entries of a page. */
const AT_ONCE = 64;
const PAGE = 1_000;

/** What a mailbox holds of a démarche, in its order: what was really delivered. */
export async function readBox(hub: Hub, key: OrgKey, process: string): Promise<NotificationState[]> {
  const partition = partitionOf(key);
  const inbox = await hub.inbox(partition, key, process, PAGE);
  const found: NotificationState[] = [];
  for (let page = inbox?.entries ?? []; page.length > 0; ) {
    for (const { notification } of page) found.push(notification);
    const place = { partition, recipient: key, process, box: inbox?.box as number };
    page = page.length < PAGE ? [] : await hub.box(place, page.at(-1)?.sequence as number, PAGE);
  }
  return found;
}

/** Case ids of each town's mailbox, in its order. */
export async function readBack(hub: Hub, towns: readonly Town[]): Promise<string[][]> {
  const found: string[][] = [];
  await spread(towns.length, AT_ONCE, async (index) => {
    const box = await readBox(hub, (towns[index] as Town).key, PROCESS);
    found[index] = box.map((notification) => toUuid(notification.case));
  });
  return found;
}

/** What is wrong with a run: answered but not delivered, delivered twice, out of order (where one flow feeds a town). */
export function compare(
  answered: ReadonlyMap<number, readonly string[]>,
  found: readonly string[][],
  ordered: boolean,
) {
  let [lost, doubled, reordered, delivered] = [0, 0, 0, 0];
  for (const [town, cases] of found.entries()) {
    const there = new Set(cases);
    delivered += there.size;
    doubled += cases.length - there.size;
    const told = answered.get(town) ?? [];
    const kept = told.filter((id) => there.has(id));
    lost += told.length - kept.length;
    const known = new Set(told);
    const listed = cases.filter((id) => known.has(id));
    if (ordered && listed.some((id, at) => id !== kept[at])) reordered += 1;
  }
  return { lost, doubled, reordered, delivered };
}
