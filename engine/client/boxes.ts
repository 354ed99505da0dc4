import type { Id } from '../domain/ids.ts';
import type { OrgKey } from '../domain/organization.ts';
import { decodeNotification } from '../domain/records/codec.ts';
import { boxSet, caseSet } from '../domain/records/names.ts';
import type { NotificationState } from '../domain/records/notification.ts';
import { recordKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';

export interface BoxEntry {
  sequence: number;
  notification: NotificationState;
}

const PAIR = 2;

/** A page of a box, oldest first: sequences above `after`, `limit` entries at most. Costs what it returns. */
export async function readBox(
  reads: Reads,
  partition: number,
  recipient: OrgKey,
  process: string,
  box: number,
  after: number,
  limit: number,
): Promise<BoxEntry[]> {
  const flat = await reads.client.zrangebyscore(
    recordKey(partition, boxSet(box)),
    `(${after}`,
    '+inf',
    'WITHSCORES',
    'LIMIT',
    0,
    limit,
  );
  const entries: BoxEntry[] = [];
  for (let i = 0; i < flat.length; i += PAIR) {
    const sequence = Number(flat[i + 1]);
    const notification = decodeNotification(partition, box, sequence, flat[i] as string, recipient, process);
    entries.push({ sequence, notification });
  }
  return entries;
}

/** Case ids of a box that bear a mark, in pages. */
export function readCases(
  reads: Reads,
  partition: number,
  box: number,
  mark: number,
  offset: number,
  limit: number,
): Promise<Id[]> {
  return reads.client.zrangebyscore(recordKey(partition, caseSet(box)), mark, mark, 'LIMIT', offset, limit) as Promise<
    Id[]
  >;
}
