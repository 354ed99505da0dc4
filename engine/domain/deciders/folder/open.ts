import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { folderOf, parts } from '../../ids.ts';
import { folderName } from '../../records/names.ts';
import { deliver } from '../case/deliver.ts';
import { stayingFolderFor } from '../rights.ts';
import { awaitPartitions, carry } from '../send.ts';
import { caseIdOf, casesOf, contentOf } from './cases.ts';
import { awaitCompletion } from './complete.ts';

/**
 * Creates the record of a case before its folder is completed, so that it can take an event or a status. Recipients
 * know no such case yet. On a completed folder it only waits until the case has its record, for the whole completion
 * where that goes on.
 */
export function decideOpen(command: CommandOf<'folder.open'>, decision: Decision): void {
  const { case: case_, caller } = command;
  const id = folderOf(case_);
  const { index } = parts(case_);
  if (caller.scope === 'SI' || decision.get(folderName(id)) === undefined) decision.refuse('caseUnknown');
  const folder = stayingFolderFor(decision, id, caller);
  const [given] = casesOf(decision, id, folder, index, index + 1);
  if (given === undefined || caseIdOf(id, index, given) !== case_ || folder.removed.includes(index)) {
    decision.refuse('caseUnknown');
  }
  if (folder.status === 'HUBEE_COMPLETED') {
    awaitCompletion(decision, command);
    return;
  }
  if (folder.status === 'HUBEE_RECEIVED' && !folder.opened.includes(index)) {
    decision.put(folderName(id), { ...folder, opened: [...folder.opened, index].sort((a, b) => a - b) });
    const delivery = {
      kind: 'case.deliver',
      case: case_,
      content: contentOf(folder, given, []),
      show: false,
      opened: false,
      staged: false,
      mail: null,
      purge: null,
    } as const;
    if (given.home === decision.partition) deliver(decision, delivery);
    else carry(decision, given.home, delivery, true);
  } else awaitPartitions(decision, [given.home]);
  decision.reply(204);
}
