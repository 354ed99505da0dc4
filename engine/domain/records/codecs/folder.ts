import type { CaseChunkState } from '../case-chunk.ts';
import type {
  Attachment,
  AttachmentStatus,
  DeletingState,
  FolderAttachment,
  FolderCase,
  FolderState,
  PartnerInfo,
} from '../folder.ts';
import {
  code,
  flag,
  list,
  orNull,
  packOrg,
  type Row,
  rows,
  runs,
  tableOf,
  trim,
  uncode,
  unpackOrg,
  unruns,
} from './field.ts';

const FOLDER_STATUSES = [
  'HUBEE_RECEIVED',
  'HUBEE_COMPLETED',
  'HUBEE_NOTIFIED',
  'SENT',
  'SI_RECEIVED',
  'IN_PROGRESS',
  'ADD_AWAITING',
  'REFUSED',
  'DONE',
  'CLOSED',
  'ARCHIVED',
];
const folderStatuses = tableOf(FOLDER_STATUSES);
const ATTACHMENT_STATUSES = ['PENDING', 'RECEIVED', 'CORRUPTED', 'REJECTED', 'DELETED'];
const attachmentStatuses = tableOf(ATTACHMENT_STATUSES);
const MEDIA_TYPES = [
  'application/pdf',
  'application/xml',
  'text/xml',
  'application/json',
  'application/zip',
  'text/plain',
  'image/jpeg',
  'image/png',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
];
const mediaTypes = tableOf(MEDIA_TYPES);

/** Base64 of 32 bytes always ends with one `=`. */
const PAD = '=';
const SHA256_CHARS = 44;
const packSha = (sha: string | null): string | null =>
  sha?.length === SHA256_CHARS && sha.endsWith(PAD) ? sha.slice(0, -1) : sha;
const unpackSha = (value: unknown): string | null =>
  typeof value === 'string' && value.length === SHA256_CHARS - 1 ? value + PAD : orNull(value);

const COMMON = 7;

/** The first COMMON places of any attachment; `extra` follows. */
export function attachmentRow(attachment: Attachment, ...extra: unknown[]): Row {
  return trim([
    attachment.fileName,
    attachment.type,
    attachment.size,
    code(mediaTypes, attachment.mimeType),
    code(attachmentStatuses, attachment.status),
    packSha(attachment.sha256),
    attachment.blob,
    ...extra,
  ]);
}

export const attachmentOf = (row: Row): Attachment => ({
  fileName: row[0] as string,
  type: row[1] as string,
  size: row[2] as number,
  mimeType: uncode(MEDIA_TYPES, row[3]),
  status: uncode<AttachmentStatus>(ATTACHMENT_STATUSES, row[4]),
  sha256: unpackSha(row[5]),
  blob: orNull(row[6]),
});
export const extraOf = (row: Row, place: number): unknown => row[COMMON + place];

export const partnerRow = (partner: PartnerInfo | null): Row | null =>
  partner && [partner.editorName, partner.applicationName, partner.softwareVersion];
export const partnerOf = (value: unknown): PartnerInfo | null => {
  const row = value as Row | null | undefined;
  return row ? { editorName: orNull(row[0]), applicationName: orNull(row[1]), softwareVersion: orNull(row[2]) } : null;
};

const folderCaseRow = (case_: FolderCase): Row =>
  trim([case_.externalId, packOrg(case_.recipient), case_.home, case_.partnerAttributes]);
const folderCaseOf = (row: Row): FolderCase => ({
  externalId: row[0] as string,
  recipient: unpackOrg(row[1]),
  home: row[2] as number,
  partnerAttributes: orNull(row[3]),
});

/** Most files are for all cases of their folder, in their order: nothing is then written. */
function recipientRuns(recipients: readonly number[], cases: number): number[] | null {
  const all = recipients.length === cases && recipients.every((index, place) => index === place);
  return all ? null : runs(recipients);
}
const allCases = (cases: number): number[] => Array.from({ length: cases }, (_, index) => index);

const deletingRow = ({ awaited, kept, waiting }: DeletingState): Row => [
  awaited,
  flag(kept),
  ...waiting.map(({ caller, replyTo }) => [caller, replyTo]),
];
function deletingOf([awaited, kept, ...waiting]: Row): DeletingState {
  const given = waiting as [DeletingState['waiting'][0]['caller'], DeletingState['waiting'][0]['replyTo']][];
  return {
    awaited: awaited as number,
    kept: kept === 1,
    waiting: given.map(([caller, replyTo]) => ({ caller, replyTo })),
  };
}

export function encodeFolder(folder: FolderState): Row {
  return trim([
    packOrg(folder.sender),
    folder.process,
    folder.externalId,
    folder.applicant.firstName,
    folder.applicant.lastName,
    folder.applicant.email,
    code(folderStatuses, folder.status),
    folder.cases.map(folderCaseRow),
    folder.attachments.map((file) => attachmentRow(file, recipientRuns(file.recipients, folder.caseCount))),
    folder.caseCount === folder.cases.length ? null : folder.caseCount,
    folder.updated,
    partnerRow(folder.partnerInfo),
    folder.closed,
    list(runs(folder.opened)),
    list(Object.entries(folder.purge).flatMap(([index, due]) => [Number(index), due])),
    list(runs(folder.removed)),
    folder.due,
    folder.deleting && deletingRow(folder.deleting),
  ]);
}

export function decodeFolder(row: Row): FolderState {
  const cases = rows(row[7]).map(folderCaseOf);
  const caseCount = (row[9] as number | null | undefined) ?? cases.length;
  const purge: Record<number, number> = {};
  const links = (row[14] ?? []) as number[];
  for (let i = 0; i < links.length; i += 2) purge[links[i] as number] = links[i + 1] as number;
  return {
    sender: unpackOrg(row[0]),
    process: row[1] as string,
    externalId: row[2] as string,
    applicant: { firstName: row[3] as string, lastName: row[4] as string, email: orNull(row[5]) },
    status: uncode(FOLDER_STATUSES, row[6]),
    cases,
    attachments: rows(row[8]).map((file): FolderAttachment => {
      const given = extraOf(file, 0);
      return { ...attachmentOf(file), recipients: given ? unruns(given) : allCases(caseCount) };
    }),
    caseCount,
    updated: orNull(row[10]),
    partnerInfo: partnerOf(row[11]),
    closed: orNull(row[12]),
    opened: unruns(row[13]),
    purge,
    removed: unruns(row[15]),
    due: orNull(row[16]),
    ...(row[17] ? { deleting: deletingOf(row[17] as Row) } : {}),
  };
}

export const encodeCaseChunk = (chunk: CaseChunkState): Row => chunk.cases.map(folderCaseRow);
export const decodeCaseChunk = (row: Row): CaseChunkState => ({ cases: rows(row).map(folderCaseOf) });
