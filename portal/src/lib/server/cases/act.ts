/** An agent's decision on a case: on the version of it the agent saw, and on no other. */

import type { Conflict } from '#lib/conflict.ts';
import type { Session } from '#lib/server/auth/session.ts';
import { conflictNow, isMoved } from '#lib/server/cases/conflict.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { type Following, followingOf } from '#lib/server/cases/following.ts';
import { decide } from '#lib/server/hub/desk.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { settings } from '#lib/server/settings.ts';
import { receiptFor } from '#lib/server/talk/receipts.ts';
import { actText } from '#lib/text/case.ts';
import {
  acknowledgement,
  isDecision,
  isFresh,
  mayAsk,
  needsMessage,
  steps,
  type Target,
  targets,
  waits,
} from '#lib/transitions.ts';
import type { Fault } from '#lib/unsent.ts';

export const LONGEST_MESSAGE = 1000;

export interface Wish {
  target: Target;
  message: string;
  /** makes the message of what was ticked, by démarche */
  compose?: (processCode: string) => Fault | string;
  /** the version of the case the agent saw */
  seen: string;
  /** the list being worked through, as the hub is asked; null: the agent stays with the case */
  list: URLSearchParams | null;
}

/** A decision that was taken. */
export interface Taken {
  number: string;
  status: string;
  /** the case that follows in the list; null: the agent stays with this one */
  next: Following | null;
  decision: string;
  /** when it leaves; null: it has left */
  due: string | null;
}

export type Outcome =
  | ({ done: true } & Taken)
  | { done: false; field: string; message: string }
  | { done: false; conflict: Conflict };

export async function act(session: Session, id: string, wish: Wish): Promise<Outcome> {
  const { target, seen, list } = wish;
  const { one, token } = await findCase(session, id);
  const conflict = async (): Promise<Outcome> => ({ done: false, conflict: await conflictNow(session, id) });
  if (one.version !== seen) return conflict();
  const rules = await processOf(token, one.processCode);
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
  // Before it is decided: a case of a list in the order of changes has another place there afterwards.
  const next = list && (await followingOf(session.token, id, list));
  const undoSeconds = waits(target) ? settings().undoSeconds : 0;
  const statuses = steps(rules, one.status, target);
  try {
    const { id: decision, due } = await decide(token, id, { statuses, message, undoSeconds }, seen);
    return { done: true, number: one.externalId, status: target, next, decision, due };
  } catch (error) {
    if (isMoved(error)) return conflict();
    throw error;
  }
}
