import { dateOrNull, dateText } from '#api/schemas/dates.ts';
import { caseIdOf } from '#engine/domain/deciders/folder/cases.ts';
import { type Id, parts, toUuid } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import type { FolderCase, FolderState } from '#engine/domain/records/folder.ts';
import { attachmentAnswer, folderAttachmentId } from './attachment.ts';
import { identityAnswer } from './identity.ts';

/** Before a case has a record of its own it is as its folder says. */
type Living = Pick<CaseState, 'status' | 'updated' | 'transmitted'> & { recipient: OrgKey };

function folderCaseAnswer(id: Id, case_: FolderCase, record: CaseState | undefined) {
  const living: Living = record ?? {
    status: 'HUBEE_RECEIVED',
    recipient: case_.recipient,
    updated: null,
    transmitted: null,
  };
  return {
    id: toUuid(id),
    status: living.status,
    recipient: identityAnswer(living.recipient),
    externalId: case_.externalId,
    updateDateTime: dateOrNull(living.updated),
    transmissionDateTime: dateOrNull(living.transmitted),
    partnerAttributes: case_.partnerAttributes,
  };
}

/** What GET folder needs besides the folder's record. */
export interface FolderParts {
  /** all cases in the sender's order, chunks included */
  cases: readonly FolderCase[];
  /** case records by index, where there are any */
  records: ReadonlyMap<number, CaseState>;
}

/** What is shown of a folder's record. */
export type ShownFolder = Pick<
  FolderState,
  'status' | 'process' | 'externalId' | 'applicant' | 'closed' | 'updated' | 'partnerInfo' | 'attachments' | 'removed'
>;

/** Contract §5.5. Cases removed after archiving (§11) are no longer shown. */
export function folderAnswer(id: Id, folder: ShownFolder, { cases, records }: FolderParts) {
  const removed = new Set(folder.removed);
  const shown = [...cases.keys()].filter((index) => !removed.has(index));
  return {
    id: toUuid(id),
    globalStatus: folder.status,
    processCode: folder.process,
    externalId: folder.externalId,
    applicant: folder.applicant,
    createDateTime: dateText(parts(id).ms),
    closeDateTime: dateOrNull(folder.closed),
    updateDateTime: dateOrNull(folder.updated),
    partnerInfo: folder.partnerInfo,
    cases: shown.map((index) => {
      const case_ = cases[index] as FolderCase;
      return folderCaseAnswer(caseIdOf(id, index, case_), case_, records.get(index));
    }),
    attachments: folder.attachments.map((attachment, index) => ({
      ...attachmentAnswer(folderAttachmentId(id, index), attachment),
      recipients: attachment.recipients.map((number) => (cases[number] as FolderCase).externalId),
    })),
  };
}
