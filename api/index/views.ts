import { CASE_STATUSES, type CaseStatus } from '#engine/domain/records/case.ts';

/** What a list is asked for by name: where a case is on its recipient's desk. */
export const VIEWS = ['waiting', 'progress', 'awaiting', 'overdue', 'done', 'all'] as const;
export type View = (typeof VIEWS)[number];
/** Those each case is in exactly one of. */
export type Stage = Exclude<View, 'overdue' | 'all'>;

/** Every status has its stage. `SI_INTG_ERROR` is given back to its sender, who alone goes on. */
export const STAGES: Readonly<Record<CaseStatus, Stage>> = {
  HUBEE_RECEIVED: 'waiting',
  HUBEE_COMPLETED: 'waiting',
  HUBEE_NOTIFIED: 'waiting',
  SENT: 'waiting',
  SI_RECEIVED: 'waiting',
  IN_PROGRESS: 'progress',
  ADD_AWAITING: 'awaiting',
  SI_INTG_ERROR: 'done',
  REFUSED: 'done',
  DONE: 'done',
  CLOSED: 'done',
  ARCHIVED: 'done',
};

/** Place in the order of the contract, by which a status is kept and sorted. */
export const rankOf = (status: CaseStatus): number => CASE_STATUSES.indexOf(status);

export const isOpen = (status: CaseStatus): boolean => STAGES[status] !== 'done';

/** Ranks of a view's statuses; undefined: all. */
export function ranksOf(view: View): number[] | undefined {
  if (view === 'all' || view === 'overdue') return undefined;
  return CASE_STATUSES.filter((status) => STAGES[status] === view).map(rankOf);
}
