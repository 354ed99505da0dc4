/** Why a decision was not taken: what happened to the case meanwhile. */
import type { Desk } from '#lib/server/hub/desk.ts';
import type { Case } from '#lib/server/hub/types.ts';

export interface Conflict {
  /** '' when nobody said so */
  who: string;
  at: string;
  /** what was decided, '' when no event says so */
  decided: string;
  message: string;
  /** of the case now */
  status: string;
  /** it has not left yet */
  waits: boolean;
}

export function conflictOf(one: Case, { pending }: Pick<Desk, 'pending'>): Conflict {
  if (pending) {
    const { author, status, due } = pending;
    return { who: author ?? '', at: due, decided: status, message: '', status: one.status, waits: true };
  }
  const at = one.updateDateTime ?? one.createDateTime;
  const none = { who: '', at, decided: '', message: '', status: one.status, waits: false };
  const last = one.events.findLast(({ caseNewStatus }) => caseNewStatus !== null);
  if (last === undefined || last.caseNewStatus !== one.status) return none;
  const { author, caseNewStatus, message } = last;
  return { ...none, who: author ?? '', decided: caseNewStatus ?? '', message: message ?? '' };
}
