import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { type Id, parts } from '../../ids.ts';
import { partitionOf } from '../../placement.ts';
import type { FolderState } from '../../records/folder.ts';
import { folderName, type RecordName, recipientName } from '../../records/names.ts';
import { afterDays } from '../case/purge.ts';
import { stayingFolderFor } from '../rights.ts';
import { awaitCompletion, awaitShown, complete } from './complete.ts';

export const folderArchiveTimer = (id: Id): string => `archive.${id}`;

/** PATCH folder (contract §§6, 8.1). The cases follow HUBEE_COMPLETED only. */
export function decidePatch(command: CommandOf<'folder.patch'>, decision: Decision): void {
  const { folder: id, status } = command;
  const folder = stayingFolderFor(decision, id, command.caller);
  if (folder.status === 'ARCHIVED') decision.refuse('rule', 'Folder is archived and accepts no change');
  if (status === 'ARCHIVED' || status === 'HUBEE_RECEIVED') {
    decision.refuse('rule', `Folder status ${status} is set by the hub only`);
  }
  if (status === 'HUBEE_COMPLETED') patchCompleted(command, decision, folder);
  else if (folder.status === 'HUBEE_RECEIVED') {
    decision.refuse('rule', `Folder status ${status} is not possible before HUBEE_COMPLETED`);
  } else if (folder.status === 'HUBEE_COMPLETED') {
    awaitCompletion(decision, command);
  } else {
    patchLater(command, decision, folder);
    decision.reply(204);
  }
}

/** A completion tells the recipients of its cases: those whose mailbox lies with the folder. */
export function recipientsOf(
  { folder: id, status }: CommandOf<'folder.patch'>,
  seen: (name: RecordName) => unknown,
): RecordName[] {
  const folder = seen(folderName(id)) as FolderState | undefined;
  if (status !== 'HUBEE_COMPLETED' || folder?.status !== 'HUBEE_RECEIVED') return [];
  const home = parts(id).home;
  const here = folder.cases.filter(({ recipient }) => partitionOf(recipient) === home);
  return here.map(({ recipient }) => recipientName(recipient));
}

/** Repeated, it has no effect but to wait for what the first one sent; while that goes on, it waits its turn. */
function patchCompleted(command: CommandOf<'folder.patch'>, decision: Decision, folder: FolderState): void {
  const { folder: id, mails, purge, hold } = command;
  const { accepted = decision.now } = command;
  if (folder.status === 'HUBEE_RECEIVED')
    complete(decision, id, folder, { mails, purge, ...(hold && { hold }), accepted });
  else if (folder.status === 'HUBEE_COMPLETED') awaitCompletion(decision, command);
  else {
    awaitShown(decision, id, folder, purge);
    decision.reply(204);
  }
}

/** The sender's bookkeeping: stored, no condition on the cases, nobody told. */
function patchLater(command: CommandOf<'folder.patch'>, decision: Decision, folder: FolderState): void {
  const { folder: id, status, purge } = command;
  const { now } = decision;
  let { closed, due } = folder;
  if (status === 'HUBEE_NOTIFIED') closed = null;
  else if (command.closed !== null) closed = command.closed;
  else if (status === 'CLOSED' && folder.status !== 'CLOSED') closed = now;
  if (status === folder.status && closed === folder.closed) return;
  if (status === 'CLOSED' && folder.status !== 'CLOSED') {
    due = afterDays(now, purge.archiveDays);
    const archive = { kind: 'folder.archive', folder: id, deleteDays: purge.deleteDays } as const;
    decision.timer(folderArchiveTimer(id), due, { command: archive });
  } else if (status !== 'CLOSED' && folder.status === 'CLOSED') {
    due = null;
    decision.untimer(folderArchiveTimer(id));
  }
  decision.put(folderName(id), { ...folder, status, closed, due, updated: now });
}
