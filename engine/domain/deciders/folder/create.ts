import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { parts } from '../../ids.ts';
import { CASES_INLINE, CASES_PER_CHUNK, type FolderAttachment, type FolderState } from '../../records/folder.ts';
import { caseChunkName, folderName, UNFINISHED } from '../../records/names.ts';
import { stayingFolderFor } from '../rights.ts';
import { unlink } from '../send.ts';

/** What one folder may have; beyond, it is refused before anything is written. */
/** A third of what ids can number, more than half of all recipients: each is a case, a notification and an e-mail. */
export const MAX_CASES = 5000;
/** They live in the folder's record, which each upload reads and writes whole. */
export const MAX_ATTACHMENTS = 1000;
/** Files described over all its cases: each case's record describes its own, some 300 bytes each. */
export const MAX_LINKS = 100_000;

/** Why a folder is too large; undefined when it is not. */
export function excessOf(
  cases: number,
  attachments: readonly { recipients: readonly unknown[] }[],
): string | undefined {
  if (cases > MAX_CASES) return `A folder holds at most ${MAX_CASES} cases`;
  if (attachments.length > MAX_ATTACHMENTS) return `A folder holds at most ${MAX_ATTACHMENTS} attachments`;
  const links = attachments.reduce((sum, { recipients }) => sum + recipients.length, 0);
  return links > MAX_LINKS
    ? `A folder holds at most ${MAX_LINKS} recipients of attachments, all attachments together`
    : undefined;
}

/** POST folder (contract §6): one record, whatever the number of cases; the same id again changes nothing. */
export function decideCreate(command: CommandOf<'folder.create'>, decision: Decision): void {
  if (decision.get(folderName(command.folder)) === undefined) {
    const attachments = command.attachments.map(
      (file): FolderAttachment => ({ ...file, status: 'PENDING', sha256: null, blob: null }),
    );
    putFolder(command, attachments, decision);
  } else refuseExcess(command, decision);
  decision.reply(201);
}

type New = CommandOf<'folder.create' | 'folder.deposit'>;

function refuseExcess({ cases, attachments }: New, decision: Decision): void {
  const excess = excessOf(cases.length, attachments);
  if (excess !== undefined) decision.refuse('tooLarge', excess);
}

/** A folder as it is before its completion. @throws DomainError tooLarge */
export function putFolder(command: New, attachments: FolderAttachment[], decision: Decision): FolderState {
  refuseExcess(command, decision);
  const { folder: id, cases, sender, process, externalId, applicant, partnerInfo } = command;
  const folder: FolderState = {
    sender,
    process,
    externalId,
    applicant,
    status: 'HUBEE_RECEIVED',
    updated: null,
    closed: null,
    partnerInfo,
    cases: cases.slice(0, CASES_INLINE),
    caseCount: cases.length,
    attachments,
    opened: [],
    purge: {},
    removed: [],
    due: null,
  };
  decision.put(folderName(id), folder);
  for (let from = CASES_INLINE, chunk = 0; from < cases.length; from += CASES_PER_CHUNK, chunk += 1) {
    decision.put(caseChunkName(id, chunk), { cases: cases.slice(from, from + CASES_PER_CHUNK) });
  }
  decision.add(UNFINISHED, parts(id).ms, id);
  decision.count('folders');
  return folder;
}

/** PUT attachment (contract §6), after its bytes are stored; refused, they are the API's to delete. */
export function decideUpload(command: CommandOf<'folder.upload'>, decision: Decision): void {
  const { folder: id, index, upload } = command;
  const folder = stayingFolderFor(decision, id, command.caller);
  const before = folder.attachments[index] ?? decision.refuse('attachmentUnknown');
  if (folder.status !== 'HUBEE_RECEIVED') {
    decision.refuse('rule', `Folder is ${folder.status}: its attachments can no longer be uploaded`);
  }
  const attachments = folder.attachments.with(index, { ...before, ...upload });
  decision.put(folderName(id), { ...folder, attachments });
  if (before.blob !== upload.blob) unlink(decision, [before.blob]);
  decision.reply(204);
}
