import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Chunks } from '#api/server/types.ts';
import { type Facts, HEAD_BYTES, type Range, type Verdict } from './store.ts';
import { DiskFull, makeFolder, syncFolder } from './sync.ts';

/** Bytes of one read: large enough for the disk, small enough for a thousand downloads at once. */
const READ_BYTES = 256 * 1024;

/** Head of a file from its first chunks. */
export function headOf(chunks: readonly Uint8Array[]): Uint8Array {
  const first = chunks[0];
  if (first !== undefined && first.byteLength >= HEAD_BYTES) return first.slice(0, HEAD_BYTES);
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}

/** What still comes of a source whose first chunks were read already. */
export interface Rest {
  source: Chunks;
  chunks: AsyncIterator<Uint8Array>;
}

/** Writes one blob as a file of its own, a chunk at a time. True: it is kept, and safe. */
export async function writeFile(
  path: string,
  begun: readonly Uint8Array[],
  rest: Rest,
  maxBytes: number,
  keep: Verdict,
): Promise<boolean> {
  await makeFolder(dirname(path));
  const handle = await open(path, 'wx', 0o640);
  let kept = false;
  try {
    const facts = await copy(handle, begun, rest, maxBytes);
    kept = await keep(facts);
    if (kept) await handle.sync();
  } catch (error) {
    kept = false;
    throw error;
  } finally {
    await handle.close();
    if (!kept) await rm(path, { force: true });
  }
  if (kept) await syncFolder(dirname(path));
  return kept;
}

async function copy(
  handle: FileHandle,
  begun: readonly Uint8Array[],
  { source, chunks }: Rest,
  maxBytes: number,
): Promise<Facts> {
  const hash = createHash('sha256');
  let bytes = 0;
  // the place of a chunk is taken before it is written: writes at known places may overlap
  const place = (chunk: Uint8Array): number => {
    hash.update(chunk);
    bytes += chunk.byteLength;
    return bytes - chunk.byteLength;
  };
  const put = async (chunk: Uint8Array): Promise<void> => {
    const at = place(chunk);
    for (let sent = 0; sent < chunk.byteLength; ) {
      const { bytesWritten } = await handle.write(chunk, sent, chunk.byteLength - sent, at + sent);
      if (bytesWritten === 0) throw new DiskFull();
      sent += bytesWritten;
    }
  };
  for (const chunk of begun) await put(chunk);
  source.overflow = (chunk) => {
    if (bytes > maxBytes) return;
    const at = place(chunk);
    for (let sent = 0; sent < chunk.byteLength; ) {
      const written = writeSync(handle.fd, chunk, sent, chunk.byteLength - sent, at + sent);
      if (written === 0) throw new DiskFull();
      sent += written;
    }
  };
  try {
    while (bytes <= maxBytes) {
      const { done, value } = await chunks.next();
      if (done) break;
      await put(value);
    }
  } finally {
    source.overflow = undefined;
  }
  return { bytes, sha256: hash.digest('base64'), head: headOf(begun) };
}

/** Bytes of a file; the handle is opened by the first pull. */
export async function* readFile(path: string, range: Range): AsyncGenerator<Uint8Array, void> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, Math.max(range.length, 1)));
    for (let sent = 0; sent < range.length; ) {
      const { bytesRead } = await handle.read(
        buffer,
        0,
        Math.min(buffer.length, range.length - sent),
        range.from + sent,
      );
      if (bytesRead === 0) throw new Error(`a blob ends ${range.length - sent} bytes early`);
      sent += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
