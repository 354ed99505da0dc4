import type { Hub } from '#engine/client/hub.ts';
import { folderOf, type Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { loadFolder, loadFolderCases } from './load.ts';

/** What never changes of a folder, and a command on it or on its cases must carry. */
export interface FolderFacts {
  process: string;
  /** recipients at deposit, by case index; kept for small folders only */
  recipients: readonly OrgKey[] | undefined;
}

/** Folders remembered: some 200 bytes each. Sparing the read halves the round trips of a deposit. */
const KEPT = 50_000;
/** Recipients remembered per folder; larger folders are read again. */
const RECIPIENTS_KEPT = 8;

const facts = new Map<Id, FolderFacts>();

export function rememberFolder(id: Id, process: string, recipients: readonly OrgKey[]): void {
  // insertion order: the oldest goes first
  if (facts.size >= KEPT) facts.delete(facts.keys().next().value as Id);
  facts.set(id, { process, recipients: recipients.length <= RECIPIENTS_KEPT ? recipients : undefined });
}

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
  rememberFolder(id, folder.process, recipients);
  return { process: folder.process, recipients };
}

/** Démarche of a case's folder; undefined when there is no such folder. */
export async function processOfCase(hub: Hub, id: Id): Promise<string | undefined> {
  const folderId = folderOf(id);
  const known = facts.get(folderId);
  if (known !== undefined) return known.process;
  return (await folderFacts(hub, folderId))?.process;
}
