import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SEEN } from '#api/blobs/marker.ts';
import { connect, disconnect, masters, reach } from '#engine/redis/connect.ts';
import { withoutSecrets } from '#engine/redis/reach.ts';
import { BACKUP_NOTE } from '#engine/telemetry/host.ts';
import type { Part } from './manifest.ts';

/** Where a backup is put back: never over something. */
export class NotEmpty extends Error {
  override name = 'NotEmpty';
}

export interface Target {
  data: string;
  blobs: string;
  /** HUB_REDIS_URL; '': the hub's own server */
  redisUrl: string;
  /** parts that survived: they stay as they are */
  kept: ReadonlySet<Part>;
}

/** Folder of a part. That of the jobs is the one of the lists, which are made anew. */
export const folderOf = ({ data, blobs }: Pick<Target, 'data' | 'blobs'>, part: Part): string =>
  part === 'blobs' ? blobs : join(data, part === 'jobs' ? 'index' : part);

/** What may lie in the data folder without being the hub's state: what operators did, which processes ran, that attachments were seen. */
const HARMLESS = new Set(['master.key', BACKUP_NOTE, SEEN, 'audit', 'processes']);
const SHOWN = 5;

const listed = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => name !== 'lost+found');

/** @throws NotEmpty */
export async function mustBeEmpty(target: Target, parts: readonly Part[]): Promise<void> {
  const { data, blobs, redisUrl, kept } = target;
  const spared = new Set([...kept].map((part) => folderOf(target, part)));
  const inside = (await listed(data)).filter((name) => !HARMLESS.has(name));
  const found = inside.map((name) => join(data, name)).filter((path) => !spared.has(path) && path !== blobs);
  if (!kept.has('blobs')) found.push(...(await listed(blobs)).map((name) => join(blobs, name)));
  if (found.length > 0)
    throw new NotEmpty(
      `nothing was restored, for there is something already: ${found.slice(0, SHOWN).join(', ')}${found.length > SHOWN ? '…' : ''}. ` +
        `Move it away, or say with --keep what survived and shall stay (${parts.join(', ')})`,
    );
  if (redisUrl !== '' && !kept.has('redis')) {
    const keys = await keysIn(redisUrl);
    if (keys > 0)
      throw new NotEmpty(
        `nothing was restored: ${withoutSecrets(redisUrl)} holds ${keys} keys. Give an empty server by HUB_REDIS_URL`,
      );
  }
}

/** Keys of all masters. */
export async function keysIn(url: string): Promise<number> {
  const client = connect(url, () => undefined);
  try {
    await reach(client);
    const sizes = await Promise.all(masters(client).map((master) => master.dbsize()));
    return sizes.reduce((sum, size) => sum + size, 0);
  } finally {
    await disconnect(client);
  }
}
