/** What an agent typed and could not send: kept on the server half an hour, for that agent and that case only. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seal, unseal } from '#lib/server/auth/seal.ts';
import { settings } from '#lib/server/settings.ts';
import type { Unsent } from '#lib/unsent.ts';

const KEPT_SECONDS = 30 * 60;
const MOST = 5_000;
const SWEPT_MS = 60_000;

interface Kept {
  owner: string;
  place: string;
  unsent: Unsent;
}

let swept = 0;

const folder = (): string => join(settings().spool, 'drafts');

const fileOf = (owner: string, place: string): string =>
  join(folder(), createHash('sha256').update(`${owner}\n${place}`).digest('hex'));

/** @param owner the agent's address @param place id of the case. Whether it is kept. */
export async function keepDraft(owner: string, place: string, unsent: Unsent): Promise<boolean> {
  const file = fileOf(owner, place);
  const kept: Kept = { owner, place, unsent };
  try {
    await mkdir(folder(), { recursive: true, mode: 0o700 });
    if ((await sweep()) >= MOST) return false;
    const fresh = `${file}.${process.pid}.${Date.now()}`;
    await writeFile(fresh, seal('draft', kept, KEPT_SECONDS), { mode: 0o600 });
    await rename(fresh, file);
    return true;
  } catch (error) {
    console.error(JSON.stringify({ draft: (error as Error).message }));
    return false;
  }
}

export async function readDraft(owner: string, place: string): Promise<Unsent | null> {
  const sealed = await readFile(fileOf(owner, place), 'utf8').catch(() => undefined);
  const kept = unseal<Kept>('draft', sealed);
  return kept?.owner === owner && kept.place === place ? kept.unsent : null;
}

/** What was typed in this form has been sent. */
export async function settleDraft(owner: string, place: string, from: string): Promise<void> {
  if ((await readDraft(owner, place))?.from === from) await dropDraft(owner, place);
}

export const dropDraft = (owner: string, place: string): Promise<void> => rm(fileOf(owner, place), { force: true });

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
    if (!found || Date.now() - found.mtimeMs < KEPT_SECONDS * 1000) continue;
    await rm(path, { force: true });
    count--;
  }
  return count;
}
