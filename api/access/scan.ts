import { type FileHandle, open } from 'node:fs/promises';
import { type Entry, entryOf } from './entry.ts';

/** Read at a time; more than the longest line. */
const CHUNK_BYTES = 1024 * 1024;
const LINE_END = 10;

export interface Scan {
  /** UUID of a case */
  caseId: string;
  /** entries at this time or later are left out, ISO 8601 */
  before: string;
  /** newest ones kept */
  limit: number;
}

/**
 * Entries of a file that name a case, oldest first. All of the file is looked at, a piece at a time: bytes are compared,
 * and only lines that hold the id are parsed.
 * @returns them, and how many bytes were looked at
 */
export async function scan(path: string, wanted: Scan): Promise<{ entries: Entry[]; bytes: number }> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    // a day that has just been removed
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return { entries: [], bytes: 0 };
  try {
    return await scanHandle(handle, wanted);
  } finally {
    await handle.close();
  }
}

async function scanHandle(handle: FileHandle, wanted: Scan): Promise<{ entries: Entry[]; bytes: number }> {
  const buffer = Buffer.allocUnsafe(2 * CHUNK_BYTES);
  const needle = Buffer.from(`"${wanted.caseId}"`);
  let entries: Entry[] = [];
  let bytes = 0;
  let kept = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, kept, CHUNK_BYTES, bytes);
    if (bytesRead === 0) return { entries: entries.slice(-wanted.limit), bytes };
    bytes += bytesRead;
    const filled = buffer.subarray(0, kept + bytesRead);
    const end = filled.lastIndexOf(LINE_END) + 1;
    for (const line of linesWith(filled.subarray(0, end), needle)) {
      const entry = entryOf(line);
      if (entry?.cases.includes(wanted.caseId) && entry.at < wanted.before) entries.push(entry);
    }
    if (entries.length > 2 * wanted.limit) entries = entries.slice(-wanted.limit);
    // a line longer than a piece is none of ours
    kept = filled.length - end > CHUNK_BYTES ? 0 : filled.length - end;
    buffer.copyWithin(0, end, end + kept);
  }
}

/** Whole lines that hold some bytes. */
function* linesWith(lines: Buffer, needle: Buffer): Generator<string> {
  for (let at = lines.indexOf(needle); at >= 0; ) {
    const from = lines.lastIndexOf(LINE_END, at) + 1;
    const end = lines.indexOf(LINE_END, at);
    yield lines.toString('utf8', from, end);
    at = lines.indexOf(needle, end);
  }
}
