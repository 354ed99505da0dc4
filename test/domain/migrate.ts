import { type Caller, MOVED } from '#engine/domain/commands/contents.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { type Id, notificationParts } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { caseSet, recipientName } from '#engine/domain/records/names.ts';
import { boxOf } from '#engine/domain/records/recipient.ts';
import { admin, PROCESS } from './samples.ts';
import type { World } from './world.ts';

export const migrate = (
  source: OrgKey,
  target: OrgKey,
  process: string | null = null,
  caller: Caller = admin,
): CommandOf<'mailbox.migrate'> => ({ kind: 'mailbox.migrate', source, target, process, caller, moved: 0 });

/** DELETE notification as the API does it: where its id says, then wherever it is told to ask. */
export function removeAnywhere(world: World, notification: Id, caller: Caller = admin): number {
  let partition = notificationParts(notification).home;
  for (;;) {
    const answer = world.ask(partition, { kind: 'mailbox.delete', notification, caller });
    if (answer.status !== MOVED) return answer.status;
    ({ partition } = answer.body as { partition: number });
  }
}

export function casesOf(world: World, org: OrgKey): Map<string, number> {
  const place = world.place(partitionOf(org));
  const recipient = world.get(partitionOf(org), recipientName(org));
  const box = recipient && boxOf(recipient, PROCESS);
  return box === undefined ? new Map() : place.set(caseSet(box));
}
