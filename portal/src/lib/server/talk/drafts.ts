/** What an agent typed and could not send: kept on the server half an hour, for that agent and that case only. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seal, unseal } from '#lib/server/auth/seal.ts';
import { settings } from '#lib/server/settings.ts';
import { isWritten, type Unsent } from '#lib/unsent.ts';
import { dropFiles, KEPT_MS, type KeptFile } from './kept.ts';

const KEPT_SECONDS = KEPT_MS / 1_000;
const MOST = 5_000;
const SWEPT_MS = 60_000;

interface Kept {
  owner: string;
  place: string;
  unsent: Unsent;
  /** of a message */
  files?: KeptFile[];
}

let swept = 0;

const folder = (): string => join(settings().spool, 'drafts');

const fileOf = (owner: string, place: string): string =>
  join(folder(), createHash('sha256').update(`${owner}\n${place}`).digest('hex'));

/** @param owner the agent's address @param place id of the case @param files kept with it: those of the draft before go. Whether it is kept. */
export async function keepDraft(
  owner: string,
  place: string,
  unsent: Unsent,
  { seconds = KEPT_SECONDS, files = [] }: { seconds?: number; files?: KeptFile[] } = {},
): Promise<boolean> {
  const file = fileOf(owner, place);
  const kept: Kept = { owner, place, unsent, ...(files.length > 0 && { files }) };
  try {
    await mkdir(folder(), { recursive: true, mode: 0o700 });
    if ((await sweep()) >= MOST) throw new Error('too many drafts');
    const fresh = `${file}.${process.pid}.${Date.now()}`;
    await writeFile(fresh, seal('draft', kept, seconds), { mode: 0o600 });
    const before = await readFiles(owner, place);
    await rename(fresh, file);
    await dropFiles(before.filter(({ id }) => !files.some((one) => one.id === id)));
    return true;
  } catch (error) {
    console.error(JSON.stringify({ draft: (error as Error).message }));
    await dropFiles(files);
    return false;
  }
}

async function readKept(owner: string, place: string): Promise<Kept | undefined> {
  const sealed = await readFile(fileOf(owner, place), 'utf8').catch(() => undefined);
  const kept = unseal<Kept>('draft', sealed);
  return kept?.owner === owner && kept.place === place ? kept : undefined;
}

export async function readDraft(owner: string, place: string): Promise<Unsent | null> {
  const kept = await readKept(owner, place);
  if (!kept) return null;
  const files = kept.files?.map(({ id, name, size }) => ({ id, name, size }));
  return { ...kept.unsent, ...(files && { files }) };
}

/** Those that were chosen with it. */
export const readFiles = async (owner: string, place: string): Promise<KeptFile[]> =>
  (await readKept(owner, place))?.files ?? [];

/** What was typed in this form has been sent. */
export async function settleDraft(owner: string, place: string, from: string): Promise<void> {
  if ((await readDraft(owner, place))?.from === from) await dropDraft(owner, place);
}

export async function dropDraft(owner: string, place: string): Promise<void> {
  await dropFiles(await readFiles(owner, place));
  await rm(fileOf(owner, place), { force: true });
}

/** Beyond its leaving, for a click under way. */
const LATE_SECONDS = 30;

const placeOfDecision = (caseId: string, decision: string): string => `${caseId} ${decision}`;

/** The texts of a decision that has not left: who takes it back finds them again. */
export async function keepDecided(owner: string, caseId: string, decision: string, unsent: Unsent, seconds: number) {
  if (isWritten(unsent))
    await keepDraft(
      owner,
      placeOfDecision(caseId, decision),
      { ...unsent, undone: true },
      { seconds: seconds + LATE_SECONDS },
    );
}

/** They are the case's draft again; whether there were any. A draft that is newer stays. */
export async function bringBack(owner: string, caseId: string, decision: string): Promise<boolean> {
  const place = placeOfDecision(caseId, decision);
  const kept = await readDraft(owner, place);
  if (kept === null || (await readDraft(owner, caseId)) !== null) return false;
  await dropDraft(owner, place);
  return keepDraft(owner, caseId, kept);
}

/** Removes those that are over; how many files there are, as of the last look. */
let count = 0;
async function sweep(): Promise<number> {
  if (Date.now() - swept < SWEPT_MS) return ++count;
  swept = Date.now();
  const names = await readdir(folder());
  count = names.length;
  for (const name of names) {
    const path = join(folder(), name);
    const found = await stat(path).catch(() => undefined);
    if (!found || Date.now() - found.mtimeMs < KEPT_MS) continue;
    await rm(path, { force: true });
    count--;
  }
  return count;
}
