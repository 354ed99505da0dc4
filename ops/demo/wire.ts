/** The contract's objects as a client of it sees them (hubee-v1.md, section 5): only the fields the demo uses. */

export interface Identity {
  type: string;
  /** SIRET, 14 digits. */
  companyRegister: string;
  branchCode: string;
}

export interface Applicant {
  firstName: string;
  lastName: string;
}

/** An attachment as described by the sender of a folder. */
export interface AttachmentRequest {
  fileName: string;
  type: string;
  size: number;
  mimeType: string;
  /** `externalId` of each case that receives it. */
  recipients: string[];
}

export interface FolderRequest {
  processCode: string;
  externalId: string;
  applicant: Applicant;
  cases: { recipient: Identity; externalId: string }[];
  attachments: AttachmentRequest[];
}

export interface Attachment {
  id: string;
  status: 'PENDING' | 'RECEIVED' | 'CORRUPTED' | 'REJECTED' | 'DELETED';
  fileName: string;
  size: number;
}

export interface Folder {
  id: string;
  globalStatus: string;
  cases: { id: string; externalId: string; status: string }[];
  attachments: Attachment[];
}

export interface Case {
  id: string;
  status: string;
  externalId: string;
  processCode: string;
  recipient: Identity;
  attachments: Attachment[];
  events: Event[];
}

export interface Event {
  id: string;
  actionType: string;
  status: string;
  message: string | null;
  caseNewStatus: string | null;
  transmitter: Identity;
  attachments: Attachment[];
}

export interface EventRequest {
  actionType: 'STATUS_UPDATE' | 'ATTACH_DEPOSIT' | 'SENDING_MESSAGE' | 'COM_ADD';
  notification: boolean;
  message?: string;
  author?: string;
  caseCurrentStatus?: string;
  caseNewStatus?: string;
  attachments?: Omit<AttachmentRequest, 'recipients'>[];
}

export interface Notification {
  id: string;
  processCode: string;
  caseId: string;
  /** `null`: a new case is available. */
  eventId: string | null;
  eventStatus: string | null;
}

export interface Process {
  code: string;
  name: string;
  description: string | null;
  isActivated: boolean;
  osl: Identity;
  attachmentFormatsEnabled: string[];
  siAttachmentFormatsEnabled: string[];
  attachmentTypesEnabled: string[];
  /** Bytes. */
  attachmentMaxSizeEnabled: number;
  statusBeforeFileDeletion: string;
  /** Days. */
  timeBeforeFileDeletion: number;
  timeBeforeArchiving: number;
  timeBeforeFolderDeletion: number;
  messageToTransmitter: boolean;
  messageWithStatus: boolean;
  authorizedAwaiting: boolean;
  subscriptionValidation: 'Auto' | 'Manual';
  legalJustification: string | null;
  /** Days; absent: none. */
  timeBeforeDeadline?: number;
}

/** `<type>-<companyRegister>-<branchCode>`, the text form of an identity in URLs and messages (section 1). */
export function identityText(identity: Identity): string {
  return `${identity.type}-${identity.companyRegister}-${identity.branchCode}`;
}
