import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import type { Id } from '../../ids.ts';
import type { FolderCase } from '../../records/folder.ts';
import { caseName, folderName } from '../../records/names.ts';
import { filesGone } from '../case/files.ts';
import { afterDays } from '../case/purge.ts';
import { dropWhenDone, dueOf, schedule } from '../links.ts';
import { carry, unlink } from '../send.ts';
import { caseIdOf, casesOf, casesPerTurn } from './cases.ts';

/** Timer: files all of whose links let them go are deleted; the descriptions stay (contract §11). */
export function decidePurge(command: CommandOf<'folder.purge'>, decision: Decision): void {
  const { folder: id } = command;
  const folder = decision.get(folderName(id));
  if (folder === undefined) return;
  const gone = new Set<number>();
  for (const [index, file] of folder.attachments.entries()) {
    if (dueOf(file, folder.purge) <= decision.now) gone.add(index);
  }
  const attachments = folder.attachments.map((file, index) =>
    gone.has(index) ? ({ ...file, status: 'DELETED', blob: null } as const) : file,
  );
  const next = { ...folder, attachments };
  if (gone.size > 0) {
    decision.put(folderName(id), next);
    unlink(
      decision,
      [...gone].map((index) => folder.attachments[index]?.blob ?? null),
    );
    tellCases(decision, id, folder.removed, perCase(folder.attachments, gone));
  }
  schedule(decision, id, next);
}

function perCase(attachments: readonly { recipients: number[] }[], gone: ReadonlySet<number>): Map<number, number[]> {
  const indexes = new Map<number, number[]>();
  for (const file of gone) {
    for (const case_ of attachments[file]?.recipients ?? []) {
      const known = indexes.get(case_);
      if (known) known.push(file);
      else indexes.set(case_, [file]);
    }
  }
  return indexes;
}

/** The cases of this partition beyond what one turn may write are told by messages of their own. */
function tellCases(decision: Decision, id: Id, removed: readonly number[], files: Map<number, number[]>): void {
  const folder = decision.get(folderName(id));
  if (folder === undefined) return;
  const cases = casesOf(decision, id, folder, 0, folder.caseCount);
  const here = [...files.keys()].filter((index) => cases[index]?.home === decision.partition);
  const now = new Set(here.slice(0, casesPerTurn(folder)));
  decision.need(Array.from(now, (index) => caseName(caseIdOf(id, index, cases[index] as FolderCase))));
  for (const [index, indexes] of files) {
    const given = cases[index];
    if (given === undefined || removed.includes(index)) continue;
    const case_ = caseIdOf(id, index, given);
    const gone = { kind: 'case.files-gone', case: case_, indexes } as const;
    if (given.home !== decision.partition) carry(decision, given.home, gone, false);
    else if (now.has(index)) filesGone(decision, case_, indexes);
    else decision.continue({ command: gone });
  }
}

/** Timer: a folder CLOSED long enough is archived; a stale one finds another state and does nothing. */
export function decideArchive(command: CommandOf<'folder.archive'>, decision: Decision): void {
  const { folder: id, deleteDays } = command;
  const { now } = decision;
  const folder = decision.get(folderName(id));
  if (folder === undefined || folder.status !== 'CLOSED' || folder.due === null || folder.due > now) return;
  const due = afterDays(now, deleteDays);
  decision.put(folderName(id), { ...folder, status: 'ARCHIVED', updated: now, due });
  decision.timer(`remove.${id}`, due, { command: { kind: 'folder.remove', folder: id } });
}

/** Timer: an archived folder goes, with or after the last of its cases. */
export function decideRemove(command: CommandOf<'folder.remove'>, decision: Decision): void {
  const folder = decision.get(folderName(command.folder));
  if (folder !== undefined) dropWhenDone(decision, command.folder, folder);
}
