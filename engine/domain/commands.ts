import type { AgentCommand } from './commands/agent.ts';
import type {
  BundledCases,
  Caller,
  CaseContent,
  FeedNews,
  Holding,
  HoldTerms,
  MovedHeld,
  MovedNotification,
  NewAttachment,
  NewEvent,
  NewNotification,
  PurgeSettings,
  ReservedKey,
  Upload,
} from './commands/contents.ts';
import type { DeskCommand } from './commands/desk.ts';
import type { OfficeCommand } from './commands/office.ts';
import type { ReferentialCommand } from './commands/referential.ts';
import type { SubscriptionCommand } from './commands/subscription.ts';
import type { Id } from './ids.ts';
import type { OrgKey } from './organization.ts';
import type { CaseStatus } from './records/case.ts';
import type { DoorWord } from './records/door.ts';
import type { FileState } from './records/file.ts';
import type { Applicant, FolderAttachment, FolderCase, FolderStatus, PartnerInfo } from './records/folder.ts';
import type { Fallback } from './records/held.ts';
import type { Obstacle, Passage } from './records/migrations.ts';
import type { DeliveryReport, NewSecret } from './records/webhook.ts';

/**
 * Every message a partition decides: commands of the API, deliveries between partitions, timers. Plain JSON.
 * What the referential knows (rights, purge settings, addresses) is put into the command by the API process,
 * which read the referential's version just before; a decision never waits for another partition.
 */
export type Command =
  // -- folders (home of the folder)
  | {
      kind: 'folder.create';
      folder: Id;
      sender: OrgKey;
      process: string;
      externalId: string;
      applicant: Applicant;
      partnerInfo: PartnerInfo | null;
      cases: FolderCase[];
      attachments: (NewAttachment & { recipients: number[] })[];
    }
  /**
   * A whole deposit of the native API at once: creates the folder with its files and completes it. The same id again
   * changes nothing; `repeated`: the id was reserved by an earlier request.
   */
  | {
      kind: 'folder.deposit';
      folder: Id;
      sender: OrgKey;
      process: string;
      externalId: string;
      applicant: Applicant;
      partnerInfo: PartnerInfo | null;
      cases: FolderCase[];
      attachments: FolderAttachment[];
      mails: (string | null)[];
      purge: PurgeSettings;
      /** absent only from deposits that were waiting in a mailbox before held cases existed: delivered at once */
      hold?: Holding;
      repeated: boolean;
    }
  /** whether the folder still names these bytes; else they go, and the file's record */
  | { kind: 'folder.holds'; folder: Id; file: Id; blob: string }
  /** its idempotency key is past its life */
  | { kind: 'folder.forget'; folder: Id }
  | { kind: 'folder.upload'; folder: Id; index: number; caller: Caller; upload: Upload }
  /** `mails`: per case, the address to tell (contract §10) or null; only with HUBEE_COMPLETED */
  | {
      kind: 'folder.patch';
      folder: Id;
      caller: Caller;
      status: FolderStatus;
      closed: number | null;
      mails: (string | null)[];
      purge: PurgeSettings;
      /** a native deposit's only */
      hold?: Holding;
      /** with HUBEE_COMPLETED, when it was asked, ms; here and below absent: not known */
      accepted?: number;
      /** turns it has waited for the end of a completion; absent: none */
      waited?: number;
    }
  /** `end`: what its cases' homes said, for a request that waited for them */
  | { kind: 'folder.delete'; folder: Id; caller: Caller; end?: { kept: boolean; homes: number[] } }
  /** the home of a case that was to be held for its folder's deletion: `bare` when nothing forbids it */
  | { kind: 'folder.held'; folder: Id; bare: boolean }
  /** next chunk of a completion of many recipients, of `size` cases */
  | {
      kind: 'folder.complete';
      folder: Id;
      from: number;
      size: number;
      mails: (string | null)[];
      purge: PurgeSettings;
      hold?: Holding;
      accepted?: number;
    }
  /** a partition has more staged cases to show: asks it for the next */
  | { kind: 'folder.show'; folder: Id; to: number; size: number; purge: PurgeSettings; accepted?: number }
  /** creates the record of a case before its folder is completed, so that it can take an event or a status */
  | { kind: 'folder.open'; case: Id; caller: Caller; waited?: number }
  | { kind: 'folder.links'; folder: Id; index: number; due: number | null }
  | { kind: 'folder.purge'; folder: Id }
  | { kind: 'folder.archive'; folder: Id; deleteDays: number }
  | { kind: 'folder.remove'; folder: Id }
  | { kind: 'folder.case-removed'; folder: Id; index: number }
  // -- idempotency keys (home of the key's hash)
  /**
   * Reserves a folder for each key not known. Answer 200 `{keys}`: per key null when it was not known, else the folder
   * reserved for it and 1 when the same was asked under it, 0 when not. `folder` null: only asks. `at`: ms
   */
  | { kind: 'key.reserve'; at: number; keys: ReservedKey[] }
  | { kind: 'key.forget'; week: number }
  // -- files sent before their folder (home of the file's id)
  /** answer 201, or 200 when the same file is there; `fresh`: only when none is there */
  | { kind: 'file.put'; file: Id; sent: Omit<FileState, 'folder' | 'claimed'>; fresh: boolean }
  /** answer 200 with the file's state */
  | { kind: 'file.claim'; file: Id; org: OrgKey; folder: Id }
  | { kind: 'file.check'; file: Id }
  | { kind: 'file.drop'; file: Id; folder: Id }
  /** nothing of this folder is there or on its way, says who looked: the file is forgotten unless asked for within a day */
  | { kind: 'file.abandon'; file: Id; folder: Id }
  // -- cases (home of the case)
  /** show: true → visible and notified now; false → staged, or opened early */
  | {
      kind: 'case.deliver';
      case: Id;
      content: CaseContent;
      show: boolean;
      staged: boolean;
      /** the case was opened early: its record is there already */
      opened: boolean;
      mail: string | null;
      purge: PurgeSettings | null;
      accepted?: number;
      /** a native deposit's: its recipient's own turn says whether it is held */
      hold?: { terms: HoldTerms; door: DoorWord };
    }
  /** several of these at once, in their order, with one copy of what they share: see bundle.ts */
  | ({ kind: 'cases.deliver' } & BundledCases)
  /** the next `size` of the cases staged there */
  | { kind: 'case.show'; folder: Id; size: number; purge: PurgeSettings; accepted?: number }
  /** the folder is being deleted: whether the case may go; it takes no command until it is known what becomes of it */
  | { kind: 'case.hold'; case: Id }
  | { kind: 'case.unhold'; case: Id; gone: boolean }
  /** that recipient lists the case already */
  | { kind: 'case.show-to'; case: Id; recipient: OrgKey }
  /** `seen`: version of the case the caller decides on; another one: 412; absent: whatever it is (contract) */
  | { kind: 'case.patch'; case: Id; caller: Caller; status: CaseStatus | null; purge: PurgeSettings; seen?: string }
  /** `mail`: address of the recipient SI when the sender acts (contract §10); `seen`: as above */
  | {
      kind: 'case.event';
      case: Id;
      caller: Caller;
      event: NewEvent;
      mail: string | null;
      purge: PurgeSettings;
      seen?: string;
    }
  | {
      kind: 'case.event.patch';
      case: Id;
      event: Id;
      caller: Caller;
      status: 'SENT' | 'RECEIVED';
      mail: string | null;
      purge: PurgeSettings;
    }
  | { kind: 'case.event.delete'; case: Id; event: Id; caller: Caller }
  | { kind: 'case.event.upload'; case: Id; event: Id; index: number; caller: Caller; upload: Upload }
  | { kind: 'case.purged'; case: Id; caller: Caller; attachments: Id[] }
  | { kind: 'case.files-gone'; case: Id; indexes: number[] }
  /** a migration changes the recipient; confirmed to the source's mailbox by `mailbox.moved` */
  | { kind: 'case.recipient'; case: Id; recipient: OrgKey; source: OrgKey }
  /** its mailbox, in another partition, has listed it for this recipient */
  | { kind: 'case.released'; case: Id; recipient: OrgKey; process: string }
  /** held too long */
  | { kind: 'case.returned'; case: Id }
  /** the files of the case's events may go; those of a later event `fileDays` after it */
  | { kind: 'case.purge'; case: Id; fileDays: number }
  /** `closed`: the closing that is meant; a case closed again since then is left alone */
  | { kind: 'case.archive'; case: Id; closed: number; deleteDays: number }
  | { kind: 'case.remove'; case: Id }
  // -- mailboxes (home of the organisation)
  | { kind: 'mailbox.notify'; notification: NewNotification }
  | { kind: 'mailbox.news'; org: OrgKey; news: FeedNews }
  /** answer 200 `{acknowledged, before}`, now and before; `seek`: the cursor may go back */
  | { kind: 'feed.acknowledge'; org: OrgKey; consumer: string; upTo: number; seek: boolean; holder?: string }
  /**
   * An API process begins to push to a reader. `before`: the holder it has seen, which must be so still; `after`: moves
   * the cursor there, null: goes on from it. Answer 200 `{acknowledged}`
   */
  | { kind: 'feed.hold'; org: OrgKey; consumer: string; holder: string; before: string | null; after: number | null }
  /** it pushes no longer */
  | { kind: 'feed.release'; org: OrgKey; consumer: string; holder: string }
  | { kind: 'feed.forget'; org: OrgKey; consumer: string }
  /** takes off what is older than the retention */
  | { kind: 'feed.trim'; org: OrgKey }
  // -- webhooks (home of the organisation); answers of what changes one: 204
  /** `after`: position its cursor begins at; null: the end of the feed */
  | {
      kind: 'webhook.create';
      id: Id;
      org: OrgKey;
      url: string;
      processes: string[] | null;
      email: string | null;
      secret: NewSecret;
      after: number | null;
    }
  /** what is absent keeps its value; a new address was proved before */
  | { kind: 'webhook.change'; id: Id; url?: string; processes?: string[] | null; email?: string | null }
  | { kind: 'webhook.pause'; id: Id }
  /** goes on after `after`; null: after what was delivered */
  | { kind: 'webhook.resume'; id: Id; after: number | null }
  /** sends one position again; the cursor stays */
  | { kind: 'webhook.replay'; id: Id; position: number }
  /** sends again all that follows a position */
  | { kind: 'webhook.rewind'; id: Id; after: number }
  /** both secrets sign until the end of the overlap */
  | { kind: 'webhook.rotate'; id: Id; secret: NewSecret; overlapMs: number }
  | { kind: 'webhook.delete'; id: Id }
  | { kind: 'webhook.report'; report: DeliveryReport }
  /** answer 200 `{epoch}`, 409 while another holds it; who holds it already goes on holding it */
  | { kind: 'courier.claim'; courier: string; leaseMs: number }
  | { kind: 'courier.release'; courier: string; epoch: number }
  /** answer 204, or MOVED with body `{partition}`: ask that partition the same */
  | { kind: 'mailbox.delete'; notification: Id; caller: Caller }
  /** case listed under its recipient, for migration and portal purge */
  | { kind: 'mailbox.case'; recipient: OrgKey; process: string; case: Id; mark: number | null }
  | {
      kind: 'mailbox.migrate';
      source: OrgKey;
      target: OrgKey;
      process: string | null;
      caller: Caller;
      moved: number;
      /** its stamp; absent: not taken on yet */
      at?: number;
      /** why its target did not let it in */
      obstacle?: Obstacle;
    }
  /** a migration asks its target whether it may come */
  | ({ kind: 'mailbox.enter' } & Passage)
  /** `obstacle` null: it may; the target itself left last at `after`, ms */
  | ({ kind: 'mailbox.entered'; obstacle: Obstacle | null; after: number } & Passage)
  /** all a migration brought has come */
  | ({ kind: 'mailbox.left' } & Passage)
  /** where a case belongs whose recipient migrated before its deposit was complete: there since `since`, ms, or later */
  | { kind: 'mailbox.seek'; case: Id; recipient: OrgKey; process: string; since: number }
  /** cases and notifications that come from a migrated organisation of another partition, in order */
  | {
      kind: 'mailbox.adopt';
      target: OrgKey;
      process: string;
      cases: { id: Id; mark: number }[];
      notifications: MovedNotification[];
      held?: MovedHeld[];
    }
  /** these migrated notifications were deleted where they lay */
  | { kind: 'mailbox.forget'; notifications: Id[] }
  /** that many `case.recipient` of a migration are done */
  | { kind: 'mailbox.moved'; source: OrgKey; cases: number }
  /** the organisation's subscription became Actif, or ceased to be; `mail`: its address (contract §10) */
  | { kind: 'mailbox.door'; org: OrgKey; process: string; word: DoorWord; mail: string | null }
  /** delivers the next cases held for an open box */
  | { kind: 'mailbox.release'; org: OrgKey; process: string; mail: string | null }
  /** timer: a case was held long enough */
  | { kind: 'mailbox.expire'; org: OrgKey; case: Id }
  /** a case held too long elsewhere, for this organisation if its subscription is active */
  | { kind: 'mailbox.fallback'; case: Id; process: string; sender: OrgKey; fallback: Fallback }
  /** its sender closed a held case */
  | { kind: 'mailbox.withdraw'; org: OrgKey; case: Id }
  /** waits for what was sent before it in the same lane, and changes nothing */
  | { kind: 'barrier' }
  | ReferentialCommand
  | SubscriptionCommand
  | AgentCommand
  | OfficeCommand
  | DeskCommand;

export type CommandOf<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Whether a command gives memory back and takes none: a full hub must accept it, or nobody could make room. */
export const frees = ({ kind }: { kind: string }): boolean => kind === 'mailbox.delete' || kind === 'folder.delete';
