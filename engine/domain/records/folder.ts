import type { Caller } from '../commands/contents.ts';
import type { ReplyTo } from '../message.ts';
import type { OrgKey } from '../organization.ts';

/** Contract §8.1. `HUBEE_COMPLETED` is stored only while a completion goes on in several turns. */
export type FolderStatus =
  | 'HUBEE_RECEIVED'
  | 'HUBEE_COMPLETED'
  | 'HUBEE_NOTIFIED'
  | 'SENT'
  | 'SI_RECEIVED'
  | 'IN_PROGRESS'
  | 'ADD_AWAITING'
  | 'REFUSED'
  | 'DONE'
  | 'CLOSED'
  | 'ARCHIVED';

/** Contract §8.5. */
export type AttachmentStatus = 'PENDING' | 'RECEIVED' | 'CORRUPTED' | 'REJECTED' | 'DELETED';

/** Contract §5.2. */
export interface Applicant {
  firstName: string;
  lastName: string;
  email: string | null;
}

/** Contract §5.3. */
export interface PartnerInfo {
  editorName: string | null;
  applicationName: string | null;
  softwareVersion: string | null;
}

/** What an attachment is, wherever it lies. Its id is derived: `derive(folder, KIND.attachment, folderHome, index)`. */
export interface Attachment {
  fileName: string;
  type: string;
  /** bytes */
  size: number;
  mimeType: string;
  status: AttachmentStatus;
  /** SHA-256 in base64, 44 characters, once uploaded */
  sha256: string | null;
  /** name of the bytes in the blob store, while they are there */
  blob: string | null;
}

export interface FolderAttachment extends Attachment {
  /** indexes of the cases it is for */
  recipients: number[];
}

/** A case as its folder keeps it; its status lives in the case record once that exists. */
export interface FolderCase {
  externalId: string;
  /** recipient at deposit; after a migration the case record knows better */
  recipient: OrgKey;
  /** home partition of the case: `derive(folder, KIND.case, home, index)` is its id */
  home: number;
  partnerAttributes: string | null;
}

/** Contract §5.5. Created at the id's time. */
export interface FolderState {
  /** organisation the démarche belonged to at deposit */
  sender: OrgKey;
  process: string;
  externalId: string;
  applicant: Applicant;
  status: FolderStatus;
  /** ms */
  updated: number | null;
  /** ms */
  closed: number | null;
  partnerInfo: PartnerInfo | null;
  /** the first CASES_INLINE cases; the others in `g<folder>.<n>` records of CASES_PER_CHUNK */
  cases: FolderCase[];
  caseCount: number;
  attachments: FolderAttachment[];
  /** cases that exist as records although the folder is not completed: an event or a status came early */
  opened: number[];
  /** per case index, when its links let the files go (ms); absent: the files are wanted (contract §11) */
  purge: Record<number, number>;
  /** cases removed after archiving (contract §11) */
  removed: number[];
  /** when an archived folder may go, ms; it goes with the last of its cases */
  due: number | null;
  /** a deletion that waits for the homes of its cases; absent: none */
  deleting?: DeletingState;
}

export interface DeletingState {
  /** `case.hold` sent and not yet answered by `folder.held` */
  awaited: number;
  /** some case may not go */
  kept: boolean;
  /** requests that wait for the end */
  waiting: { caller: Caller; replyTo: ReplyTo | null }[];
}

/** Cases kept inside the folder's own record: nearly all folders fit, and the record stays bounded. */
export const CASES_INLINE = 256;
export const CASES_PER_CHUNK = 256;
