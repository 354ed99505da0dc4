import { createHmac } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, makeFolder, syncFolder } from './sync.ts';

/**
 * The file that says whose blobs a folder holds. A second one, in the machine's own data folder, remembers that the
 * first was seen: a share that is not mounted shows an empty folder, which must not be taken for a new one.
 */
const MARKER = 'hub.id';
const SEEN = 'blobs.seen';

/** The hub's name for itself, the same in all its processes: they share the master key, and nothing tells it from this. */
export const hubId = (masterKey: Buffer): string =>
  createHmac('sha256', masterKey).update('relais blob folder').digest('base64url');

async function read(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Marks a new folder; leaves one that holds anything, or was seen before, as it is. */
export async function claim(folder: string, data: string, id: string): Promise<void> {
  await makeFolder(folder);
  const seen = (await read(join(data, SEEN))) === folder;
  const marker = await read(join(folder, MARKER));
  if (marker === undefined && !seen && (await readdir(folder)).length === 0) {
    await writeFile(join(folder, MARKER), `${id}\n`, { flag: 'wx', flush: true }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
    await syncFolder(folder);
  }
  if (!seen && (await whose(folder, id)) === undefined) {
    await makeFolder(data);
    await writeFile(join(data, SEEN), `${folder}\n`, { flush: true });
  }
}

/** Why a folder is not this hub's; undefined when it is. */
export async function whose(folder: string, id: string): Promise<string | undefined> {
  const marker = await read(join(folder, MARKER));
  if (marker === undefined) return `the blob folder bears no ${MARKER}: is it mounted?`;
  return marker === id ? undefined : 'the blob folder belongs to another hub';
}
