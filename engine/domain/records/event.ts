import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';
import type { Attachment, PartnerInfo } from './folder.ts';

/** Contract §8.4. */
export const ACTION_TYPES = [
  'STATUS_UPDATE',
  'ATTACH_DEPOSIT',
  'ATTACH_DL',
  'ATTACH_DL_ALL',
  'COM_ADD',
  'SENDING_MESSAGE',
] as const;
export type ActionType = (typeof ACTION_TYPES)[number];

/** Contract §8.3. */
export type EventStatus = 'IN_PROGRESS' | 'SENT' | 'RECEIVED';

/** Which side wrote it: decides who is told, and who may acknowledge. */
export type Side = 'OSL' | 'SI' | 'ADMIN';

/** Contract §5.7. Created at the id's time; its attachments' ids derive: `derive(event, KIND.eventAttachment, home, index)`. */
export interface EventState {
  id: Id;
  transmitter: OrgKey;
  side: Side;
  actionType: ActionType;
  notification: boolean;
  message: string | null;
  comment: string | null;
  author: string | null;
  status: EventStatus;
  caseCurrentStatus: string | null;
  caseNewStatus: string | null;
  partnerAttributes: string | null;
  attachments: (Attachment & { portalPurged: boolean })[];
  /** ms */
  updated: number | null;
  partnerInfo: PartnerInfo | null;
}
