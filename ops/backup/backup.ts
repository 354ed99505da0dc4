import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accessFolder } from '#api/access/days.ts';
import { indexFolder } from '#api/index/file.ts';
import { BACKUP_NOTE } from '#engine/telemetry/host.ts';
import { ACTS, actsFolder } from '#ops/console/acts.ts';
import { saveJobs } from './jobs.ts';
import { copyJournals, journalSource, newest } from './journals.ts';
import { type Entry, keyName, MANIFEST, readManifest, WrongBackup, writeManifest } from './manifest.ts';
import { takeSnapshot } from './rdb.ts';
import { sealKey } from './seal.ts';
import { serversOf, turnsOf } from './servers.ts';
import { type Before, nameOf, type Source, Tree } from './tree.ts';

export interface Wish {
  /** the hub's data folder */
  data: string;
  blobs: string;
  /** HUB_REDIS_URL; '': the hub's own server */
  redisUrl: string;
  masterKey: Buffer;
  /** folder of the backups: each is a folder in it */
  to: string;
  /** for the master key, which is left out without it */
  passphrase: string | undefined;
  /** how many are kept; undefined: all */
  copies: number | undefined;
}

/** What was written: `bytes` of all files, `written` of those that are not links to the backup before. */
export interface Made {
  folder: string;
  at: string;
  bytes: number;
  written: number;
  files: number;
  seconds: number;
  journals: boolean;
  removed: string[];
}

const PRIVATE_FOLDER = 0o700;
const PRIVATE = 0o600;
const NAME = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}\.\d{3}Z$/;
const UNFINISHED = /^\.unfinished-(\d+)$/;
const S = 1_000;
const BLOB = /(^|\/)[pf][0-9a-z]{1,6}-[^/]*$/;

/** Packs and files of attachments grow; what says which of them is gone, or was swept, is taken as it was at first. */
const blobSource = (folder: string): Source => ({
  part: 'blobs',
  folder,
  wanted: (path) => !path.endsWith('.copy'),
  grows: (path) => BLOB.test(path) && !path.endsWith('.gone'),
});

const accessSource = (data: string): Source => ({
  part: 'access',
  folder: accessFolder(data),
  wanted: (path) => path.endsWith('.ndjson'),
  grows: () => true,
});

/** Its lock is made again by who writes the next line. */
const actsSource = (data: string): Source => ({
  part: 'audit',
  folder: actsFolder(data),
  wanted: (path) => path === ACTS,
  grows: () => true,
});

/** Backups of a folder that were finished, oldest first. */
export async function backupsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => NAME.test(name) && existsSync(join(folder, name, MANIFEST))).sort();
}

async function beforeOf(to: string, masterKey: Buffer): Promise<Before | undefined> {
  const last = (await backupsIn(to)).at(-1);
  if (last === undefined) return undefined;
  const folder = join(to, last);
  const { entries } = await readManifest(folder, masterKey);
  return { folder, entries: new Map(entries.map((entry) => [nameOf(entry), entry])) };
}

/**
 * A backup of a hub, which may run. In this order, on which it rests that every file a record names is there:
 *
 * 1. attachments: what is erased from now on was wanted, and is in the copy; agents' jobs, which do again what they do not
 *    know to be done;
 * 2. Redis, a snapshot of each master, begun now: all that was answered before is in it;
 * 3. the journals at one moment: engines bring what was in Redis forward to it, so that masters are of one moment too;
 * 4. attachments again, what has come since: a record names a file only when it is on disk.
 */
export async function backUp(wish: Wish): Promise<Made> {
  const { data, to, masterKey } = wish;
  const begin = performance.now();
  const at = new Date().toISOString();
  if (`${to}/`.startsWith(`${wish.blobs}/`))
    throw new WrongBackup(
      `--to=${to} lies in the folder of the attachments, and would be copied into itself: name another`,
    );
  await mkdir(to, { recursive: true, mode: PRIVATE_FOLDER });
  await sweep(to);
  const before = await beforeOf(to, masterKey);
  const folder = join(to, `.unfinished-${process.pid}`);
  await mkdir(folder, { mode: PRIVATE_FOLDER });
  try {
    const { entries, written, journals, cluster } = await fill(folder, wish, before);
    if (wish.passphrase !== undefined) sealKey(folder, masterKey, wish.passphrase);
    await writeManifest(folder, { format: 2, at, key: keyName(masterKey), cluster, journals, entries }, masterKey);
    const done = join(to, at.replaceAll(':', '-'));
    await rename(folder, done);
    await syncFolder(to);
    const removed = await prune(to, wish.copies);
    const seconds = (performance.now() - begin) / S;
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    await note(data, { at, bytes, seconds });
    return { folder: done, at, bytes, written, files: entries.length, seconds, journals, removed };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function fill(
  folder: string,
  { data, blobs: blobFolder, redisUrl }: Wish,
  before: Before | undefined,
): Promise<{ entries: Entry[]; written: number; journals: boolean; cluster: boolean }> {
  const servers = await serversOf(redisUrl, data);
  try {
    const { url, cluster } = servers;
    const blobs = new Tree(blobSource(blobFolder), folder, before);
    await blobs.copy();
    const jobs = await saveJobs(indexFolder(data), folder);
    const from = newest(data);
    const redis = await snapshots(await servers.masters(), folder);
    const journal = new Tree(journalSource(data), folder, undefined);
    const lacking = await copyJournals(data, journal, folder, from, await turnsOf(url));
    if (cluster) await unmoved(redis.masters, await servers.masters(), lacking);
    // Of one server the snapshot is one moment by itself: better none of the journals than a part of them.
    if (lacking.length > 0) await rm(join(folder, 'journal'), { recursive: true, force: true });
    await blobs.copy();
    const access = new Tree(accessSource(data), folder, before);
    await access.copy();
    const acts = new Tree(actsSource(data), folder, before);
    await acts.copy();
    const trees = [blobs, access, acts, ...(lacking.length > 0 ? [] : [journal])];
    const entries = [...redis.entries, ...jobs, ...trees.flatMap((tree) => tree.entries())];
    const written = trees.reduce((sum, tree) => sum + tree.written, 0);
    const snapshot = redis.entries.reduce((sum, { bytes }) => sum + bytes, 0);
    return { entries, written: written + snapshot, journals: lacking.length === 0, cluster };
  } finally {
    await servers.close();
  }
}

async function snapshots(masters: string[], folder: string): Promise<{ masters: string[]; entries: Entry[] }> {
  await mkdir(join(folder, 'redis'), { mode: PRIVATE_FOLDER });
  const entries = masters.map(async (url, place): Promise<Entry> => {
    const path = `${place}.rdb`;
    return { part: 'redis', path, ...(await takeSnapshot(url, join(folder, 'redis', path))), changed: '' };
  });
  return { masters, entries: await Promise.all(entries) };
}

/** @throws when masters of a cluster are no state of one moment */
async function unmoved(before: string[], after: string[], lacking: readonly number[]): Promise<void> {
  if (before.join() !== after.join())
    throw new WrongBackup('slots or masters of the cluster changed meanwhile: nothing was kept, take the backup again');
  if (lacking.length > 0)
    throw new WrongBackup(
      `partitions ${lacking.slice(0, 5).join(', ')}… are written by engines whose journals are not in this data folder. ` +
        'A cluster’s masters are saved one after the other and only journals make them one moment: let all engines share a data folder, or take the backup where they run',
    );
}

async function prune(to: string, copies: number | undefined): Promise<string[]> {
  const gone = copies === undefined ? [] : (await backupsIn(to)).slice(0, -copies);
  for (const name of gone) await rm(join(to, name), { recursive: true, force: true });
  return gone;
}

/** What backups that were killed left there. */
async function sweep(to: string): Promise<void> {
  for (const name of await readdir(to)) {
    const pid = Number(UNFINISHED.exec(name)?.[1]);
    if (pid > 0 && (pid === process.pid || !existsSync(`/proc/${pid}`)))
      await rm(join(to, name), { recursive: true, force: true });
  }
}

async function note(data: string, said: { at: string; bytes: number; seconds: number }): Promise<void> {
  const path = join(data, BACKUP_NOTE);
  const text = `${JSON.stringify({ ...said, seconds: Number(said.seconds.toFixed(1)) })}\n`;
  await writeFile(`${path}.new`, text, { mode: PRIVATE });
  await rename(`${path}.new`, path);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
