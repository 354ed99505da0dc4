import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deposited } from '#engine/client/claims.ts';
import type { Id } from '#engine/domain/ids.ts';
import { readJournal } from './erase.ts';
import { pieceName, placeOf } from './names.ts';
import { HEADER_BYTES, unseal } from './pack.ts';
import { isMissing } from './sync.ts';

/** What lies in the folder of one hour. */
export interface Inventory {
  blobs: Deposited[];
  /** bytes at the end of packs that no seal vouches for: cut by a crash, damaged, or of before there were seals */
  unreadable: number;
  /** something was written here after `before` */
  young: boolean;
}

const HOUR = /^\d{4}-\d\d-\d\dT\d\d$/;
const PACK = /^p[0-9a-z]{1,6}-[0-9a-z]{1,5}$/;
const COPY = /\.copy$/;

/** Folders of hours that began before `before` (ms), oldest first. */
export async function hoursOf(root: string, before: number): Promise<string[]> {
  const names = (await readdir(root)).filter((name) => HOUR.test(name)).sort();
  return names.filter((name) => Date.parse(`${name}:00:00Z`) < before).map((name) => join(root, name));
}

/** @param before ms: what is younger is not looked at */
export async function takeInventory(folder: string, before: number): Promise<Inventory> {
  const found: Inventory = { blobs: [], unreadable: 0, young: false };
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    const kind = PACK.test(name) ? 'pack' : COPY.test(name) ? 'copy' : placeOf(name)?.kind;
    if (kind === undefined) continue;
    const facts = await stat(path).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (facts === undefined) continue;
    if (facts.mtimeMs >= before) found.young = true;
    else if (kind === 'copy') await rm(path, { force: true });
    else if (kind === 'file') found.blobs.push({ owner: name.slice(name.indexOf('.') + 1) as Id, name });
    else await addPack(path, name, found);
  }
  return found;
}

async function addPack(path: string, pack: string, found: Inventory): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const gone = new Map((await readJournal(path)).map(({ offset, length }) => [offset, length]));
    for (let at = 0; at < size; ) {
      let length = gone.get(at);
      if (length === undefined) {
        const piece = unseal(await pieceAt(handle, at, size));
        if (piece === undefined) {
          found.unreadable += size - at;
          return;
        }
        length = piece.length;
        found.blobs.push({ owner: piece.id, name: pieceName(pack, at, length) });
      }
      at += HEADER_BYTES + length;
    }
  } finally {
    await handle.close();
  }
}

const LENGTH_AT = 4;
/** Longer than any piece: a length beyond it is no length. Bytes. */
const LONGEST_BYTES = 1024 * 1024;

async function pieceAt(handle: FileHandle, at: number, size: number): Promise<Buffer> {
  const head = Buffer.alloc(HEADER_BYTES);
  await handle.read(head, 0, HEADER_BYTES, at);
  const length = Math.min(head.readUInt32LE(LENGTH_AT), LONGEST_BYTES, Math.max(0, size - at - HEADER_BYTES));
  const bytes = Buffer.alloc(HEADER_BYTES + length);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
  return bytes.subarray(0, bytesRead);
}
