import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { folderOf, type Id, parts } from '../../ids.ts';
import type { FolderCase, FolderState } from '../../records/folder.ts';
import { caseName, folderName, UNFINISHED } from '../../records/names.ts';
import { archiveTimer } from '../case/status.ts';
import { dropFolder, purgeTimer } from '../links.ts';
import { listCase } from '../mailbox/notify.ts';
import { folderFor } from '../rights.ts';
import { awaitPartitions, carry, unlink } from '../send.ts';
import { caseIdOf, casesOf } from './cases.ts';

/** Requests that wait for one deletion, repeated by a client that had no answer: they are in the folder's record. */
const MAX_WAITING = 64;
const KEPT = 'Folder has an event or a notification: it can no longer be deleted';

/**
 * DELETE folder (contract §6): only while HUBEE_RECEIVED, without event or notification. Nearly always no case has a
 * record yet, or only in this partition: then it is decided at once. Cases opened early in other partitions are asked
 * about; each is held until all have answered, so that no event comes in between, then it goes or is let go.
 */
export function decideDelete(command: CommandOf<'folder.delete'>, decision: Decision): void {
  const { folder: id, caller, end } = command;
  if (end) {
    awaitPartitions(decision, end.homes);
    if (end.kept) decision.reply(400, { message: KEPT });
    else decision.reply(204);
    return;
  }
  const folder = folderFor(decision, id, caller);
  if (folder.status !== 'HUBEE_RECEIVED') {
    decision.refuse('rule', `Folder is ${folder.status}: only a folder in HUBEE_RECEIVED can be deleted`);
  }
  const waiter = { caller, replyTo: decision.replyTo ?? null };
  if (folder.deleting) {
    if (folder.deleting.waiting.length >= MAX_WAITING) decision.refuse('busy');
    const deleting = { ...folder.deleting, waiting: [...folder.deleting.waiting, waiter] };
    decision.put(folderName(id), { ...folder, deleting });
    return;
  }
  const { here, elsewhere } = openedOf(decision, id, folder);
  if (!here.every((case_) => isBare(decision, case_))) decision.refuse('rule', KEPT);
  if (elsewhere.length === 0) {
    drop(decision, id, folder, here);
    decision.reply(204);
    return;
  }
  for (const case_ of here) hold(decision, case_);
  for (const case_ of elsewhere) carry(decision, parts(case_).home, { kind: 'case.hold', case: case_ }, false);
  const deleting = { awaited: elsewhere.length, kept: false, waiting: [waiter] };
  decision.put(folderName(id), { ...folder, deleting });
}

/** Cases with a record of their own, by whether it lies here. */
function openedOf(decision: Decision, id: Id, folder: FolderState): { here: Id[]; elsewhere: Id[] } {
  const cases = folder.opened.length > 0 ? casesOf(decision, id, folder, 0, folder.caseCount) : [];
  const opened = folder.opened.map((index) => caseIdOf(id, index, cases[index] as FolderCase));
  const here = opened.filter((case_) => parts(case_).home === decision.partition);
  decision.need(here.map(caseName));
  return { here, elsewhere: opened.filter((case_) => !here.includes(case_)) };
}

/** Without event; whatever its status, nobody was told of it before the deposit is complete. */
function isBare(decision: Decision, case_: Id): boolean {
  const state = decision.get(caseName(case_));
  return state === undefined || (state.events.length === 0 && state.eventChunks === 0);
}

function drop(decision: Decision, id: Id, folder: FolderState, opened: readonly Id[]): void {
  for (const case_ of opened) dropCase(decision, case_);
  decision.drop(UNFINISHED, id);
  dropFolder(decision, id, folder);
  unlink(
    decision,
    folder.attachments.map((file) => file.blob),
  );
}

function dropCase(decision: Decision, case_: Id): void {
  const state = decision.get(caseName(case_));
  // Until November 2026 a status could show a case before its deposit was complete.
  if (state?.visible) listCase(decision, case_, state, null);
  decision.remove(caseName(case_));
  decision.untimer(archiveTimer(case_));
  decision.untimer(purgeTimer(case_));
}

function hold(decision: Decision, case_: Id): void {
  const state = decision.get(caseName(case_));
  if (state) decision.put(caseName(case_), { ...state, held: true });
}

function letGo(decision: Decision, case_: Id): void {
  const state = decision.get(caseName(case_));
  if (!state?.held) return;
  const { held: _, ...free } = state;
  decision.put(caseName(case_), free);
}

export function decideHold({ case: case_ }: CommandOf<'case.hold'>, decision: Decision): void {
  const bare = isBare(decision, case_);
  if (bare) hold(decision, case_);
  carry(decision, parts(case_).folderHome, { kind: 'folder.held', folder: folderOf(case_), bare }, false);
}

export function decideUnhold({ case: case_, gone }: CommandOf<'case.unhold'>, decision: Decision): void {
  if (gone) dropCase(decision, case_);
  else letGo(decision, case_);
}

/** Once the last home has answered, the folder goes with its cases, or stays as it was; whoever waits is told. */
export function decideHeld(command: CommandOf<'folder.held'>, decision: Decision): void {
  const { folder: id, bare } = command;
  const folder = decision.get(folderName(id));
  if (!folder?.deleting) return;
  const { waiting, ...counted } = folder.deleting;
  const awaited = counted.awaited - 1;
  const kept = counted.kept || !bare;
  if (awaited > 0) {
    decision.put(folderName(id), { ...folder, deleting: { awaited, kept, waiting } });
    return;
  }
  const { here, elsewhere } = openedOf(decision, id, folder);
  for (const case_ of elsewhere) {
    carry(decision, parts(case_).home, { kind: 'case.unhold', case: case_, gone: !kept }, false);
  }
  if (kept) {
    for (const case_ of here) letGo(decision, case_);
    const { deleting: _, ...stays } = folder;
    decision.put(folderName(id), stays);
  } else drop(decision, id, folder, here);
  const homes = [...new Set(elsewhere.map((case_) => parts(case_).home))];
  for (const { caller, replyTo } of waiting) {
    const next = { kind: 'folder.delete', folder: id, caller, end: { kept, homes } } as const;
    decision.continue(replyTo === null ? { command: next } : { command: next, replyTo });
  }
}
