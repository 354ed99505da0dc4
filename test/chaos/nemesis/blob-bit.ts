import { globSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { placeOf } from '#api/blobs/names.ts';
import { openHub } from '#engine/client/hub.ts';
import { loadConfig } from '#engine/config.ts';
import { fromUuid, type Id, parts, toUuid } from '#engine/domain/ids.ts';
import type { FolderState } from '#engine/domain/records/folder.ts';
import { folderName } from '#engine/domain/records/names.ts';
import { flipBit } from '../bits.ts';
import type { Fault, Scene } from '../fault.ts';
import type { Flip } from '../flip.ts';
import { acknowledged, type Entry } from '../history.ts';
import { isServed, pieceAt } from '../piece.ts';
import { Readback } from '../readback.ts';
import type { Site } from '../site.ts';

/** What the hub's records say of a folder. */
async function recordOf(site: Site, uuid: string): Promise<FolderState | undefined> {
  const hub = await openHub(loadConfig(site.env, { role: 'api', data: site.data, port: 0 }), () => undefined);
  try {
    const id = fromUuid(uuid) as Id;
    const [folder] = await hub.read(parts(id).home, [folderName(id)]);
    return folder;
  } finally {
    await hub.close();
  }
}

/** Reads the file that the bit is of, if it is of one that anybody may read. */
async function fateOf(site: Site, { country, history }: Scene, pack: string, bytes: Buffer, at: number): Promise<Flip> {
  const piece = pieceAt(bytes, at);
  if (piece === undefined) return { fate: 'unread', how: 'in no file, or in one that was erased' };
  const uuid = toUuid(piece.id as Id);
  const entry = history.deliveries.find((one) => acknowledged(one) && one.file === uuid);
  if (entry === undefined) return { fate: 'unread', how: 'in a file that no recipient was told of' };
  const { who, case: id, file, folder, digest } = entry as Required<Entry>;
  const read = new Readback(site.url, country);
  const served = await read.file(who, id, file);
  read.close();
  if (served === undefined) return { fate: 'noticed', how: 'the file is refused' };
  if (served !== digest) return { fate: 'unnoticed', how: `file ${file} is served otherwise than it was sent` };
  const named = (await recordOf(site, folder))?.attachments.map(({ blob }) =>
    blob === null ? undefined : placeOf(blob),
  );
  const mine = named?.some((place) => place?.kind === 'piece' && place.pack === pack && place.offset === piece.from);
  if (mine !== true) return { fate: 'unread', how: 'in bytes that no record names' };
  if (!isServed(at - piece.from)) return { fate: 'unread', how: 'in what only the sweep reads' };
  return { fate: 'unnoticed', how: `file ${file} is served, with a wrong bit at ${at} of ${pack}` };
}

/** A bit of a stopped server's file packs is wrong: that file is refused, and never served. */
export const blobBit: Fault = {
  name: 'blob-bit',
  layout: 'one',
  async act(site, random, scene) {
    for (const member of site.members) await site.kill(member);
    // Beside a pack may lie the list of what was erased of it.
    const packs = globSync(join(site.data, 'blobs', '*', 'p*'))
      .filter((path) => !path.endsWith('.gone') && statSync(path).size > 0)
      .sort();
    const path = random.pick(packs);
    const bytes = readFileSync(path);
    const { at } = flipBit(path, random);
    site.spoilt += 1;
    for (const member of site.members) await member.start();
    site.noteFlip(await fateOf(site, scene, basename(path), bytes, at));
  },
};
