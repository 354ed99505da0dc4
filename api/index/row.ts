import { afterDays } from '#engine/domain/deciders/case/purge.ts';
import { type Id, parts } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { CaseState, CaseStatus } from '#engine/domain/records/case.ts';
import type { ProcessState } from '#engine/domain/records/process.ts';
import { isOpen, rankOf } from './views.ts';

/** What the index keeps of a case. */
export interface CaseRow {
  id: Id;
  org: OrgKey;
  sender: OrgKey;
  process: string;
  number: string;
  firstName: string;
  lastName: string;
  /** the first files' names */
  files: string[];
  /** place in CASE_STATUSES */
  status: number;
  open: boolean;
  /** ms, as the others */
  received: number;
  deadline: number | null;
  updated: number;
  attachments: number;
  /** when the hub itself changes the case, which no feed tells of: it is read again then */
  due: number | null;
  /** who treats it */
  assignee: Id | null;
  /** when a decision leaves, and the place of its status in CASE_STATUSES */
  leaves: number | null;
  target: number | null;
}

/** Names of files that are searched for; a case of more has them in its record. */
const FILES = 8;
const NAME_LENGTH = 120;
const HOUR_MS = 3_600_000;
/** A decision that should have left is about to, ms. */
const SOON_MS = 1_000;

const MARKS = /[\p{M}]/gu;
/** Letters that no decomposition takes apart. */
const LETTERS: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd' };
const WHOLE = /[œæßøłđ]/g;

/** What names are sorted and searched by: no accents, no capitals, no ligatures. */
export const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(MARKS, '')
    .toLowerCase()
    .replace(WHOLE, (letter) => LETTERS[letter] as string);

/** The last moment, in Paris, of the day by which a case is to be treated; null: its démarche has no delay. */
export const deadlineOf = (
  process: Pick<ProcessState, 'timeBeforeDeadline'> | undefined,
  received: number,
): number | null =>
  process === undefined || process.timeBeforeDeadline === null
    ? null
    : afterDays(received, process.timeBeforeDeadline) - 1;

/** When a case came to its recipient, ms. */
export const receivedOf = (id: Id, { transmitted }: Pick<CaseState, 'transmitted'>): number =>
  transmitted ?? parts(id).ms;

/** When a timer of the hub moves the case on: archives it, then removes it (contract §11). */
function dueOf(state: CaseState, process: ProcessState | undefined, now: number): number | null {
  const { status, closed, updated } = state;
  if (process === undefined || (status !== 'CLOSED' && status !== 'ARCHIVED')) return null;
  const days = status === 'CLOSED' ? process.timeBeforeArchiving : process.timeBeforeFolderDeletion;
  const due = afterDays((status === 'CLOSED' ? closed : updated) ?? now, days);
  return due > now ? due : now + HOUR_MS;
}

function targetOf({ pending }: CaseState): number | null {
  const status = pending?.events.at(-1)?.caseNewStatus;
  return status ? rankOf(status as CaseStatus) : null;
}

/** The row of a case its recipient sees. */
export function rowOf(id: Id, state: CaseState, process: ProcessState | undefined, now: number): CaseRow {
  const received = receivedOf(id, state);
  return {
    id,
    org: state.recipient,
    sender: state.sender,
    process: state.process,
    number: state.externalId,
    firstName: state.applicant.firstName,
    lastName: state.applicant.lastName,
    files: state.attachments.slice(0, FILES).map(({ fileName }) => fileName.slice(0, NAME_LENGTH)),
    status: rankOf(state.status),
    open: isOpen(state.status),
    received,
    deadline: deadlineOf(process, received),
    updated: state.updated ?? received,
    attachments: state.attachments.length,
    due: state.pending ? Math.max(state.pending.due, now + SOON_MS) : dueOf(state, process, now),
    assignee: state.assignment?.agent ?? null,
    leaves: state.pending?.due ?? null,
    target: targetOf(state),
  };
}
