import { demand } from '#api/routes/demand.ts';
import type { Hub } from '#engine/client/hub.ts';
import { parts } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { CASE_MARK } from '#engine/domain/records/names.ts';

/** Cases read at once, and asked for at once: other requests must find room. */
const PAGE = 1_000;
const WIDTH = 128;

/**
 * Notifies an organisation anew of each case of a démarche it has not done with: in a browser the notification was the
 * unread mark, and its software knows of no case but by one. Repeated, it does no harm: a case may be told of twice.
 * @throws HttpError, DomainError of the case that could not be told of
 */
export async function notifyAgain(hub: Hub, org: OrgKey, process: string): Promise<void> {
  const home = partitionOf(org);
  const inbox = await hub.inbox(home, org, process, 1);
  if (inbox === undefined) return;
  for (let offset = 0; ; offset += PAGE) {
    const cases = await hub.cases(home, inbox.box, CASE_MARK.open, offset, PAGE);
    for (let from = 0; from < cases.length; from += WIDTH) {
      await Promise.all(
        cases
          .slice(from, from + WIDTH)
          .map((id) => demand(hub, parts(id).home, { kind: 'case.notify-again', case: id, recipient: org })),
      );
    }
    if (cases.length < PAGE) return;
  }
}
