import type { Id } from '../domain/ids.ts';
import type { OrgKey } from '../domain/organization.ts';
import { decodeNotification } from '../domain/records/codec.ts';
import { boxSet, caseSet, notificationName } from '../domain/records/names.ts';
import type { NotificationState } from '../domain/records/notification.ts';
import { CorruptRecord } from '../domain/records/seal.ts';
import { recordKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';

export interface BoxEntry {
  sequence: number;
  notification: NotificationState;
}

/** One démarche's list of a recipient, in the partition of its mailbox. */
export interface BoxPlace {
  partition: number;
  recipient: OrgKey;
  process: string;
  box: number;
}

const PAIR = 2;

/** Told of an entry whose checksum is wrong: it is left out, and the others of its box are served. */
export type OnDamage = (name: string, error: Error) => void;

export const boxKey = (partition: number, box: number): string => recordKey(partition, boxSet(box));

/**
 * A page of a box, oldest first: sequences above `after`, `limit` entries at most. Costs what it returns.
 * @param begun the page as Redis gave it, when it was read already
 */
export async function readBox(
  reads: Reads,
  onDamage: OnDamage,
  { partition, recipient, process, box }: BoxPlace,
  after: number,
  limit: number,
  begun?: readonly string[],
): Promise<BoxEntry[]> {
  const key = boxKey(partition, box);
  const entries: BoxEntry[] = [];
  let last = after;
  let flat = begun;
  while (entries.length < limit) {
    const wanted = limit - entries.length;
    flat ??= await reads.page({ key, after: last, limit: wanted });
    for (let i = 0; i < flat.length; i += PAIR) {
      last = Number(flat[i + 1]);
      try {
        const notification = decodeNotification(partition, box, last, flat[i] as string, recipient, process);
        entries.push({ sequence: last, notification });
      } catch (error) {
        if (!(error instanceof CorruptRecord)) throw error;
        onDamage(notificationName(box, last), error);
      }
    }
    if (flat.length < wanted * PAIR) break;
    flat = undefined;
  }
  return entries;
}

/** Case ids of a box that bear a mark, in pages. */
export async function readCases(
  reads: Reads,
  partition: number,
  box: number,
  mark: number,
  offset: number,
  limit: number,
): Promise<Id[]> {
  const key = recordKey(partition, caseSet(box));
  const found = await reads.plainOf(partition, (client) =>
    client.zrangebyscore(key, mark, mark, 'LIMIT', offset, limit),
  );
  return found as Id[];
}
