import type { CommandOf } from '../commands.ts';
import type { Decision } from '../decision.ts';
import { type Id, parts } from '../ids.ts';
import type { FolderAttachment, FolderState } from '../records/folder.ts';
import { KEY_LIFE_MS } from '../records/key.ts';
import { caseChunkName, folderName, tombName } from '../records/names.ts';
import { chunksOf } from './folder/cases.ts';
import { unlink } from './send.ts';

/**
 * Links between a folder's files and its cases (contract §11): each case says when its links let the files go; the
 * folder, which alone sees all links of a file, arms the timer that deletes it.
 */
export const purgeTimer = (id: Id): string => `purge.${id}`;

/** When a file may go: when the last of its links lets it. */
export function dueOf(file: FolderAttachment, links: FolderState['purge']): number {
  if (file.status !== 'RECEIVED') return Number.POSITIVE_INFINITY;
  let due = 0;
  for (const index of file.recipients) due = Math.max(due, links[index] ?? Number.POSITIVE_INFINITY);
  return due;
}

/** Arms the timer for the next file that may go. */
export function schedule(decision: Decision, id: Id, folder: FolderState): void {
  let next = Number.POSITIVE_INFINITY;
  for (const file of folder.attachments) next = Math.min(next, dueOf(file, folder.purge));
  const name = purgeTimer(id);
  if (next === Number.POSITIVE_INFINITY) decision.untimer(name);
  else decision.timer(name, next, { command: { kind: 'folder.purge', folder: id } });
}

/** @param due ms, or null: this case wants the files again */
export function setLink(decision: Decision, id: Id, index: number, due: number | null): void {
  const folder = decision.get(folderName(id));
  if (folder === undefined) return;
  const purge = { ...folder.purge };
  if (due === null) delete purge[index];
  else purge[index] = due;
  const next = { ...folder, purge };
  decision.put(folderName(id), next);
  schedule(decision, id, next);
}

/** A case is gone for good; the folder goes with its last case once its own time has come. */
export function noteRemoved(decision: Decision, id: Id, index: number): void {
  const folder = decision.get(folderName(id));
  if (folder === undefined || folder.removed.includes(index)) return;
  const next = { ...folder, removed: [...folder.removed, index].sort((a, b) => a - b) };
  decision.put(folderName(id), next);
  dropWhenDone(decision, id, next);
}

export function dropWhenDone(decision: Decision, id: Id, folder: FolderState): void {
  if (folder.status !== 'ARCHIVED' || folder.due === null || folder.due > decision.now) return;
  if (folder.removed.length < folder.caseCount) return;
  dropFolder(decision, id, folder);
  bury(decision, id);
  unlink(
    decision,
    folder.attachments.map((file) => file.blob),
  );
  decision.count('folders_removed');
}

/** As long as the folder's idempotency key may be repeated, it is known that it was there. */
function bury(decision: Decision, id: Id): void {
  const end = parts(id).ms + KEY_LIFE_MS;
  if (decision.now >= end) return;
  decision.put(tombName(id), {});
  decision.timer(`tomb.${id}`, end, { command: { kind: 'folder.forget', folder: id } });
}

export function dropFolder(decision: Decision, id: Id, folder: FolderState): void {
  for (let chunk = 0; chunk < chunksOf(folder); chunk += 1) decision.remove(caseChunkName(id, chunk));
  decision.remove(folderName(id));
  decision.untimer(purgeTimer(id));
}

export const decideLinks = (command: CommandOf<'folder.links'>, decision: Decision): void =>
  setLink(decision, command.folder, command.index, command.due);

export const decideCaseRemoved = (command: CommandOf<'folder.case-removed'>, decision: Decision): void =>
  noteRemoved(decision, command.folder, command.index);
