import type { Id } from '../ids.ts';
import type { OrganizationId, OrgKey } from '../organization.ts';
import type { CaseStatus } from '../records/case.ts';
import type { Role } from '../records/client.ts';
import type { DoorWord } from '../records/door.ts';
import type { ActionType, Side } from '../records/event.ts';
import type { FeedEntry, FeedType } from '../records/feed.ts';
import type { Applicant, Attachment, AttachmentStatus, PartnerInfo } from '../records/folder.ts';
import type { Fallback, HeldState } from '../records/held.ts';
import type { NotificationState } from '../records/notification.ts';
import type { ProcessState } from '../records/process.ts';
import type { Person, SubscriptionStatus } from '../records/subscription.ts';
/** What commands carry: shapes shared by several of them. Plain JSON. */
export interface Caller {
  scope: Role;
  org: OrgKey;
  /** SI only: the démarche of its subscription */
  process?: string;
  /** of a PARTNER, which acts as OSL or SI, or of an AGENT, which acts as SI: the démarches it is confined to */
  processes?: readonly string[];
}

/** Settings of the démarche a status change needs (contract §11). Delays in days. */
export interface PurgeSettings {
  status: CaseStatus;
  fileDays: number;
  archiveDays: number;
  deleteDays: number;
}

/**
 * What becomes of a case of a native deposit whose recipient has no active subscription. The contract's deposits carry
 * none: they were refused without one, and are delivered whatever happened since.
 */
export interface HoldTerms {
  /** how long it is held at most, ms */
  ms: number;
  fallback: Fallback | null;
  /** address of the démarche's owner, told when an organisation's first case is held; null: none */
  owner: string | null;
}

/** For all cases of a deposit: what the referential said of each one's recipient. */
export interface Holding {
  terms: HoldTerms;
  doors: DoorWord[];
}

export interface NewAttachment {
  fileName: string;
  type: string;
  size: number;
  mimeType: string;
}

/** Result of an upload: the blob is on disk, synced, before this is sent. */
export interface Upload {
  status: AttachmentStatus;
  sha256: string | null;
  /** null unless status is RECEIVED */
  blob: string | null;
}

/** What a case is made of, sent from its folder to the case's home. */
export interface CaseContent {
  recipient: OrgKey;
  sender: OrgKey;
  process: string;
  externalId: string;
  applicant: Applicant;
  partnerAttributes: string | null;
  attachments: (Attachment & { index: number })[];
}

/** Cases of a folder for one partition. */
export interface BundledCases {
  folder: Id;
  /** the partition */
  home: number;
  content: Omit<CaseContent, 'recipient' | 'externalId' | 'partnerAttributes'>;
  show: boolean;
  staged: boolean;
  purge: PurgeSettings | null;
  accepted?: number;
  /** a native deposit's */
  terms?: HoldTerms;
  cases: BundledCase[];
}

/** One case of a bundle: what it does not share with the others. */
export interface BundledCase extends Pick<CaseContent, 'recipient' | 'externalId'> {
  index: number;
  /** absent: null, as the address to tell */
  partnerAttributes?: string;
  mail?: string;
  opened?: true;
  /** with the bundle's `terms`: what the referential said of its recipient */
  door?: DoorWord;
  /** places of its files among the bundle's; absent: all */
  files?: number[];
}

export interface NewEvent {
  id: Id;
  side: Side;
  actionType: ActionType;
  notification: boolean;
  message: string | null;
  comment: string | null;
  author: string | null;
  caseCurrentStatus: string | null;
  caseNewStatus: CaseStatus | null;
  partnerAttributes: string | null;
  attachments: NewAttachment[];
  partnerInfo: PartnerInfo | null;
}

/**
 * A notification to create in a mailbox. `type` and `status` are for the feed alone; absent: a deposit, or an event
 * that changes no status.
 */
export type NewNotification = Pick<NotificationState, 'case' | 'event' | 'transmitter' | 'recipient' | 'process'> & {
  type?: FeedType;
  status?: CaseStatus;
};

/** What a feed is told beside the notifications of the contract. */
export type FeedNews = Pick<FeedEntry, 'type' | 'case' | 'event' | 'status'> & { process: string };

/** A migrated notification on its way; `via`: partitions that point to it. */
export type MovedNotification = Pick<NotificationState, 'id' | 'case' | 'event' | 'transmitter'> & { via: number[] };

/** A held case on its way to another mailbox. */
export type MovedHeld = Omit<HeldState, 'place' | 'org'> & { id: Id };

/** One key of `key.reserve`. */
export interface ReservedKey {
  hash: string;
  digest: string;
  folder: Id | null;
}

/** Answer of `key.reserve`, per key. */
export type KeyAnswer = null | [folder: Id, same: 0 | 1];

/** Status of the answer of `mailbox.delete` when the notification was migrated to another partition; never on the wire. */
export const MOVED = 307;

/** A démarche as asked for; software of the contract knows neither of our settings: absent, each keeps its value. */
export type NewProcess = Omit<ProcessState, 'created' | 'updated' | 'hold' | 'timeBeforeDeadline'> &
  Partial<Pick<ProcessState, 'hold' | 'timeBeforeDeadline'>>;

/** A subscription as asked for: what is absent keeps its value in an update (contract §16.4). */
export interface NewSubscription {
  datapassId: number | string;
  processCode: string;
  subscriber: OrganizationId;
  notificationFrequency: string;
  localAdministrator: Partial<Person> & { email: string };
  delegationActor: Person | OrganizationId | null;
  accessMode: string | null;
  status: SubscriptionStatus | null;
  email: string | null;
  activateDateTime: number | null;
  validateDateTime: number | null;
  rejectDateTime: number | null;
  endDateTime: number | null;
  rejectionReason: string | null;
}
