import type { Age } from '#api/index/lists.ts';
import type { Listed } from '#api/index/search.ts';
import type { Counters } from '#api/index/tallies.ts';
import { STAGES, VIEWS, type View } from '#api/index/views.ts';
import { dateOrNull, dateText } from '#api/schemas/dates.ts';
import type { Assignee } from '#api/schemas/lists.ts';
import { folderOf, type Id, toUuid } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { CASE_STATUSES, type CaseStatus } from '#engine/domain/records/case.ts';
import { identityAnswer } from './identity.ts';

const statusOf = (rank: number): CaseStatus => CASE_STATUSES[rank] as CaseStatus;

/** A row of a list. */
export const listedAnswer = (row: Listed, whoIs: (agent: Id, org: OrgKey, process: string) => Assignee) => ({
  caseId: toUuid(row.id),
  folderId: toUuid(folderOf(row.id)),
  externalId: row.number,
  processCode: row.process,
  status: statusOf(row.status),
  applicant: { firstName: row.firstName, lastName: row.lastName },
  recipient: identityAnswer(row.org),
  sender: identityAnswer(row.sender),
  files: row.files,
  attachments: row.attachments,
  received: dateText(row.received),
  deadline: dateOrNull(row.deadline),
  updated: dateText(row.updated),
  unread: row.unread,
  assignee: row.assignee && whoIs(row.assignee, row.org, row.process),
  pending:
    row.leaves === null || row.target === null ? null : { status: statusOf(row.target), due: dateText(row.leaves) },
});

export const ageAnswer = ({ asOf, late }: Age) => ({ asOf: dateOrNull(asOf), late });

const noViews = (): Record<View, number> => Object.fromEntries(VIEWS.map((view) => [view, 0])) as Record<View, number>;

/** Counters of all démarches together, and of each. */
export function countersAnswer({ tallies, overdue, soon }: Counters) {
  const statuses = Object.fromEntries(CASE_STATUSES.map((status) => [status, 0])) as Record<CaseStatus, number>;
  const processes = new Map<string, { processCode: string; views: Record<View, number>; unread: number }>();
  const views = noViews();
  let unread = 0;
  const of = (code: string) => {
    const known = processes.get(code) ?? { processCode: code, views: noViews(), unread: 0 };
    processes.set(code, known);
    return known;
  };
  const add = (code: string, view: View, cases: number): void => {
    views[view] += cases;
    of(code).views[view] += cases;
  };
  for (const tally of tallies) {
    const status = statusOf(tally.status);
    statuses[status] += tally.cases;
    unread += tally.unread;
    of(tally.process).unread += tally.unread;
    add(tally.process, STAGES[status], tally.cases);
    add(tally.process, 'all', tally.cases);
  }
  for (const { process, cases } of overdue) add(process, 'overdue', cases);
  const codes = [...processes.keys()].sort();
  return { views, unread, soon, statuses, processes: codes.map(of) };
}
