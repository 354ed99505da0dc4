import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';
import type { AgentState, StaffState } from './agent.ts';
import type { CaseState } from './case.ts';
import type { CaseChunkState } from './case-chunk.ts';
import type { ClientState } from './client.ts';
import type { CountersState } from './counters.ts';
import type { EventChunkState } from './event-chunk.ts';
import type { ConsumersState } from './feed.ts';
import type { FileState } from './file.ts';
import type { FolderState } from './folder.ts';
import type { ForwardState } from './forward.ts';
import type { HeldState } from './held.ts';
import type { KeyBookState, KeyState } from './key.ts';
import type { NotificationState } from './notification.ts';
import type { OfficeState } from './office.ts';
import type { OrganizationState } from './organization.ts';
import type { PageState } from './page.ts';
import type { ProcessState } from './process.ts';
import type { RecipientState } from './recipient.ts';
import type { StagedState } from './staged.ts';
import type { SubscriptionIndexState, SubscriptionState } from './subscription.ts';
import type { TombState } from './tomb.ts';
import type { CourierState, WebhookState, WebhooksState } from './webhook.ts';

/**
 * Names of records: one letter for the kind, then the key. The partition's tag in front makes the Redis key.
 * Capital letters are the referential's.
 */
export type RecordName = keyof States;

export interface States {
  [folder: `f${string}`]: FolderState;
  /** further cases of a folder of many recipients: `g<folder>.<n>` */
  [caseChunk: `g${string}`]: CaseChunkState;
  [case_: `c${string}`]: CaseState;
  /** older events of a case: `e<case>.<n>` */
  [eventChunk: `e${string}`]: EventChunkState;
  /** recipient: an organisation's mailbox: `o<type>-<siret>-<branch>` */
  [recipient: `o${string}`]: RecipientState;
  /** one notification of a box: `x<box>.<sequence>`; lives in the box's sorted set, not in a string */
  [notification: `x${string}`]: NotificationState;
  /** first entries of a sorted set, read for one decision and never kept: `z<set>` */
  [page: `z${string}`]: PageState;
  /** where a migrated notification went: `w<id>` */
  [forward: `w${string}`]: ForwardState;
  /** cases delivered here by a folder not yet shown to its recipients: `s<folder>` */
  [staged: `s${string}`]: StagedState;
  /** a case held in this partition's mailboxes: `a<case>` */
  [held: `a${string}`]: HeldState;
  /** who reads an organisation's feed, and how far: `u<org>` */
  [consumers: `u${string}`]: ConsumersState;
  /** an address called for each entry of a feed: `h<id>` */
  [webhook: `h${string}`]: WebhookState;
  /** `j`: the partition's webhooks */
  [webhooks: `j${string}`]: WebhooksState;
  /** `m`: who delivers to them */
  [courier: `m${string}`]: CourierState;
  /** idempotency key: `i<week>.<hash>`; `i<week>.` alone, which can only be removed, stands for the whole week */
  [key: `i${string}`]: KeyState;
  /** `y`: weeks of keys */
  [keyBook: `y${string}`]: KeyBookState;
  /** file sent before its folder: `v<id>` */
  [file: `v${string}`]: FileState;
  /** folder removed while its key may still be repeated: `t<folder>` */
  [tomb: `t${string}`]: TombState;
  /** `n`: the partition's own counters */
  [counters: `n${string}`]: CountersState;
  [organization: `O${string}`]: OrganizationState;
  [process: `P${string}`]: ProcessState;
  [subscription: `S${string}`]: SubscriptionState;
  /** subscriptions of one organisation to one démarche: `I<process>|<org>` */
  [subscriptionIndex: `I${string}`]: SubscriptionIndexState;
  [client: `L${string}`]: ClientState;
  /** a person who signs in: `A<id>` */
  [agent: `A${string}`]: AgentState;
  /** those of one organisation: `M<org>` */
  [staff: `M${string}`]: StaffState;
  /** what is settled for them: `D<org>` */
  [office: `D${string}`]: OfficeState;
}

export const folderName = (id: Id) => `f${id}` as const;
export const caseChunkName = (folder: Id, chunk: number) => `g${folder}.${chunk}` as const;
export const caseName = (id: Id) => `c${id}` as const;
export const eventChunkName = (case_: Id, chunk: number) => `e${case_}.${chunk}` as const;
export const recipientName = (org: OrgKey) => `o${org}` as const;
export const notificationName = (box: number, sequence: number) => `x${box}.${sequence}` as const;
/** Entries of a set as they are now, earlier decisions of the same turn included: `records/page.ts`. */
export const pageName = (set: string) => `z${set}` as const;
export const forwardName = (id: Id) => `w${id}` as const;
export const stagedName = (folder: Id) => `s${folder}` as const;
export const heldName = (case_: Id) => `a${case_}` as const;
export const consumersName = (org: OrgKey) => `u${org}` as const;
export const webhookName = (id: Id) => `h${id}` as const;
export const WEBHOOKS = 'j' as const;
export const COURIER = 'm' as const;
export const keyName = (week: number, hash: string) => `i${week}.${hash}` as const;
export const weekName = (week: number) => `i${week}.` as const;
export const KEY_BOOK = 'y' as const;
export const fileName = (id: Id) => `v${id}` as const;
export const tombName = (folder: Id) => `t${folder}` as const;
export const COUNTERS = 'n' as const;
export const organizationName = (org: OrgKey) => `O${org}` as const;
export const processName = (code: string) => `P${code}` as const;
export const subscriptionName = (id: Id) => `S${id}` as const;
export const subscriptionIndexName = (process: string, org: OrgKey) => `I${process}|${org}` as const;
export const clientName = (id: string) => `L${id}` as const;
export const agentName = (id: Id) => `A${id}` as const;
export const staffName = (org: OrgKey) => `M${org}` as const;
export const officeName = (org: OrgKey) => `D${org}` as const;

/** Sorted set of a box: score = sequence, member = an encoded notification. */
export const boxSet = (box: number) => `b${box}`;
/** List of an organisation's feed, oldest entry first. */
export const feedList = (org: OrgKey) => `q${org}`;
/** Sorted set of the cases of a box: score = CASE_MARK, member = case id. */
export const caseSet = (box: number) => `k${box}`;
/** Sorted set of folders of the partition whose deposit is not complete: score = creation, ms. */
export const UNFINISHED = 'r';
/** Sorted set of cases of the partition, shown and not closed, with a file nobody can fetch: score = time shown, ms. */
export const UNFETCHABLE = 'l';
/** What the portal still has to purge of a case (contract §6, attachmentsIdsForPurge). */
export const CASE_MARK = { open: 0, closed: 1, purged: 2 } as const;

/** Sorted set of the cases held for a box: score = place in the queue, member = case id. */
export const heldSet = (box: number) => `d${box}`;
/** Sorted set of the boxes of a partition with held cases: score = since when, ms, member = `heldMember`. */
export const HELD_BOXES = 'doors';
const SEPARATOR = '|';
export const heldMember = (org: OrgKey, process: string): string => org + SEPARATOR + process;
export function heldMemberParts(member: string): { org: OrgKey; process: string } {
  const at = member.indexOf(SEPARATOR);
  return { org: member.slice(0, at), process: member.slice(at + 1) };
}
