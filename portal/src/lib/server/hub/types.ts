/** What the API answers, as far as the portal reads it (contract §5). */

export interface Identity {
  type: string;
  companyRegister: string;
  branchCode: string;
}

export interface Attachment {
  id: string;
  status: 'PENDING' | 'RECEIVED' | 'CORRUPTED' | 'REJECTED' | 'DELETED';
  fileName: string;
  type: string;
  size: number;
  mimeType: string;
}

export interface Event {
  id: string;
  transmitter: Identity;
  actionType: string;
  notification: boolean;
  message: string | null;
  comment: string | null;
  author: string | null;
  caseCurrentStatus: string | null;
  caseNewStatus: string | null;
  status: string;
  attachments: Attachment[];
  createDateTime: string;
}

export interface Case {
  id: string;
  /** changes with its status: what a decision is made on */
  version: string;
  status: string;
  recipient: Identity;
  externalId: string;
  processCode: string;
  applicant: { firstName: string; lastName: string; email?: string | null };
  createDateTime: string;
  updateDateTime: string | null;
  transmissionDateTime: string | null;
  closeDateTime: string | null;
  attachments: Attachment[];
  events: Event[];
}

/** `SI-21770001000019-77372` */
export const keyOf = ({ type, companyRegister, branchCode }: Identity): string =>
  `${type}-${companyRegister}-${branchCode}`;

export function identityOf(key: string): Identity | undefined {
  const found = /^([A-Za-z]+)-(\d{14})-([A-Za-z0-9-]{1,10})$/.exec(key);
  return found ? { type: found[1]!, companyRegister: found[2]!, branchCode: found[3]! } : undefined;
}
