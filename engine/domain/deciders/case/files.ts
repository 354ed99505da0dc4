import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { derive, folderOf, type Id, KIND, parts } from '../../ids.ts';
import type { CaseState } from '../../records/case.ts';
import type { EventState } from '../../records/event.ts';
import { caseName, eventChunkName } from '../../records/names.ts';
import { noteRemoved, purgeTimer } from '../links.ts';
import { listCase } from '../mailbox/notify.ts';
import { caseFor } from '../rights.ts';
import { carry, unlink } from '../send.ts';
import { mapEvents } from './events.ts';
import { afterDays } from './purge.ts';
import { link, markOf } from './status.ts';

/** The folder deleted these files. */
export function filesGone(decision: Decision, id: Id, indexes: readonly number[]): void {
  const state = decision.get(caseName(id));
  if (state === undefined) return;
  const attachments = state.attachments.map((file) =>
    indexes.includes(file.index) ? ({ ...file, status: 'DELETED', blob: null } as const) : file,
  );
  decision.put(caseName(id), { ...state, attachments });
}

export const decideFilesGone = (command: CommandOf<'case.files-gone'>, decision: Decision): void =>
  filesGone(decision, command.case, command.indexes);

/** Deletes the files of the events of a case that `may` go (contract §11). */
function withoutEventFiles(
  decision: Decision,
  id: Id,
  state: CaseState,
  may: (event: EventState) => boolean,
): CaseState {
  const blobs: (string | null)[] = [];
  const next = mapEvents(decision, id, state, (event): EventState => {
    if (event.attachments.every((file) => file.blob === null) || !may(event)) return event;
    blobs.push(...event.attachments.map((file) => file.blob));
    const attachments = event.attachments.map((file) =>
      file.status === 'RECEIVED' ? ({ ...file, status: 'DELETED', blob: null } as const) : file,
    );
    return { ...event, attachments };
  });
  unlink(decision, blobs);
  return next;
}

/**
 * Timer: the files of the case's events go, unless the case was reopened. Those of an event sent later have the delay
 * of the démarche from that day on, or its addressee could never fetch them; those of one in progress are not sent yet.
 */
export function decidePurge(command: CommandOf<'case.purge'>, decision: Decision): void {
  const { case: id, fileDays } = command;
  const state = decision.get(caseName(id));
  if (state === undefined || state.purge === null || state.purge > decision.now) return;
  let next = Number.POSITIVE_INFINITY;
  const bare = withoutEventFiles(decision, id, state, (event) => {
    if (event.status === 'IN_PROGRESS') return false;
    const due = afterDays(event.updated ?? parts(event.id).ms, fileDays);
    if (due > decision.now) next = Math.min(next, due);
    return due <= decision.now;
  });
  decision.put(caseName(id), bare);
  if (next < Number.POSITIVE_INFINITY) decision.timer(purgeTimer(id), next, { command });
}

/** Timer: a case CLOSED long enough is archived: not modifiable, files gone (contract §11). */
export function decideArchive(command: CommandOf<'case.archive'>, decision: Decision): void {
  const { case: id, closed, deleteDays } = command;
  const { now } = decision;
  const state = decision.get(caseName(id));
  if (state === undefined || state.status !== 'CLOSED' || state.closed !== closed) return;
  const purge = Math.min(state.purge ?? now, now);
  const bare = withoutEventFiles(decision, id, state, () => true);
  decision.put(caseName(id), { ...bare, status: 'ARCHIVED', updated: now, purge });
  decision.untimer(purgeTimer(id));
  decision.timer(`remove.${id}`, afterDays(now, deleteDays), { command: { kind: 'case.remove', case: id } });
  if (purge !== state.purge) link(decision, id, purge);
}

/** Timer: an archived case is removed; figures stay in the counters. Its folder is told. */
export function decideRemove(command: CommandOf<'case.remove'>, decision: Decision): void {
  const { case: id } = command;
  const state = decision.get(caseName(id));
  if (state === undefined || state.status !== 'ARCHIVED') return;
  for (let chunk = 0; chunk < state.eventChunks; chunk += 1) decision.remove(eventChunkName(id, chunk));
  decision.remove(caseName(id));
  if (state.visible) listCase(decision, id, state, null);
  decision.count('cases_removed');
  const folder = folderOf(id);
  const { index, folderHome } = parts(id);
  if (folderHome === decision.partition) noteRemoved(decision, folder, index);
  else carry(decision, folderHome, { kind: 'folder.case-removed', folder, index }, false);
}

/** PUT /idsPurged for one case (contract §6): marks the portal's copies as gone; unknown files are ignored. */
export function decidePurged(command: CommandOf<'case.purged'>, decision: Decision): void {
  const { case: id } = command;
  const state = caseFor(decision, id, command.caller);
  const purged = new Set<Id>(command.attachments);
  const folder = folderOf(id);
  const home = parts(folder).home;
  const attachments = state.attachments.map((file) =>
    purged.has(derive(folder, KIND.attachment, home, file.index)) ? { ...file, portalPurged: true } : file,
  );
  const next = mapEvents(decision, id, { ...state, attachments }, (event) => markPurged(event, purged));
  decision.put(caseName(id), next);
  if (next.visible && markOf(next) !== markOf(state)) listCase(decision, id, next, markOf(next));
  decision.reply(204);
}

function markPurged(event: EventState, purged: ReadonlySet<Id>): EventState {
  const { home } = parts(event.id);
  const isPurged = event.attachments.map((_, index) => purged.has(derive(event.id, KIND.eventAttachment, home, index)));
  if (!isPurged.includes(true)) return event;
  const attachments = event.attachments.map((file, index) =>
    isPurged[index] ? { ...file, portalPurged: true } : file,
  );
  return { ...event, attachments };
}
