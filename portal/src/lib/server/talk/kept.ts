/**
 * Files of a message that could not be sent: a browser gives none back, so they wait on the portal's disk as long as the message's text
 * does, each encrypted with a key of its own that lies in the sealed draft. Without the draft they are noise (decision 044).
 */
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { settings } from '#lib/server/settings.ts';
import type { Bytes } from './spool.ts';

/** A draft too. */
export const KEPT_MS = 30 * 60_000;
/** Bytes of all that is kept in the folder: half of what may be on its way. */
const ROOM = 1024 ** 3;
/** Nobody reads nor changes what lies there: the hub looks at the digest of what it is given. */
const CIPHER = 'aes-256-ctr';
const [KEY, IV] = [32, 16];

export interface KeptFile {
  /** its name in the folder, which says nothing */
  id: string;
  name: string;
  mimeType: string;
  size: number;
  /** base64 of its SHA-256 */
  digest: string;
  /** base64 of key and first counter */
  secret: string;
}

/** To be sent. */
export interface Ready {
  name: string;
  mimeType: string;
  spooled: Bytes;
  /** where it waited, when it could not be sent before */
  kept?: KeptFile;
}

const folder = (): string => join(settings().spool, 'kept');
const pathOf = (id: string): string => join(folder(), id);
const halves = (secret: string): [key: Buffer, iv: Buffer] => {
  const bytes = Buffer.from(secret, 'base64');
  return [bytes.subarray(0, KEY), bytes.subarray(KEY)];
};

/** All of them or none: a message that goes without one of its files says something else. */
export async function keepFiles(files: readonly Ready[]): Promise<KeptFile[]> {
  if (files.length === 0) return [];
  const kept: KeptFile[] = [];
  try {
    await mkdir(folder(), { recursive: true, mode: 0o700 });
    const needed = files.reduce((sum, { kept: before, spooled }) => sum + (before ? 0 : spooled.size), 0);
    if ((await sweep()) + needed > ROOM) return [];
    for (const file of files) kept.push(file.kept ? await prolonged(file.kept) : await written(file));
    return kept;
  } catch (error) {
    console.error(JSON.stringify({ kept: (error as Error).message }));
    await dropFiles(kept);
    return [];
  }
}

async function prolonged(file: KeptFile): Promise<KeptFile> {
  const now = new Date();
  await utimes(pathOf(file.id), now, now);
  return file;
}

async function written({ name, mimeType, spooled }: Ready): Promise<KeptFile> {
  const secret = randomBytes(KEY + IV);
  const id = randomUUID();
  const cipher = createCipheriv(CIPHER, secret.subarray(0, KEY), secret.subarray(KEY));
  await pipeline(spooled.read(), cipher, createWriteStream(pathOf(id), { flags: 'wx', mode: 0o600 }));
  return { id, name, mimeType, size: spooled.size, digest: spooled.digest, secret: secret.toString('base64') };
}

/** Ready to be sent again; undefined when its time is over. */
export async function readyAgain(file: KeptFile): Promise<Ready | undefined> {
  const found = await stat(pathOf(file.id)).catch(() => undefined);
  if (found?.size !== file.size) return undefined;
  const { name, mimeType, size, digest } = file;
  const read = (): Readable => {
    const plain = createDecipheriv(CIPHER, ...halves(file.secret));
    const from = createReadStream(pathOf(file.id));
    from.on('error', (error) => plain.destroy(error));
    return from.pipe(plain);
  };
  return { name, mimeType, spooled: { size, digest, read }, kept: file };
}

export const dropFiles = async (files: readonly KeptFile[]): Promise<void> => {
  await Promise.all(files.map(({ id }) => rm(pathOf(id), { force: true })));
};

/** Removes those that are over. @returns bytes that are left */
async function sweep(): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder())) {
    const found = await stat(pathOf(name)).catch(() => undefined);
    if (!found) continue;
    if (Date.now() - found.mtimeMs < KEPT_MS) bytes += found.size;
    else await rm(pathOf(name), { force: true });
  }
  return bytes;
}
