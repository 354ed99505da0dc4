import type { OrgKey } from '../organization.ts';
import type { Assignment, Pending } from './desk.ts';
import type { EventState } from './event.ts';
import type { Applicant, Attachment } from './folder.ts';
import type { CaseHolding } from './held.ts';

/** Contract §8.2, in its order, in which a status may be jumped over; stored by their places: it only grows at its end. */
export const CASE_STATUSES = [
  'HUBEE_RECEIVED',
  'HUBEE_COMPLETED',
  'HUBEE_NOTIFIED',
  'SENT',
  'SI_RECEIVED',
  'IN_PROGRESS',
  'ADD_AWAITING',
  'SI_INTG_ERROR',
  'REFUSED',
  'DONE',
  'CLOSED',
  'ARCHIVED',
] as const;
export type CaseStatus = (typeof CASE_STATUSES)[number];

/** An attachment of the folder that is for this case (contract §11: the link). */
export interface CaseAttachment extends Attachment {
  /** its index in the folder, from which its id derives */
  index: number;
  /** the portal has purged its copy (contract §6, idsPurged) */
  portalPurged: boolean;
}

/** Contract §5.6. Its folder, index and creation time are in its id. */
export interface CaseState {
  recipient: OrgKey;
  sender: OrgKey;
  process: string;
  externalId: string;
  applicant: Applicant;
  partnerAttributes: string | null;
  status: CaseStatus;
  /** shown to its recipient: it reached HUBEE_NOTIFIED once */
  visible: boolean;
  /** ms */
  updated: number | null;
  /** first passage to HUBEE_NOTIFIED, ms */
  transmitted: number | null;
  /** ms */
  closed: number | null;
  /** empty until the folder is completed: before, the folder's record is read */
  attachments: CaseAttachment[];
  /** when the files may go, ms; null: they are wanted */
  purge: number | null;
  /** newest events, oldest first; older ones in `e<case>.<n>`, n < eventChunks */
  events: EventState[];
  eventChunks: number;
  /** its folder is being deleted; absent: it is not */
  held?: true;
  /** a native deposit its recipient never saw: no active subscription; null: nothing of the sort */
  holding: CaseHolding | null;
  /** a decision of its recipient that leaves soon; absent: none */
  pending?: Pending;
  /** absent: nobody ever took it */
  assignment?: Assignment;
}
