import type { CaseContent } from '../../commands/contents.ts';
import type { Decision } from '../../decision.ts';
import { derive, type Id, KIND } from '../../ids.ts';
import {
  CASES_INLINE,
  CASES_PER_CHUNK,
  type FolderAttachment,
  type FolderCase,
  type FolderState,
} from '../../records/folder.ts';
import { caseChunkName } from '../../records/names.ts';

export const chunksOf = (folder: FolderState): number =>
  Math.ceil(Math.max(folder.caseCount - CASES_INLINE, 0) / CASES_PER_CHUNK);

/** Cases `from` to `to` (excluded) of a folder, from its record and its chunks. */
export function casesOf(decision: Decision, id: Id, folder: FolderState, from: number, to: number): FolderCase[] {
  const found = folder.cases.slice(from, to);
  if (to <= CASES_INLINE) return found;
  const first = Math.max(Math.floor((from - CASES_INLINE) / CASES_PER_CHUNK), 0);
  const end = Math.ceil((to - CASES_INLINE) / CASES_PER_CHUNK);
  const names = Array.from({ length: Math.max(end - first, 0) }, (_, n) => caseChunkName(id, first + n));
  decision.need(names);
  for (const [n, name] of names.entries()) {
    const offset = CASES_INLINE + (first + n) * CASES_PER_CHUNK;
    const cases = decision.get(name)?.cases ?? [];
    found.push(...cases.slice(Math.max(from - offset, 0), to - offset));
  }
  return found;
}

/** Cases one turn creates or shows at most, and one message brings: bounds how long others wait for it. */
export const CHUNK = 256;
/** Files of cases one turn writes, about: some 300 bytes each. */
const FILES_PER_TURN = 4000;

/** Cases of this folder one turn may write: fewer when one of them has very many files. */
export function casesPerTurn(folder: FolderState): number {
  if (folder.attachments.length * CHUNK <= FILES_PER_TURN) return CHUNK;
  const files = new Uint16Array(folder.caseCount);
  for (const { recipients } of folder.attachments) {
    for (const recipient of recipients) files[recipient] = (files[recipient] as number) + 1;
  }
  const most = files.reduce((max, count) => Math.max(max, count), 1);
  return Math.min(CHUNK, Math.max(1, Math.floor(FILES_PER_TURN / most)));
}

/** What one turn sends other partitions of a folder, bytes about: it writes as much again of its own. */
const SENT_PER_TURN = 1_000_000;
/** A case in such a message beside its texts, and what all cases of the message share beside their files, about. */
const CASE_BYTES = 100;
const SHARED_BYTES = 300;
const FILE_BYTES = 300;

/**
 * Whether the completion of a folder of more than `size` cases is still one turn's work: those that live here are few
 * enough, and what goes elsewhere is small, for each partition has one copy of what its cases share.
 */
export function fitsOneTurn(
  decision: Decision,
  id: Id,
  folder: FolderState,
  size: number,
  mails: readonly (string | null)[],
): boolean {
  const homes = new Set<number>();
  let here = 0;
  let bytes = 0;
  for (const { home, recipient, externalId, partnerAttributes } of casesOf(decision, id, folder, 0, folder.caseCount)) {
    homes.add(home);
    if (home === decision.partition) here += 1;
    bytes += CASE_BYTES + recipient.length + externalId.length + (partnerAttributes?.length ?? 0);
  }
  for (const mail of mails) bytes += mail?.length ?? 0;
  const links = folder.attachments.reduce((sum, { recipients }) => sum + recipients.length, 0);
  const files = folder.attachments.length * homes.size * FILE_BYTES + links;
  return here <= size && bytes + files + homes.size * SHARED_BYTES <= SENT_PER_TURN;
}

/** Id of the case number `index` of a folder. */
export const caseIdOf = (folder: Id, index: number, case_: Pick<FolderCase, 'home'>): Id =>
  derive(folder, KIND.case, case_.home, index);

/** What the home of a case is given of its folder. */
export function contentOf(
  folder: FolderState,
  case_: FolderCase,
  attachments: CaseContent['attachments'],
): CaseContent {
  const { sender, process, applicant } = folder;
  const { recipient, externalId, partnerAttributes } = case_;
  return { recipient, sender, process, externalId, applicant, partnerAttributes, attachments };
}

/** Named one by one: what is left of an object without some of its fields takes many times as long to make. */
function fileOf(file: FolderAttachment, index: number): CaseContent['attachments'][0] {
  const { fileName, type, size, mimeType, status, sha256, blob } = file;
  return { fileName, type, size, mimeType, status, sha256, blob, index };
}

/** Files of the cases `from` to `to` (excluded), per case: one pass over the links, however many cases there are. */
export function filesOf(folder: FolderState, from: number, to: number): CaseContent['attachments'][] {
  const files = Array.from({ length: to - from }, (): CaseContent['attachments'] => []);
  for (const [index, attachment] of folder.attachments.entries()) {
    const file = fileOf(attachment, index);
    for (const recipient of attachment.recipients) files[recipient - from]?.push(file);
  }
  return files;
}
