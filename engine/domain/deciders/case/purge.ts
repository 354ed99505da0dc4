import { dayStart } from '../../calendar.ts';
import type { PurgeSettings } from '../../commands.ts';
import type { CaseStatus } from '../../records/case.ts';

/** The order of contract §8.2, in which a status may be jumped over. */
const ORDER: readonly CaseStatus[] = [
  'HUBEE_RECEIVED',
  'HUBEE_COMPLETED',
  'HUBEE_NOTIFIED',
  'SENT',
  'SI_RECEIVED',
  'IN_PROGRESS',
  'ADD_AWAITING',
  'SI_INTG_ERROR',
  'REFUSED',
  'DONE',
  'CLOSED',
  'ARCHIVED',
];
const rank = new Map(ORDER.map((status, index) => [status, index]));

/**
 * Whether a status lets the files go: it is the one set for the démarche, or lies beyond it (contract §11).
 * `SI_INTG_ERROR` jumps over nothing: it is neither final nor closing (§8.2), and the files are wanted again.
 */
export function reaches(status: CaseStatus, wanted: CaseStatus): boolean {
  if (status === 'SI_INTG_ERROR') return status === wanted;
  return (rank.get(status) as number) >= (rank.get(wanted) as number);
}

/** First moment after `days` whole days: change on 15/04, delay 4 → 20/04 at 0:00 in Paris (contract §11). */
export const afterDays = (changed: number, days: number): number => dayStart(changed, days + 1);

/** When the files of a case may go after a change of status, ms; null: they are wanted. */
export function purgeAfter(
  status: CaseStatus,
  before: number | null,
  { status: wanted, fileDays }: PurgeSettings,
  now: number,
): number | null {
  const kept = status === 'HUBEE_NOTIFIED' ? null : before;
  if (kept !== null) return kept;
  return reaches(status, wanted) ? afterDays(now, fileDays) : null;
}
