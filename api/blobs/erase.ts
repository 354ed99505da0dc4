import { randomInt } from 'node:crypto';
import { appendFile, type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checksum } from '#engine/domain/checksum.ts';
import { HEADER_BYTES } from './pack.ts';
import { isMissing, openIfThere, syncFolder } from './sync.ts';

/**
 * Erases pieces of a pack without a lock, from any number of processes. A journal beside the pack names what is gone;
 * it is written first, then the bytes are overwritten. A pack mostly gone is copied with holes at the same offsets;
 * as the copy might bring back what another process erased meanwhile, the journal is read again after the rename, and
 * whoever erases opens the pack after having written the journal.
 *
 * Each of its lines bears a checksum, and begins on a line of its own: what a flipped bit or a full disk made of one would
 * name bytes that are wanted, and the next copy would leave them out. A line that does not hold names nothing.
 */
export interface Gone {
  offset: number;
  /** bytes of the piece without its header */
  length: number;
}

const ZEROS = Buffer.alloc(64 * 1024);
const COPY_BYTES = 1024 * 1024;
const BLOCK_BYTES = 512;
const NONCE_LIMIT = 2 ** 32;
/** Times the bytes still wanted a pack may occupy before it is copied. */
const WASTE = 2;

/** Offset, length (no piece's has more digits) and checksum; none in lines of before there were checksums. */
const LINE = /^((\d+) (\d{1,7}))(?: ([\da-f]{8}))?$/;

function lineOf({ offset, length }: Gone): string {
  const text = `${offset} ${length}`;
  return `${text} ${checksum(text)}\n`;
}

const journalOf = (pack: string): string => `${pack}.gone`;

/** `sealed`: no process appends to the pack any more. */
export async function erase(pack: string, pieces: readonly Gone[], sealed: boolean): Promise<void> {
  const handle = await journaled(pack, `\n${pieces.map(lineOf).join('')}`);
  if (handle === undefined) return;
  try {
    await overwrite(handle, pieces);
  } finally {
    await handle.close();
  }
  if (sealed) await reclaim(pack);
}

async function journaled(pack: string, lines: string): Promise<FileHandle | undefined> {
  try {
    await appendFile(journalOf(pack), lines, { flush: true });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const handle = await openIfThere(pack, 'r+');
  if (handle === undefined) await rm(journalOf(pack), { force: true });
  return handle;
}

async function overwrite(handle: FileHandle, pieces: readonly Gone[]): Promise<void> {
  const { size } = await handle.stat();
  for (const { offset, length } of pieces) {
    const end = Math.min(offset + HEADER_BYTES + length, size);
    for (let at = offset; at < end; ) {
      const { bytesWritten } = await handle.write(ZEROS, 0, Math.min(ZEROS.length, end - at), at);
      at += bytesWritten;
    }
  }
  await handle.datasync();
}

/** What the journal names, by offset, each piece once. */
export async function readJournal(pack: string): Promise<Gone[]> {
  const text = await readFile(journalOf(pack), 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return '';
    throw error;
  });
  const pieces = new Map<number, number>();
  for (const line of text.split('\n')) {
    const [, text, offset, length, seal] = LINE.exec(line) ?? [];
    if (text !== undefined && (seal === undefined || seal === checksum(text)))
      pieces.set(Number(offset), Number(length));
  }
  return [...pieces].sort(([a], [b]) => a - b).map(([offset, length]) => ({ offset, length }));
}

async function reclaim(pack: string): Promise<void> {
  const source = await openIfThere(pack, 'r');
  if (source === undefined) return;
  try {
    const { size, blocks } = await source.stat();
    const gone = await readJournal(pack);
    const wanted = size - gone.reduce((sum, { length }) => sum + HEADER_BYTES + length, 0);
    if (wanted <= 0) {
      await rm(pack, { force: true });
      await rm(journalOf(pack), { force: true });
      await syncFolder(dirname(pack));
    } else if (blocks * BLOCK_BYTES > WASTE * wanted + COPY_BYTES) await copyWithHoles(pack, source, size, gone);
  } finally {
    await source.close();
  }
}

async function copyWithHoles(pack: string, source: FileHandle, size: number, gone: readonly Gone[]): Promise<void> {
  const path = `${pack}.${randomInt(NONCE_LIMIT).toString(36)}.copy`;
  const copy = await open(path, 'wx', 0o640);
  try {
    let at = 0;
    for (const { offset, length } of [...gone, { offset: size, length: 0 }]) {
      await copyRange(source, copy, at, offset);
      at = offset + HEADER_BYTES + length;
    }
    await copy.truncate(size);
    await copy.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await copy.close();
  }
  await rename(path, pack);
  await syncFolder(dirname(pack));
  const known = new Set(gone.map(({ offset }) => offset));
  const late = (await readJournal(pack)).filter(({ offset }) => !known.has(offset));
  if (late.length === 0) return;
  const handle = await openIfThere(pack, 'r+');
  if (handle === undefined) return;
  try {
    await overwrite(handle, late);
  } finally {
    await handle.close();
  }
}

async function copyRange(source: FileHandle, copy: FileHandle, from: number, to: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(COPY_BYTES, Math.max(to - from, 0)));
  for (let at = from; at < to; ) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, to - at), at);
    if (bytesRead === 0) throw new Error(`a pack ends before ${to}`);
    await copy.write(buffer, 0, bytesRead, at);
    at += bytesRead;
  }
}
