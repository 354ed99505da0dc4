/** Lists and counters of what an agent sees, over one or all of its organisations. */
import { looksAnswered } from '#lib/answered.ts';
import { type Act, actsOf } from '#lib/bulk.ts';
import { shortDay } from '#lib/format/date.ts';
import { hubQuery, type ListState } from '#lib/list.ts';
import type { Session } from '#lib/server/auth/session.ts';
import { secondsTo } from '#lib/server/cases/desk.ts';
import { type Counters, countCases, listCases, type Page } from '#lib/server/hub/cases.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { keyOf } from '#lib/server/hub/types.ts';
import { absenceText } from '#lib/text/absences.ts';
import { deskText } from '#lib/text/desk.ts';
import { isOverdue } from '#lib/transitions.ts';

export interface Row {
  id: string;
  number: string;
  process: string;
  applicant: string;
  received: string;
  deadline: string | null;
  /** past, and the case is not treated */
  overdue: boolean;
  status: string;
  updated: string;
  unread: boolean;
  /** the sender has answered a request for documents */
  answered: boolean;
  organisation: string;
  organisationName: string;
  /** what can be done to it together with others */
  acts: Act[];
  /** '' : nobody */
  assignee: string;
  /** « En absence jusqu’au … » ; '' : that one is there */
  away: string;
  /** a decision that has not left yet */
  pending: { status: string; due: string; seconds: number } | null;
}

export interface Rows extends Omit<Page, 'items'> {
  rows: Row[];
}

function awayOf(session: Session, replaced: NonNullable<Page['items'][0]['assignee']>['replaced']): string {
  if (replaced === null) return '';
  const until = shortDay(replaced.until);
  if (replaced.id === null) return absenceText.awayAlone(until);
  return replaced.id === session.agentId ? absenceText.awayMe(until) : absenceText.away(until, replaced.name);
}

export async function rowsOf(session: Session, state: ListState, from: string | null, limit: number): Promise<Rows> {
  const query = hubQuery(state);
  query.set('limit', String(limit));
  if (from) query.set('after', from);
  const { items, ...rest } = await listCases(session.token, query);
  const codes = new Set(items.map(({ processCode }) => processCode));
  const rules = new Map(
    await Promise.all(Array.from(codes, async (code) => [code, await processOf(session.token, code)] as const)),
  );
  return {
    ...rest,
    rows: items.map((one) => ({
      id: one.caseId,
      number: one.externalId,
      process: rules.get(one.processCode)?.name ?? one.processCode,
      applicant: `${one.applicant.lastName} ${one.applicant.firstName}`.trim(),
      received: one.received,
      deadline: one.deadline,
      overdue: isOverdue(one.status, one.deadline),
      status: one.status,
      updated: one.updated,
      unread: one.unread,
      answered: looksAnswered(one.status, one.unread),
      organisation: keyOf(one.recipient),
      organisationName: session.nameOf(keyOf(one.recipient)),
      acts: one.pending ? ['attribuer'] : actsOf(rules.get(one.processCode)!, one.status),
      assignee: one.assignee?.id === session.agentId ? deskText.me : (one.assignee?.name ?? ''),
      away: awayOf(session, one.assignee?.replaced ?? null),
      pending: one.pending && { ...one.pending, seconds: secondsTo(one.pending.due) },
    })),
  };
}

export const countersOf = (session: Session): Promise<Counters> => countCases(session.token);

export async function processNames(session: Session, codes: Iterable<string>): Promise<Map<string, string>> {
  const found = await Promise.all(Array.from(codes, (code) => processOf(session.token, code)));
  return new Map(found.map(({ code, name }) => [code, name]));
}
