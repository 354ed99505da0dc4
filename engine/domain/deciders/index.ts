import { unbundled } from '../bundle.ts';
import type { Command, CommandOf } from '../commands.ts';
import type { Decision } from '../decision.ts';
import { folderOf, notificationParts } from '../ids.ts';
import {
  COUNTERS,
  COURIER,
  caseName,
  consumersName,
  fileName,
  folderName,
  heldName,
  keyName,
  notificationName,
  type RecordName,
  recipientName,
  stagedName,
  WEBHOOKS,
  webhookName,
  weekName,
} from '../records/names.ts';
import type { WebhookState } from '../records/webhook.ts';
import { decideBarrier } from './barrier.ts';
import { decideEventDelete, decideEventUpload } from './case/attachment.ts';
import { decideDeliver, decideDeliverAll, decideShow } from './case/deliver.ts';
import { decideEvent, decideEventPatch } from './case/event.ts';
import { decideArchive, decideFilesGone, decidePurge, decidePurged, decideRemove } from './case/files.ts';
import { decideSeek, decideShowTo } from './case/show.ts';
import { decidePatch } from './case/status.ts';
import { decideComplete, decideShowMore } from './folder/complete.ts';
import { decideCreate, decideUpload } from './folder/create.ts';
import { decideDelete as decideFolderDelete, decideHeld, decideHold, decideUnhold } from './folder/delete.ts';
import { decideOpen } from './folder/open.ts';
import { decidePatch as decideFolderPatch, recipientsOf } from './folder/patch.ts';
import {
  decideArchive as decideFolderArchive,
  decidePurge as decideFolderPurge,
  decideRemove as decideFolderRemove,
} from './folder/purge.ts';
import { decideDoor } from './hold/door.ts';
import { decideExpire, decideFallback, decideReturned } from './hold/expire.ts';
import { decideReleased, decideRelease as decideReleaseHeld } from './hold/release.ts';
import { decideWithdraw } from './hold/withdraw.ts';
import { decideCaseRemoved, decideLinks } from './links.ts';
import { decideAcknowledge, decideForgetConsumer } from './mailbox/consumer.ts';
import { decideDelete, decideForget } from './mailbox/delete.ts';
import { decideEnter, decideEntered, decideLeft } from './mailbox/direction.ts';
import { decideTrim } from './mailbox/feed.ts';
import { decideFeedHold, decideFeedRelease } from './mailbox/holder.ts';
import { decideAdopt, decideMigrate, decideMoved, decideRecipient } from './mailbox/migrate.ts';
import { decideNews } from './mailbox/news.ts';
import { decideCase, decideNotify } from './mailbox/notify.ts';
import { decideDeposit, decideForgetFolder, readsOfDeposit } from './native/deposit.ts';
import { decideAbandon, decideCheck, decideClaim, decideDrop, decideHolds, decidePut } from './native/file.ts';
import { decideForget as decideForgetKeys, decideReserve, readsOfReserve } from './native/key.ts';
import {
  actorOfReferential,
  decideReferential,
  isReferential,
  type ReferentialKind,
  readsOfReferential,
} from './referential.ts';
import { decideHold as decideCourierHold, decideRelease } from './webhook/courier.ts';
import {
  decideChange,
  decideDeleteWebhook,
  decidePause,
  decideReplay,
  decideResume,
  decideRewind,
  decideRotate,
  decideWebhook,
} from './webhook/manage.ts';
import { decideReport } from './webhook/report.ts';

/** All that is done to records: one row per command. Pure; effects go through the Decision only. */
type Kind = Exclude<Command['kind'], ReferentialKind>;

export type Seen = (name: RecordName) => unknown;

interface Row<K extends Kind> {
  decide(command: CommandOf<K>, decision: Decision): void;
  /** the record whose order and supervision the command belongs to */
  actor(command: CommandOf<K>): RecordName;
  /** records surely needed, when not the actor's: a hint to load a batch at once */
  reads?(command: CommandOf<K>): RecordName[];
  /** the same, of what the records above say */
  readsNext?(command: CommandOf<K>, seen: Seen): RecordName[];
}

const ofFolder = (command: { folder: CommandOf<'folder.delete'>['folder'] }): RecordName => folderName(command.folder);
const ofCase = (command: { case: CommandOf<'case.patch'>['case'] }): RecordName => caseName(command.case);

const ofWebhook = (command: { id: CommandOf<'webhook.pause'>['id'] }): RecordName => webhookName(command.id);
const withIndex = (command: { id: CommandOf<'webhook.pause'>['id'] }): RecordName[] => [
  webhookName(command.id),
  WEBHOOKS,
];
/** Its organisation's readers, once the record says whose it is. */
const readersOf = (command: { id: CommandOf<'webhook.pause'>['id'] }, seen: Seen): RecordName[] => {
  const webhook = seen(webhookName(command.id)) as WebhookState | undefined;
  return webhook === undefined ? [] : [consumersName(webhook.org), recipientName(webhook.org)];
};
const ofFile = (command: { file: CommandOf<'file.put'>['file'] }): RecordName => fileName(command.file);

const TABLE: { [K in Kind]: Row<K> } = {
  'folder.create': { decide: decideCreate, actor: ofFolder },
  'folder.deposit': { decide: decideDeposit, actor: ofFolder, reads: readsOfDeposit },
  'folder.holds': { decide: decideHolds, actor: ofFolder },
  'folder.forget': { decide: decideForgetFolder, actor: ofFolder, reads: () => [] },
  'folder.upload': { decide: decideUpload, actor: ofFolder },
  'folder.patch': { decide: decideFolderPatch, actor: ofFolder, readsNext: recipientsOf },
  'folder.delete': { decide: decideFolderDelete, actor: ofFolder },
  'folder.held': { decide: decideHeld, actor: ofFolder },
  'folder.complete': { decide: decideComplete, actor: ofFolder },
  'folder.show': { decide: decideShowMore, actor: ofFolder, reads: () => [] },
  'folder.open': { decide: decideOpen, actor: (command) => folderName(folderOf(command.case)) },
  'folder.links': { decide: decideLinks, actor: ofFolder },
  'folder.purge': { decide: decideFolderPurge, actor: ofFolder },
  'folder.archive': { decide: decideFolderArchive, actor: ofFolder },
  'folder.remove': { decide: decideFolderRemove, actor: ofFolder },
  'folder.case-removed': { decide: decideCaseRemoved, actor: ofFolder },
  'key.reserve': { decide: decideReserve, actor: ({ keys }) => keyName(0, keys[0]?.hash ?? ''), reads: readsOfReserve },
  'key.forget': { decide: decideForgetKeys, actor: ({ week }) => weekName(week), reads: () => [] },
  'file.put': { decide: decidePut, actor: ofFile },
  'file.claim': { decide: decideClaim, actor: ofFile },
  'file.check': { decide: decideCheck, actor: ofFile },
  'file.drop': { decide: decideDrop, actor: ofFile },
  'file.abandon': { decide: decideAbandon, actor: ofFile },
  'case.deliver': {
    decide: decideDeliver,
    actor: ofCase,
    reads: ({ case: id, content, opened, staged }) => [
      staged ? stagedName(folderOf(id)) : recipientName(content.recipient),
      ...(opened ? [caseName(id)] : []),
    ],
  },
  'cases.deliver': { decide: decideDeliverAll, actor: ({ folder }) => stagedName(folder), reads: () => [] },
  'case.show': { decide: decideShow, actor: (command) => stagedName(command.folder) },
  'case.hold': { decide: decideHold, actor: ofCase },
  'case.unhold': { decide: decideUnhold, actor: ofCase },
  'case.show-to': { decide: decideShowTo, actor: ofCase },
  'case.patch': { decide: decidePatch, actor: ofCase },
  'case.event': { decide: decideEvent, actor: ofCase },
  'case.event.patch': { decide: decideEventPatch, actor: ofCase },
  'case.event.delete': { decide: decideEventDelete, actor: ofCase },
  'case.event.upload': { decide: decideEventUpload, actor: ofCase },
  'case.purged': { decide: decidePurged, actor: ofCase },
  'case.purge': { decide: decidePurge, actor: ofCase },
  'case.files-gone': { decide: decideFilesGone, actor: ofCase },
  'case.recipient': { decide: decideRecipient, actor: ofCase },
  'case.archive': { decide: decideArchive, actor: ofCase },
  'case.remove': { decide: decideRemove, actor: ofCase },
  'case.released': { decide: decideReleased, actor: ofCase },
  'case.returned': { decide: decideReturned, actor: ofCase },
  'mailbox.notify': { decide: decideNotify, actor: ({ notification }) => recipientName(notification.recipient) },
  'mailbox.delete': {
    decide: decideDelete,
    actor: ({ notification }) => {
      const { box, sequence } = notificationParts(notification);
      return notificationName(box, sequence);
    },
    reads: ({ notification, caller }) => {
      const { box, sequence } = notificationParts(notification);
      const listed = notificationName(box, sequence);
      return caller.scope === 'ADMIN' ? [listed] : [listed, recipientName(caller.org)];
    },
  },
  'mailbox.news': { decide: decideNews, actor: ({ org }) => recipientName(org) },
  'feed.acknowledge': {
    decide: decideAcknowledge,
    actor: ({ org }) => consumersName(org),
    reads: ({ org }) => [recipientName(org), consumersName(org)],
  },
  'feed.hold': {
    decide: decideFeedHold,
    actor: ({ org }) => consumersName(org),
    reads: ({ org }) => [recipientName(org), consumersName(org)],
  },
  'feed.release': { decide: decideFeedRelease, actor: ({ org }) => consumersName(org) },
  'feed.forget': { decide: decideForgetConsumer, actor: ({ org }) => consumersName(org) },
  'feed.trim': { decide: decideTrim, actor: ({ org }) => recipientName(org) },
  'webhook.create': {
    decide: decideWebhook,
    actor: ofWebhook,
    reads: ({ org }) => [WEBHOOKS, consumersName(org), recipientName(org)],
  },
  'webhook.change': { decide: decideChange, actor: ofWebhook, reads: withIndex },
  'webhook.pause': { decide: decidePause, actor: ofWebhook, reads: withIndex },
  'webhook.resume': { decide: decideResume, actor: ofWebhook, reads: withIndex, readsNext: readersOf },
  'webhook.replay': { decide: decideReplay, actor: ofWebhook, reads: withIndex },
  'webhook.rewind': { decide: decideRewind, actor: ofWebhook, reads: withIndex, readsNext: readersOf },
  'webhook.rotate': { decide: decideRotate, actor: ofWebhook, reads: withIndex },
  'webhook.delete': { decide: decideDeleteWebhook, actor: ofWebhook, reads: withIndex, readsNext: readersOf },
  'webhook.report': {
    decide: decideReport,
    actor: ({ report }) => webhookName(report.id),
    reads: ({ report }) => [webhookName(report.id), COURIER],
    readsNext: ({ report }, seen) => readersOf(report, seen).slice(0, 1),
  },
  'courier.claim': { decide: decideCourierHold, actor: () => COURIER },
  'courier.release': { decide: decideRelease, actor: () => COURIER },
  'mailbox.case': { decide: decideCase, actor: ({ recipient }) => recipientName(recipient) },
  'mailbox.migrate': { decide: decideMigrate, actor: ({ source }) => recipientName(source) },
  'mailbox.enter': { decide: decideEnter, actor: ({ target }) => recipientName(target) },
  'mailbox.entered': { decide: decideEntered, actor: ({ source }) => recipientName(source) },
  'mailbox.left': { decide: decideLeft, actor: ({ target }) => recipientName(target) },
  'mailbox.seek': { decide: decideSeek, actor: ({ recipient }) => recipientName(recipient) },
  'mailbox.adopt': { decide: decideAdopt, actor: ({ target }) => recipientName(target) },
  'mailbox.forget': { decide: decideForget, actor: () => COUNTERS, reads: () => [] },
  'mailbox.moved': { decide: decideMoved, actor: ({ source }) => recipientName(source) },
  'mailbox.door': { decide: decideDoor, actor: ({ org }) => recipientName(org) },
  'mailbox.release': { decide: decideReleaseHeld, actor: ({ org }) => recipientName(org) },
  'mailbox.expire': {
    decide: decideExpire,
    actor: ({ org }) => recipientName(org),
    reads: ({ org, case: id }) => [recipientName(org), heldName(id)],
  },
  'mailbox.fallback': { decide: decideFallback, actor: ({ fallback }) => recipientName(fallback.org) },
  'mailbox.withdraw': {
    decide: decideWithdraw,
    actor: ({ org }) => recipientName(org),
    reads: ({ org, case: id }) => [recipientName(org), heldName(id)],
  },
  barrier: { decide: decideBarrier, actor: () => COUNTERS, reads: () => [] },
};

/** Kind and command are of the same row by construction; TypeScript cannot relate the two. */
const rowOf = (command: Command): Row<Kind> => TABLE[command.kind as Kind] as unknown as Row<Kind>;

/** @throws DomainError (a refusal), Missing (records to load) */
export function decide(command: Command, decision: Decision): void {
  if (isReferential(command)) decideReferential(command, decision);
  else rowOf(command).decide(command as CommandOf<Kind>, decision);
}

/** Records the command surely needs. */
export function reads(command: Command): RecordName[] {
  if (isReferential(command)) return readsOfReferential(command);
  const { actor, reads: named } = rowOf(command);
  return named ? named(command as CommandOf<Kind>) : [actor(command as CommandOf<Kind>)];
}

/** Records it needs next, as far as those in memory say so. */
export const readsNext = (command: Command, seen: Seen): RecordName[] =>
  isReferential(command) ? [] : (rowOf(command).readsNext?.(command as CommandOf<Kind>, seen) ?? []);

/** The commands a bundle stands for. */
export const partsOf = (command: Command): Command[] | undefined =>
  command.kind === 'cases.deliver' ? unbundled(command) : undefined;

/** Name of the record the command belongs to. */
export function actorOf(command: Command): string {
  return isReferential(command) ? actorOfReferential(command) : rowOf(command).actor(command as CommandOf<Kind>);
}
