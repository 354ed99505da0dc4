import type { Hub } from '#engine/client/hub.ts';
import { Recent } from '#engine/client/recent.ts';
import { folderOf, type Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { Attachment } from '#engine/domain/records/folder.ts';
import { loadFolder, loadFolderCases } from './load.ts';

/** What an upload is announced as. */
type Described = Pick<Attachment, 'size' | 'mimeType'>;

/** What never changes of a folder; lists are kept of small folders only. */
export interface FolderFacts {
  process: string;
  sender: OrgKey;
  /** at deposit, by case index */
  recipients: readonly OrgKey[] | undefined;
  attachments: readonly Described[] | undefined;
}

/** Folders remembered: some 400 bytes each. Sparing the reads halves the round trips of a deposit. */
const KEPT = 25_000;
/** Recipients, and attachments, remembered per folder; larger folders are read again. */
const LISTED = 8;

const facts = new Recent<Id, FolderFacts>(KEPT);

export function rememberFolder(
  id: Id,
  { process, sender }: Pick<FolderFacts, 'process' | 'sender'>,
  recipients: readonly OrgKey[],
  attachments: readonly Described[],
): void {
  const described =
    attachments.length <= LISTED ? attachments.map(({ size, mimeType }) => ({ size, mimeType })) : undefined;
  facts.set(id, {
    process,
    sender,
    recipients: recipients.length <= LISTED ? recipients : undefined,
    attachments: described,
  });
}

/** What this process knows of a folder that was there once; whether it still is, only its record says. */
export const recall = (id: Id): FolderFacts | undefined => facts.get(id);

/** Recipients of a folder's cases at deposit, and its démarche; undefined when there is no such folder. */
export async function folderFacts(
  hub: Hub,
  id: Id,
): Promise<{ process: string; recipients: readonly OrgKey[] } | undefined> {
  const known = facts.get(id);
  if (known?.recipients !== undefined) return { process: known.process, recipients: known.recipients };
  const folder = await loadFolder(hub, id);
  if (folder === undefined) return undefined;
  const cases = await loadFolderCases(hub, id, folder);
  const recipients = cases.map((case_) => case_.recipient);
  rememberFolder(id, folder, recipients, folder.attachments);
  return { process: folder.process, recipients };
}

/** Démarche of a case's folder; undefined when there is no such folder. */
export async function processOfCase(hub: Hub, id: Id): Promise<string | undefined> {
  const folderId = folderOf(id);
  const known = facts.get(folderId);
  if (known !== undefined) return known.process;
  return (await folderFacts(hub, folderId))?.process;
}
