import { CASE_STATUSES, type CaseAttachment, type CaseState, type CaseStatus } from '../case.ts';
import { ACTION_TYPES, type EventState, type EventStatus, type Side } from '../event.ts';
import type { EventChunkState } from '../event-chunk.ts';
import { assignmentOf, assignmentRow, pendingOf, pendingRow } from './desk.ts';
import { code, flag, list, orNull, packOrg, type Row, rows, tableOf, trim, uncode, unpackOrg } from './field.ts';
import { attachmentOf, attachmentRow, extraOf, partnerOf, partnerRow } from './folder.ts';
import { decodeCaseHolding, encodeCaseHolding } from './hold.ts';

const caseStatuses = tableOf(CASE_STATUSES);
const EVENT_STATUSES = ['IN_PROGRESS', 'SENT', 'RECEIVED'];
const eventStatuses = tableOf(EVENT_STATUSES);
const SIDES = ['OSL', 'SI', 'ADMIN'];
const sides = tableOf(SIDES);
const actionTypes = tableOf(ACTION_TYPES);

export const statusCode = (status: string | null): number | string | null =>
  status === null ? null : code(caseStatuses, status);
export const statusText = (value: unknown): string | null =>
  value === null || value === undefined ? null : uncode(CASE_STATUSES, value);

/** A later moment, as its distance from an earlier one when there is one. */
const after = (base: number | null, ms: number | null): number | null => (ms === null ? null : ms - (base ?? 0));
const since = (base: number | null, value: unknown): number | null =>
  value === null || value === undefined ? null : (value as number) + (base ?? 0);

/** Usually a case is for all files of its folder: their place says their index. */
const caseAttachmentRow = (file: CaseAttachment, place: number): Row =>
  attachmentRow(file, file.index === place ? null : file.index, flag(file.portalPurged));
const caseAttachmentOf = (row: Row, place: number): CaseAttachment => ({
  ...attachmentOf(row),
  index: (extraOf(row, 0) as number | null | undefined) ?? place,
  portalPurged: extraOf(row, 1) === 1,
});

export function encodeEvent(event: EventState): Row {
  return trim([
    event.id,
    packOrg(event.transmitter),
    code(sides, event.side),
    code(actionTypes, event.actionType),
    flag(event.notification),
    code(eventStatuses, event.status),
    event.author,
    event.message,
    event.comment,
    statusCode(event.caseCurrentStatus),
    statusCode(event.caseNewStatus),
    event.partnerAttributes,
    list(event.attachments.map((file) => attachmentRow(file, flag(file.portalPurged)))),
    event.updated,
    partnerRow(event.partnerInfo),
  ]);
}

export function decodeEvent(row: Row): EventState {
  return {
    id: row[0] as EventState['id'],
    transmitter: unpackOrg(row[1]),
    side: uncode<Side>(SIDES, row[2]),
    actionType: uncode(ACTION_TYPES, row[3]),
    notification: row[4] === 1,
    status: uncode<EventStatus>(EVENT_STATUSES, row[5]),
    author: orNull(row[6]),
    message: orNull(row[7]),
    comment: orNull(row[8]),
    caseCurrentStatus: statusText(row[9]),
    caseNewStatus: statusText(row[10]),
    partnerAttributes: orNull(row[11]),
    attachments: rows(row[12]).map((file) => ({ ...attachmentOf(file), portalPurged: extraOf(file, 0) === 1 })),
    updated: orNull(row[13]),
    partnerInfo: partnerOf(row[14]),
  };
}

export function encodeCase(state: CaseState): Row {
  const { transmitted } = state;
  return trim([
    packOrg(state.recipient),
    packOrg(state.sender),
    state.process,
    state.externalId,
    state.applicant.firstName,
    state.applicant.lastName,
    state.applicant.email,
    code(caseStatuses, state.status),
    flag(state.visible),
    transmitted,
    after(transmitted, state.updated),
    list(state.attachments.map(caseAttachmentRow)),
    state.partnerAttributes,
    list(state.events.map(encodeEvent)),
    after(transmitted, state.closed),
    after(transmitted, state.purge),
    state.eventChunks || null,
    flag(state.held === true),
    encodeCaseHolding(state.holding),
    assignmentRow(state.assignment, transmitted),
    pendingRow(state.pending, encodeEvent),
  ]);
}

export function decodeCase(row: Row): CaseState {
  const transmitted = orNull<number>(row[9]);
  return {
    recipient: unpackOrg(row[0]),
    sender: unpackOrg(row[1]),
    process: row[2] as string,
    externalId: row[3] as string,
    applicant: { firstName: row[4] as string, lastName: row[5] as string, email: orNull(row[6]) },
    status: uncode<CaseStatus>(CASE_STATUSES, row[7]),
    visible: row[8] === 1,
    transmitted,
    updated: since(transmitted, row[10]),
    attachments: rows(row[11]).map(caseAttachmentOf),
    partnerAttributes: orNull(row[12]),
    events: rows(row[13]).map(decodeEvent),
    closed: since(transmitted, row[14]),
    purge: since(transmitted, row[15]),
    eventChunks: (row[16] as number | null | undefined) ?? 0,
    ...(row[17] === 1 ? { held: true } : {}),
    holding: decodeCaseHolding(row[18]),
    ...assignmentOf(row[19], transmitted),
    ...pendingOf(row[20], decodeEvent),
  };
}

export const encodeEventChunk = (chunk: EventChunkState): Row => chunk.events.map(encodeEvent);
export const decodeEventChunk = (row: Row): EventChunkState => ({ events: rows(row).map(decodeEvent) });
