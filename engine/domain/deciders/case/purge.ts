import { dayStart } from '../../calendar.ts';
import type { PurgeSettings } from '../../commands/contents.ts';
import { CASE_STATUSES, type CaseStatus } from '../../records/case.ts';

const rank = new Map<CaseStatus, number>(CASE_STATUSES.map((status, index) => [status, index]));

/**
 * Whether a status lets the files go: it is the one set for the démarche, or lies beyond it (contract §11).
 * `SI_INTG_ERROR` jumps over nothing, being neither final nor closing (§8.2); nor does it take back what an earlier status
 * reached: only reopening does (`purgeAfter`).
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
