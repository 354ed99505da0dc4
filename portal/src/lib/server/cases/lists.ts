/** Lists and counters of what an agent sees, over one or all of its organisations. */
import { hubQuery, type ListState } from '#lib/list.ts';
import type { Session } from '#lib/server/auth/session.ts';
import { type Counters, countCases, listCases, VIEWS } from '#lib/server/hub/cases.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { keyOf } from '#lib/server/hub/types.ts';
import { type Merged, merged } from './merged.ts';

export interface Row {
  id: string;
  number: string;
  process: string;
  applicant: string;
  received: string;
  status: string;
  updated: string;
  unread: boolean;
  organisation: string;
  organisationName: string;
}

export interface Rows extends Omit<Merged, 'items'> {
  rows: Row[];
}

export async function rowsOf(session: Session, state: ListState, from: string | null, limit: number): Promise<Rows> {
  const query = hubQuery(state);
  const { items, ...rest } = await merged(
    session.organisations,
    state,
    from,
    limit,
    async (organisation, after, most) => {
      const asked = new URLSearchParams(query);
      asked.set('limit', String(most));
      if (after) asked.set('after', after);
      return listCases(await session.token(organisation), asked);
    },
  );
  const names = await processNames(session, new Set(items.map(({ processCode }) => processCode)));
  return {
    ...rest,
    rows: items.map((one) => ({
      id: one.caseId,
      number: one.externalId,
      process: names.get(one.processCode) ?? one.processCode,
      applicant: `${one.applicant.lastName} ${one.applicant.firstName}`.trim(),
      received: one.received,
      status: one.status,
      updated: one.updated,
      unread: one.unread,
      organisation: keyOf(one.recipient),
      organisationName: session.nameOf(keyOf(one.recipient)),
    })),
  };
}

export async function countersOf(session: Session): Promise<Counters> {
  const all = await Promise.all(
    session.organisations.map(async (organisation) => countCases(await session.token(organisation))),
  );
  const total: Counters = { views: noViews(), unread: 0, processes: [], late: all.some(({ late }) => late) };
  for (const { views, unread, processes } of all) {
    for (const view of VIEWS) total.views[view] += views[view];
    total.unread += unread;
    for (const one of processes) {
      const known = total.processes.find(({ processCode }) => processCode === one.processCode);
      if (!known) total.processes.push({ ...one, views: { ...one.views } });
      else {
        for (const view of VIEWS) known.views[view] += one.views[view];
        known.unread += one.unread;
      }
    }
  }
  return total;
}

export async function processNames(session: Session, codes: Iterable<string>): Promise<Map<string, string>> {
  const [organisation] = session.organisations;
  if (organisation === undefined) return new Map();
  const token = await session.token(organisation);
  const found = await Promise.all(Array.from(codes, (code) => processOf(token, code)));
  return new Map(found.map(({ code, name }) => [code, name]));
}

const noViews = (): Counters['views'] => ({ waiting: 0, progress: 0, awaiting: 0, overdue: 0, done: 0, all: 0 });
