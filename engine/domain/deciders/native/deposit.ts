import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { parts } from '../../ids.ts';
import { partitionOf } from '../../placement.ts';
import { CASES_INLINE, type FolderState } from '../../records/folder.ts';
import { folderName, type RecordName, recipientName, tombName } from '../../records/names.ts';
import { awaitShown, complete } from '../folder/complete.ts';
import { putFolder } from '../folder/create.ts';
import { onBehalf, unlink } from '../send.ts';

type Deposit = CommandOf<'folder.deposit'>;

/** The folder, and the mailboxes that lie with it. */
export function readsOfDeposit({ folder, cases, repeated }: Deposit): RecordName[] {
  const { home } = parts(folder);
  const names = new Set<RecordName>([folderName(folder)]);
  for (const { recipient } of cases.slice(0, CASES_INLINE)) {
    if (partitionOf(recipient) === home) names.add(recipientName(recipient));
  }
  if (repeated) names.add(tombName(folder));
  return [...names];
}

/** Fills and completes a folder in one decision; many recipients in chunks, as any completion. */
export function decideDeposit(command: Deposit, decision: Decision): void {
  const { folder: id, mails, purge, hold } = command;
  const known = decision.get(folderName(id));
  if (known !== undefined) repeat(command, decision, known);
  else {
    if (command.repeated && decision.get(tombName(id)) !== undefined) {
      decision.refuse('gone', 'The folder of this key has been removed since');
    }
    // A recipient comes for it minutes or days later, and reads it from the store.
    decision.brief = true;
    const folder = putFolder(command, command.attachments, decision);
    // The id of a repeated one is of an earlier request, which nobody accepted.
    const accepted = command.repeated ? decision.now : parts(id).ms;
    complete(decision, id, folder, { mails, purge, ...(hold && { hold }), accepted });
  }
}

/** The folder is there: the answer waits for what the first deposit sent, and bytes sent again go. */
function repeat({ folder: id, attachments, purge }: Deposit, decision: Decision, known: FolderState): void {
  const held = new Set(known.attachments.map(({ blob }) => blob));
  unlink(
    decision,
    attachments.map(({ blob }) => blob).filter((blob) => !held.has(blob)),
  );
  if (known.status === 'HUBEE_COMPLETED') {
    const caller = { scope: 'OSL', org: known.sender } as const;
    const wait = { kind: 'folder.patch', folder: id, caller, status: 'HUBEE_COMPLETED', closed: null } as const;
    decision.continue(onBehalf(decision, { ...wait, mails: [], purge }));
    return;
  }
  awaitShown(decision, id, known, purge);
  decision.reply(201);
}

export function decideForgetFolder({ folder }: CommandOf<'folder.forget'>, decision: Decision): void {
  decision.remove(tombName(folder));
}
