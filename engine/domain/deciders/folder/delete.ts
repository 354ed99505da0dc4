import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { parts } from '../../ids.ts';
import type { FolderCase } from '../../records/folder.ts';
import { caseName } from '../../records/names.ts';
import { archiveTimer } from '../case/status.ts';
import { dropFolder, purgeTimer } from '../links.ts';
import { listCase } from '../mailbox/notify.ts';
import { folderFor } from '../rights.ts';
import { unlink } from '../send.ts';
import { caseIdOf, casesOf } from './cases.ts';

/**
 * DELETE folder (contract §6): only while HUBEE_RECEIVED, without event or notification. Nearly always no case has a
 * record yet. One opened early in this partition is looked at; one opened in another partition is held to have had
 * its event, and the folder is kept: to know, this decision would have to wait for that partition.
 */
export function decideDelete(command: CommandOf<'folder.delete'>, decision: Decision): void {
  const { folder: id } = command;
  const folder = folderFor(decision, id, command.caller);
  if (folder.status !== 'HUBEE_RECEIVED') {
    decision.refuse('rule', `Folder is ${folder.status}: only a folder in HUBEE_RECEIVED can be deleted`);
  }
  const cases = folder.opened.length > 0 ? casesOf(decision, id, folder, 0, folder.caseCount) : [];
  const opened = folder.opened.map((index) => caseIdOf(id, index, cases[index] as FolderCase));
  decision.need(opened.filter((case_) => parts(case_).home === decision.partition).map(caseName));
  for (const case_ of opened) {
    const state = parts(case_).home === decision.partition ? decision.get(caseName(case_)) : undefined;
    if (state === undefined || state.events.length > 0 || state.eventChunks > 0) {
      decision.refuse('rule', 'Folder has an event or a notification: it can no longer be deleted');
    }
    if (state.visible) listCase(decision, case_, state, null);
    decision.remove(caseName(case_));
    decision.untimer(archiveTimer(case_));
    decision.untimer(purgeTimer(case_));
  }
  dropFolder(decision, id, folder);
  unlink(
    decision,
    folder.attachments.map((file) => file.blob),
  );
  decision.reply(204);
}
