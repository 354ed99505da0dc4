import { copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf } from './digest.ts';
import { layDown, loadInto, readOnce } from './load.ts';
import { type Entry, type Manifest, PARTS, type Part, readManifest, WrongBackup } from './manifest.ts';
import { folderOf, mustBeEmpty, NotEmpty, type Target } from './target.ts';
import { nameOf } from './tree.ts';

export interface Restored {
  manifest: Manifest;
  /** by part, of those that were put back */
  parts: Map<Part, { files: number; bytes: number }>;
  keys: number;
}

const PRIVATE_FOLDER = 0o700;
const PRIVATE = 0o600;
const SHOWN = 5;

/** The files of a backup that are not as they were written, each with what is wrong. */
export async function damages(folder: string, entries: readonly Entry[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, nameOf(entry));
    try {
      const { size } = statSync(path);
      if (size !== entry.bytes) found.push(`${nameOf(entry)} has ${size} bytes, not ${entry.bytes}`);
      else if ((await digestOf(path)) !== entry.sha256) found.push(`${nameOf(entry)} has another content`);
    } catch (error) {
      found.push(`${nameOf(entry)}: ${(error as NodeJS.ErrnoException).code ?? error}`);
    }
  }
  return found;
}

/** Reads all of a backup against its list. @throws WrongBackup */
export async function checkBackup(folder: string, masterKey: Buffer): Promise<Manifest> {
  const manifest = await readManifest(folder, masterKey);
  const wrong = await damages(folder, manifest.entries);
  if (wrong.length > 0)
    throw new WrongBackup(
      `${wrong.length} files of ${folder} are damaged: ${wrong.slice(0, SHOWN).join('; ')}. Take another backup`,
    );
  return manifest;
}

/**
 * Puts a backup back where there is nothing. Nothing is written before all of it was read and found right; Redis comes
 * last.
 */
export async function restore(folder: string, target: Target, masterKey: Buffer): Promise<Restored> {
  await mustBeEmpty(target, PARTS);
  const manifest = await checkBackup(folder, masterKey);
  mustFit(manifest, target);
  mkdirSync(target.data, { recursive: true, mode: PRIVATE_FOLDER });
  const parts: Restored['parts'] = new Map();
  for (const part of PARTS.filter((each) => !target.kept.has(each))) {
    const entries = manifest.entries.filter((entry) => entry.part === part);
    if (entries.length === 0) continue;
    parts.set(part, { files: entries.length, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0) });
    if (part === 'redis') continue;
    for (const entry of entries) await put(join(folder, nameOf(entry)), join(folderOf(target, part), entry.path));
  }
  return { manifest, parts, keys: target.kept.has('redis') ? 0 : await putRedis(folder, manifest, target) };
}

/** @throws NotEmpty or WrongBackup, when what is kept and what is put back would be no state of the hub */
function mustFit({ cluster, journals }: Manifest, { redisUrl, kept }: Target): void {
  if (kept.has('redis') && !kept.has('journal') && journals)
    throw new NotEmpty(
      '--keep=redis needs journal: a Redis that goes on after its journals were put back would be older than they',
    );
  if (cluster && redisUrl === '')
    throw new WrongBackup('this backup is of a cluster: name an empty cluster, or one empty server, by HUB_REDIS_URL');
}

async function put(from: string, to: string): Promise<void> {
  mkdirSync(dirname(to), { recursive: true, mode: PRIVATE_FOLDER });
  copyFileSync(from, to);
  const file = await open(to, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function putRedis(folder: string, { entries }: Manifest, { data, redisUrl }: Target): Promise<number> {
  const rdbs = entries.filter(({ part }) => part === 'redis').map((entry) => join(folder, nameOf(entry)));
  if (redisUrl !== '') return loadInto(redisUrl, rdbs, data);
  const dir = join(data, 'redis');
  layDown(rdbs[0] as string, dir);
  return readOnce(dir);
}

/** The key in the data folder, where a hub without HUB_MASTER_KEY looks for it. */
export function putKey(data: string, masterKey: Buffer): void {
  mkdirSync(data, { recursive: true, mode: PRIVATE_FOLDER });
  writeFileSync(join(data, 'master.key'), `${masterKey.toString('hex')}\n`, { mode: PRIVATE, flag: 'wx' });
}
