import fc from 'fast-check';
import type { Question } from '#api/index/question.ts';
import { type CaseRow, folded } from '#api/index/row.ts';
import type { Listed } from '#api/index/search.ts';
import type { Sort } from '#api/index/tables.ts';
import { isOpen } from '#api/index/views.ts';
import { type Id, KIND, newId } from '#engine/domain/ids.ts';
import { CASE_STATUSES, type CaseStatus } from '#engine/domain/records/case.ts';

/** Rows and questions at random, and what a plain predicate answers. */

export const ORGS = ['SI-21940000000016-94054', 'SI-21770000000024-77284'] as const;
const PROCESSES = ['CERTDC', 'EtatCivil', 'toString'];
const FIRST = ['Hélène', 'Noël', 'Ada', "N'Golo", 'Zoé'];
const LAST = ['Leroux', 'Le Roux', 'Ødegård', 'Müller-Weiß', 'de la Tour'];
const FILES = ['acte n° 1.pdf', 'Œuvre.odt', 'Pièce d’identité.jpg', 'RIB.PDF'];
const AGENTS = [newId(KIND.other, 0, 1), newId(KIND.other, 0, 2)];
/** Few moments, so that many rows have the same. */
const moments = fc.integer({ min: 0, max: 6 }).map((day) => Date.UTC(2026, 0, 1 + day));

export const caseId = (): Id => newId(KIND.case, 3, Date.now(), 3, 0);

export const rows: fc.Arbitrary<CaseRow> = fc
  .record({
    org: fc.constantFrom(...ORGS),
    process: fc.constantFrom(...PROCESSES),
    first: fc.constantFrom(...FIRST),
    last: fc.constantFrom(...LAST),
    number: fc.integer({ min: 1, max: 30 }).map((n) => `EC-2026-${n}`),
    files: fc.subarray(FILES),
    status: fc.integer({ min: 2, max: CASE_STATUSES.length - 1 }),
    received: moments,
    deadline: fc.option(moments),
    updated: moments,
    assignee: fc.option(fc.constantFrom(...AGENTS)),
  })
  .map(({ first, last, ...row }) => ({
    ...row,
    id: caseId(),
    sender: 'OSL-13000000000017-00000',
    firstName: first,
    lastName: last,
    open: isOpen(CASE_STATUSES[row.status] as CaseStatus),
    attachments: row.files.length,
    due: null,
    leaves: null,
    target: null,
  }));

const words = fc.constantFrom(
  'oeuvre',
  'lerou',
  'LEROUX',
  'helene',
  'le',
  'ec',
  '2026',
  '3',
  'piece',
  'tour',
  'xyz',
  'odegard',
  'golo',
);
const sorts: Sort[] = ['received', 'deadline', 'number', 'applicant', 'status', 'updated'];

export const questions: fc.Arbitrary<Question> = fc.record({
  reaches: fc
    .subarray([...ORGS], { minLength: 1 })
    .chain((orgs) =>
      fc.tuple(
        ...orgs.map((org) => fc.record({ org: fc.constant(org), processes: fc.option(fc.subarray(PROCESSES)) })),
      ),
    ),
  statuses: fc.option(fc.subarray(CASE_STATUSES.map((_, rank) => rank))),
  open: fc.option(fc.boolean()),
  from: fc.option(moments),
  to: fc.option(moments),
  overdue: fc.option(moments),
  soon: fc.option(moments),
  unread: fc.boolean(),
  assignee: fc.option(fc.constantFrom('', ...AGENTS)),
  words: fc.array(words, { maxLength: 2 }),
  sort: fc.constantFrom(...sorts),
  descending: fc.boolean(),
});

const tokens = (text: string): string[] => folded(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** Whether a question is about that row. */
export function fits(question: Question, row: CaseRow, unread: boolean): boolean {
  const reach = question.reaches.find(({ org }) => org === row.org);
  if (reach === undefined || !(reach.processes?.includes(row.process) ?? true)) return false;
  if (question.statuses !== null && !question.statuses.includes(row.status)) return false;
  if (question.open !== null && question.open !== row.open) return false;
  if (question.from !== null && row.received < question.from) return false;
  if (question.to !== null && row.received >= question.to) return false;
  if (question.overdue !== null && !(row.deadline !== null && row.deadline < question.overdue)) return false;
  if (question.soon !== null && (row.deadline ?? Number.POSITIVE_INFINITY) < question.soon) return false;
  if (question.assignee !== null && question.assignee !== (row.assignee ?? '')) return false;
  if (question.unread && !unread) return false;
  const all = tokens([row.number, row.firstName, row.lastName, ...row.files].join(' '));
  return question.words.every((word) => all.some((token) => token.startsWith(folded(word))));
}

/** What a row is sorted by. */
export function keyOf(
  sort: Sort,
  row: Pick<CaseRow, 'received' | 'deadline' | 'number' | 'status' | 'updated'> &
    Pick<Listed, 'firstName' | 'lastName'>,
) {
  if (sort === 'applicant') return folded(`${row.lastName} ${row.firstName}`);
  if (sort === 'deadline') return row.deadline ?? 4e15 + row.received;
  if (sort === 'status') return row.status * 1e13 + row.received;
  return row[sort];
}
