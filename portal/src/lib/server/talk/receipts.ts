/** The receipt a case's applicant gets, in the name of the agent's service. */

import { hasReceipt, missingFrom, receiptOf } from '#lib/receipt.ts';
import type { Session } from '#lib/server/auth/session.ts';
import type { Process } from '#lib/server/hub/processes.ts';
import { type Case, keyOf } from '#lib/server/hub/types.ts';

/** '' where there is none. */
export function receiptFor(session: Session, one: Case, process: Pick<Process, 'code' | 'name'>): string {
  if (!hasReceipt(process.code)) return '';
  const received = one.transmissionDateTime ?? one.createDateTime;
  return receiptOf(
    { number: one.externalId, process: process.name, received },
    session.serviceOf(keyOf(one.recipient)),
  );
}

/** What the law wants on it and the organisation's record does not say. */
export const receiptGaps = (session: Session, one: Case): string =>
  missingFrom(session.serviceOf(keyOf(one.recipient)));
