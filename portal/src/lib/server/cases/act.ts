/** An agent's decision on a case: checked against the case as it is now, then the contract's events. */

import type { Session } from '#lib/server/auth/session.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { neighboursOf } from '#lib/server/hub/cases.ts';
import { changeStatus } from '#lib/server/hub/events.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { receiptFor } from '#lib/server/talk/receipts.ts';
import { actText } from '#lib/text/case.ts';
import { shownStatus } from '#lib/text/statuses.ts';
import {
  acknowledgement,
  isDecision,
  isFresh,
  mayAsk,
  needsMessage,
  steps,
  type Target,
  targets,
} from '#lib/transitions.ts';
import type { Fault } from '#lib/unsent.ts';

export const LONGEST_MESSAGE = 1000;

export interface Wish {
  target: Target;
  message: string;
  /** makes the message of what was ticked, by démarche */
  compose?: (processCode: string) => Fault | string;
  /** the status the agent saw */
  seen: string;
  /** the list being worked through, as the hub is asked */
  list: URLSearchParams;
}

export type Outcome =
  | { done: true; number: string; status: string; next: string | null }
  | { done: false; field: string; message: string; conflict?: true };

export async function act(session: Session, id: string, wish: Wish): Promise<Outcome> {
  const { target, seen, list } = wish;
  const { one, token } = await findCase(session, id);
  const rules = await processOf(token, one.processCode);
  if (one.status !== seen) {
    return { done: false, field: 'etat', message: actText.conflict(shownStatus(one.status).label), conflict: true };
  }
  const asks = target === 'ADD_AWAITING' && mayAsk(rules, one.status);
  if (!asks && !targets(rules, one.status).includes(target))
    return { done: false, field: 'etat', message: actText.forbiddenStatus };
  if (isDecision(target) && !session.hasQuality) return { done: false, field: 'qualite', message: actText.unsigned };
  const composed = wish.compose?.(rules.code) ?? wish.message;
  if (typeof composed === 'object') return { done: false, ...composed };
  const acknowledges = isFresh(one.status) && target === acknowledgement(rules.code);
  const message = composed || (acknowledges ? receiptFor(session, one, rules) : '');
  if (needsMessage(target) && !message) return { done: false, field: 'message', message: actText.missingMessage };
  if (message.length > LONGEST_MESSAGE) return { done: false, field: 'message', message: actText.tooLong };
  const { next } = await neighboursOf(session.token, id, list).catch(() => ({ next: null }));
  let from = one.status;
  for (const to of steps(rules, one.status, target)) {
    await changeStatus(token, id, { from, to, ...(to === target && message && { message }) });
    from = to;
  }
  return { done: true, number: one.externalId, status: target, next };
}
