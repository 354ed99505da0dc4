import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { MAX_INDEX } from '../../ids.ts';
import { CASES_INLINE, CASES_PER_CHUNK, type FolderAttachment } from '../../records/folder.ts';
import { caseChunkName, folderName } from '../../records/names.ts';
import { folderFor } from '../rights.ts';
import { unlink } from '../send.ts';

/** Cases, or attachments, one folder may have: as many as its ids can number. Refused beyond, before anything is written. */
export const MAX_PER_FOLDER = MAX_INDEX + 1;

/** POST folder (contract §6): one record, whatever the number of cases; the same id again changes nothing. */
export function decideCreate(command: CommandOf<'folder.create'>, decision: Decision): void {
  const { folder: id, cases, sender, process, externalId, applicant, partnerInfo } = command;
  if (Math.max(cases.length, command.attachments.length) > MAX_PER_FOLDER) {
    decision.refuse('tooLarge', `A folder holds at most ${MAX_PER_FOLDER} cases and as many attachments`);
  }
  if (decision.get(folderName(id)) === undefined) {
    const attachments = command.attachments.map(
      (file): FolderAttachment => ({ ...file, status: 'PENDING', sha256: null, blob: null }),
    );
    decision.put(folderName(id), {
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
    });
    for (let from = CASES_INLINE, chunk = 0; from < cases.length; from += CASES_PER_CHUNK, chunk += 1) {
      decision.put(caseChunkName(id, chunk), { cases: cases.slice(from, from + CASES_PER_CHUNK) });
    }
    decision.count('folders');
  }
  decision.reply(201);
}

/** PUT attachment (contract §6), after its bytes are stored; refused, they are the API's to delete. */
export function decideUpload(command: CommandOf<'folder.upload'>, decision: Decision): void {
  const { folder: id, index, upload } = command;
  const folder = folderFor(decision, id, command.caller);
  const before = folder.attachments[index] ?? decision.refuse('attachmentUnknown');
  if (folder.status !== 'HUBEE_RECEIVED') {
    decision.refuse('rule', `Folder is ${folder.status}: its attachments can no longer be uploaded`);
  }
  const attachments = folder.attachments.with(index, { ...before, ...upload });
  decision.put(folderName(id), { ...folder, attachments });
  if (before.blob !== upload.blob) unlink(decision, [before.blob]);
  decision.reply(204);
}
