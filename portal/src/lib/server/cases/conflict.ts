/** Why nothing was sent: the case is not the one that was seen. */
import type { Conflict } from '#lib/conflict.ts';
import type { Session } from '#lib/server/auth/session.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { type Desk, readDesk } from '#lib/server/hub/desk.ts';
import type { Case } from '#lib/server/hub/types.ts';
import { findCase } from './find.ts';

/** The case is not what it was. */
const MOVED = 412;

export const isMoved = (error: unknown): boolean => error instanceof HubProblem && error.status === MOVED;

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

/** What became of a case, as it is now. */
export async function conflictNow(session: Session, id: string): Promise<Conflict> {
  const { one, token } = await findCase(session, id);
  return conflictOf(one, await readDesk(token, id));
}
