import { createHmac, timingSafeEqual } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a backup is made of: its parts may survive a disaster one without the other. */
export const PARTS = ['redis', 'journal', 'blobs', 'access', 'jobs', 'audit'] as const;
export type Part = (typeof PARTS)[number];

/** A file of a backup. */
export interface Entry {
  part: Part;
  /** under the part's folder, with slashes */
  path: string;
  bytes: number;
  /** hexadecimal */
  sha256: string;
  /** of the file it was copied from, ns since 1970: the next backup takes what has not changed from this one */
  changed: string;
}

/** Format 2 has what operators did (`audit`), which a version that writes 1 does not know. */
const FORMATS = [1, 2] as const;

export interface Head {
  format: (typeof FORMATS)[number];
  /** ISO 8601: what was answered before is inside */
  at: string;
  /** which key goes with it, without telling it */
  key: string;
  /** whether the server of the records was several */
  cluster: boolean;
  /** whether the engines' journals are inside; without, the state is the one of Redis' snapshot */
  journals: boolean;
}

export interface Manifest extends Head {
  entries: Entry[];
}

/** The list of a backup's files is not as it was written, or written with another key. */
export class WrongBackup extends Error {
  override name = 'WrongBackup';
}

export const MANIFEST = 'manifest.ndjson';
const PRIVATE = 0o600;
const SEAL = '=';

const derived = (masterKey: Buffer, use: string): Buffer => createHmac('sha256', masterKey).update(use).digest();

/** Tells a key from another, and nothing of either. */
export const keyName = (masterKey: Buffer): string =>
  derived(masterKey, 'relais backup name').toString('hex').slice(0, 16);

const sealOf = (masterKey: Buffer, text: string): string =>
  createHmac('sha256', derived(masterKey, 'relais backup seal')).update(text).digest('hex');

/** Written last, synced: a folder without it is no backup. */
export async function writeManifest(folder: string, manifest: Manifest, masterKey: Buffer): Promise<void> {
  const { entries, ...head } = manifest;
  const text = [head, ...entries].map((line) => `${JSON.stringify(line)}\n`).join('');
  const file = await open(join(folder, MANIFEST), 'wx', PRIVATE);
  try {
    await file.writeFile(`${text}${SEAL}${sealOf(masterKey, text)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A path of a backup must not lead out of it. */
const isInside = (path: string): boolean =>
  path !== '' && path.split('/').every((step) => !['', '.', '..'].includes(step));

/** @throws WrongBackup */
export async function readManifest(folder: string, masterKey: Buffer): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8');
  const end = text.lastIndexOf(`\n${SEAL}`) + 1;
  const lines = text.slice(0, end);
  const head = headOf(lines.slice(0, lines.indexOf('\n')));
  if (head === undefined)
    throw new WrongBackup(
      `${folder}/${MANIFEST} is none of formats ${FORMATS.join(', ')}: restore it with the version that made it, or a later one`,
    );
  if (head.key !== keyName(masterKey))
    throw new WrongBackup(
      `${folder} was made by a hub with another master key (${head.key}; this one is ${keyName(masterKey)}): give the right one`,
    );
  const seal = Buffer.from(text.slice(end + SEAL.length).trim());
  const right = Buffer.from(sealOf(masterKey, lines));
  if (seal.length !== right.length || !timingSafeEqual(seal, right))
    throw new WrongBackup(`${folder}/${MANIFEST} was changed since it was written: take another backup`);
  const entries = lines
    .split('\n')
    .slice(1, -1)
    .map((line) => JSON.parse(line) as Entry);
  if (!entries.every(({ path, part }) => isInside(path) && PARTS.includes(part)))
    throw new WrongBackup(`${folder}/${MANIFEST} names files outside of it`);
  return { ...head, entries };
}

function headOf(line: string): Head | undefined {
  try {
    const head = JSON.parse(line) as Head;
    return FORMATS.includes(head.format) ? head : undefined;
  } catch {
    return undefined;
  }
}
