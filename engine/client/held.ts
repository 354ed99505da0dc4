import type { OrgKey } from '../domain/organization.ts';
import { PARTITIONS } from '../domain/placement.ts';
import { decode } from '../domain/records/codec.ts';
import { doorOf } from '../domain/records/door.ts';
import { HELD_BOXES, heldMemberParts, recipientName } from '../domain/records/names.ts';
import { boxOf, type RecipientState } from '../domain/records/recipient.ts';
import { CorruptRecord } from '../domain/records/seal.ts';
import { recordKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import type { OnDamage } from './boxes.ts';

/** An organisation to invite: cases of a démarche wait for its subscription. */
export interface HeldBox {
  org: OrgKey;
  process: string;
  /** how many */
  cases: number;
  /** when the first of them was held, ms */
  since: number;
}

const PAIR = 2;
/** Scores are times. */
const BEFORE_ALL = -1;

/**
 * Held cases by organisation and démarche, those that wait longest first, `limit` at most, straight from the masters. An
 * organisation whose record is damaged is left out, and told.
 */
export async function readHeld(reads: Reads, onDamage: OnDamage, limit: number): Promise<HeldBox[]> {
  const pages = await Promise.all(
    Array.from({ length: PARTITIONS }, async (_, partition) => {
      const flat = await reads.page({ key: recordKey(partition, HELD_BOXES), after: BEFORE_ALL, limit });
      const entries: { partition: number; member: string; since: number }[] = [];
      for (let i = 0; i < flat.length; i += PAIR) {
        entries.push({ partition, member: flat[i] as string, since: Number(flat[i + 1]) });
      }
      return entries;
    }),
  );
  const oldest = pages.flat().sort((a, b) => a.since - b.since || (a.member < b.member ? -1 : 1));
  const boxes = await Promise.all(
    oldest.slice(0, limit).map(async ({ partition, member, since }): Promise<HeldBox> => {
      const { org, process } = heldMemberParts(member);
      const text = await reads.get(recordKey(partition, recipientName(org)));
      const recipient = text === null ? undefined : readable(recipientName(org), text, onDamage);
      const box = recipient && boxOf(recipient, process);
      const door = recipient && box !== undefined ? doorOf(recipient.doors, box) : undefined;
      return { org, process, cases: door?.held ?? 0, since };
    }),
  );
  // released between the two reads
  return boxes.filter(({ cases }) => cases > 0);
}

function readable(name: string, text: string, onDamage: OnDamage): RecipientState | undefined {
  try {
    return decode(name, text) as RecipientState;
  } catch (error) {
    if (!(error instanceof CorruptRecord)) throw error;
    onDamage(name, error);
    return undefined;
  }
}
