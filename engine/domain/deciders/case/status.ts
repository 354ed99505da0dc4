import type { Caller, PurgeSettings } from '../../commands/contents.ts';
import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { folderOf, type Id, parts } from '../../ids.ts';
import type { OrgKey } from '../../organization.ts';
import type { CaseState, CaseStatus } from '../../records/case.ts';
import { CASE_MARK, caseName, UNFETCHABLE } from '../../records/names.ts';
import { withdrawn } from '../hold/withdraw.ts';
import { purgeTimer, setLink } from '../links.ts';
import { tellFeed } from '../mailbox/news.ts';
import { listCase } from '../mailbox/notify.ts';
import { openCaseFor } from '../rights.ts';
import { carry } from '../send.ts';
import { unmoved } from './moved.ts';
import { afterDays, purgeAfter } from './purge.ts';

export const archiveTimer = (id: Id): string => `archive.${id}`;

/** Tells the folder what the links of this case say now. */
export function link(decision: Decision, id: Id, due: number | null): void {
  const folder = folderOf(id);
  const { index, folderHome } = parts(id);
  if (folderHome === decision.partition) setLink(decision, folder, index, due);
  else carry(decision, folderHome, { kind: 'folder.links', folder, index, due }, false);
}

/** A file the portal may have a copy of, and has not said it purged (contract §6, attachmentsIdsForPurge). */
export const isLeft = ({ status, portalPurged }: { status: string; portalPurged: boolean }): boolean =>
  (status === 'RECEIVED' || status === 'DELETED') && !portalPurged;

/**
 * What the portal still has to purge of a case (contract §6, attachmentsIdsForPurge). One with older events stays
 * marked as closed: whether their files are all purged is found when the list is read.
 */
export function markOf(state: CaseState): number {
  if (state.status !== 'CLOSED' && state.status !== 'ARCHIVED') return CASE_MARK.open;
  const left = (files: Parameters<typeof isLeft>[0][]): boolean => files.some(isLeft);
  const some = left(state.attachments) || state.events.some((event) => left(event.attachments));
  return some || state.eventChunks > 0 ? CASE_MARK.closed : CASE_MARK.purged;
}

const hasEventFiles = (state: CaseState): boolean =>
  state.eventChunks > 0 || state.events.some((event) => event.attachments.some((file) => file.blob !== null));

/**
 * Arms or disarms the deletion of the files of the case's events, which follow its purge (contract §11). Armed at the
 * upload it would take the files of an answer that comes late before they are sent: sending arms it.
 */
export function scheduleEventFiles(decision: Decision, id: Id, state: CaseState, { fileDays }: PurgeSettings): void {
  if (state.purge === null) decision.untimer(purgeTimer(id));
  else if (hasEventFiles(state)) {
    decision.timer(purgeTimer(id), state.purge, { command: { kind: 'case.purge', case: id, fileDays } });
  }
}

/** Files are as they are at completion: one that is not there then never comes (contract §15.16). */
const lacksFile = ({ attachments }: CaseState): boolean =>
  attachments.some(({ status }) => status === 'REJECTED' || status === 'CORRUPTED');

/** Keeps the list of cases shown and not closed of which a file cannot be fetched, for supervision. */
export function watchFiles(decision: Decision, id: Id, state: CaseState): void {
  if (!lacksFile(state)) return;
  if (state.status === 'CLOSED') decision.drop(UNFETCHABLE, id);
  else decision.add(UNFETCHABLE, state.transmitted ?? decision.now, id);
}

/**
 * The case with that status, with all that follows from it (contract §§8.2, 9, 11) except notifications: closing,
 * archiving, purge. The same status again changes nothing. Visible it becomes by the end of its deposit alone, whatever
 * status its sender gave it before. The caller puts the record.
 */
export function withStatus(
  decision: Decision,
  id: Id,
  state: CaseState,
  status: CaseStatus,
  purge: PurgeSettings,
): CaseState {
  if (state.status === status) return state;
  const { now } = decision;
  const next = {
    ...withdrawn(decision, id, state, status),
    status,
    updated: now,
    purge: purgeAfter(status, state.purge, purge, now),
  };
  if (status === 'HUBEE_NOTIFIED') {
    next.transmitted = state.transmitted ?? now;
    next.closed = null;
  }
  if (status === 'CLOSED') {
    next.closed = now;
    const command = { kind: 'case.archive', case: id, closed: now, deleteDays: purge.deleteDays } as const;
    decision.timer(archiveTimer(id), afterDays(now, purge.archiveDays), { command });
    // Only HUBEE_NOTIFIED reopens (contract §8.2): after any other status the date of the closing stays (record 017).
  } else if (state.status === 'CLOSED') decision.untimer(archiveTimer(id));
  if (next.purge !== state.purge) {
    link(decision, id, next.purge);
    scheduleEventFiles(decision, id, next, purge);
  }
  const mark = markOf(next);
  if (next.visible && mark !== markOf(state)) listCase(decision, id, next, mark);
  if (next.visible && (status === 'CLOSED') !== (state.status === 'CLOSED')) watchFiles(decision, id, next);
  return next;
}

/** Whom a change of status is news for: the side that did not make it; both when it was the hub's administrator. */
const othersOf = (state: CaseState, { org }: Caller): OrgKey[] =>
  [...new Set([state.sender, state.recipient])].filter((side) => side !== org);

/** PATCH case (contract §6): creates no notification, but the feed tells of it. */
export function decidePatch(command: CommandOf<'case.patch'>, decision: Decision): void {
  const state = openCaseFor(decision, command.case, command.caller);
  const { case: id, status } = command;
  unmoved(decision, state, command.seen);
  if (status !== null && status !== state.status) {
    const next = withStatus(decision, id, state, status, command.purge);
    decision.put(caseName(id), next);
    const news = { type: 'status', case: id, event: null, status, process: state.process } as const;
    for (const side of othersOf(state, command.caller))
      if (side !== state.recipient || next.visible) tellFeed(decision, side, news);
  }
  decision.reply(204);
}
