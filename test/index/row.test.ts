import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordsOf } from '#api/index/question.ts';
import { folded, rowOf } from '#api/index/row.ts';
import { isOpen, ranksOf, VIEWS } from '#api/index/views.ts';
import { dayStart } from '#engine/domain/calendar.ts';
import { CASE_STATUSES, type CaseState } from '#engine/domain/records/case.ts';
import type { ProcessState } from '#engine/domain/records/process.ts';
import { caseId, ORGS } from './rows.ts';

const NOW = Date.UTC(2026, 3, 15, 10);
const process = { timeBeforeArchiving: 30, timeBeforeFolderDeletion: 365, timeBeforeDeadline: null } as ProcessState;
const state = (more: Partial<CaseState>): CaseState =>
  ({
    recipient: ORGS[0],
    sender: 'OSL-13000000000017-00000',
    process: 'CERTDC',
    externalId: 'EC-1',
    applicant: { firstName: 'Ada', lastName: 'Exemple', email: 'ada@exemple.test' },
    status: 'IN_PROGRESS',
    updated: NOW,
    transmitted: NOW,
    closed: null,
    attachments: [],
    ...more,
  }) as unknown as CaseState;

test('a case is read again when a timer of the hub has moved it on', () => {
  const due = (more: Partial<CaseState>, now = NOW) => rowOf(caseId(), state(more), process, now).due;
  assert.equal(due({}), null);
  assert.equal(due({ status: 'CLOSED', closed: NOW }), dayStart(NOW, 31));
  assert.equal(due({ status: 'ARCHIVED', closed: NOW }), dayStart(NOW, 366));
  const late = dayStart(NOW, 40);
  assert.equal(due({ status: 'CLOSED', closed: NOW }, late), late + 3_600_000, 'it was not moved on: an hour later');
});

test('a deadline is the last moment in Paris of the day so many days after the deposit, across a change of hour too', () => {
  const deadline = (days: number | null, transmitted = NOW) =>
    rowOf(caseId(), state({ transmitted }), { ...process, timeBeforeDeadline: days }, NOW).deadline;
  assert.equal(deadline(null), null);
  assert.equal(rowOf(caseId(), state({}), undefined, NOW).deadline, null);
  assert.equal(deadline(0), Date.parse('2026-04-15T23:59:59.999+02:00'));
  assert.equal(deadline(5), Date.parse('2026-04-20T23:59:59.999+02:00'));
  assert.equal(deadline(2, Date.parse('2026-03-27T10:00:00Z')), Date.parse('2026-03-29T23:59:59.999+02:00'));
  assert.equal(deadline(1, Date.parse('2026-12-31T23:30:00Z')), Date.parse('2027-01-02T23:59:59.999+01:00'));
});

test('a row holds no address of anybody', () => {
  assert.doesNotMatch(JSON.stringify(rowOf(caseId(), state({}), process, NOW)), /@/);
});

test('every status is in one view, and in that of its being open', () => {
  const stages = VIEWS.filter((view) => ranksOf(view) !== undefined);
  const ranks = stages.flatMap((view) => ranksOf(view) as number[]).sort((a, b) => a - b);
  assert.deepEqual(ranks, [...CASE_STATUSES.keys()]);
  assert.deepEqual(
    ranksOf('done'),
    [...CASE_STATUSES.keys()].filter((rank) => !isOpen(CASE_STATUSES[rank] as never)),
  );
});

test('words are taken apart as they are kept', () => {
  assert.equal(folded('Œuvre d’Hélène Ødegård-Weiß'), 'oeuvre d’helene odegard-weiss');
  assert.deepEqual(wordsOf('DGS-CERTDC-01  L’Été'), ['dgs', 'certdc', '01', 'l', 'ete']);
  assert.equal(wordsOf('a '.repeat(100)).length, 8);
});
