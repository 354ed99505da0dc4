import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Facts, HEAD_BYTES, type Range, type Verdict } from './store.ts';
import { makeFolder, syncFolder } from './sync.ts';

/** Bytes of one read: large enough for the disk, small enough for a thousand downloads at once. */
const READ_BYTES = 256 * 1024;

/** Head of a file from its first chunks. */
export function headOf(chunks: readonly Uint8Array[]): Uint8Array {
  const first = chunks[0];
  if (first !== undefined && first.byteLength >= HEAD_BYTES) return first.slice(0, HEAD_BYTES);
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}

/** Writes one blob as a file of its own, a chunk at a time. True: it is kept, and safe. */
export async function writeFile(
  path: string,
  begun: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
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
  rest: AsyncIterator<Uint8Array>,
  maxBytes: number,
): Promise<Facts> {
  const hash = createHash('sha256');
  let bytes = 0;
  const put = async (chunk: Uint8Array): Promise<void> => {
    hash.update(chunk);
    for (let at = 0; at < chunk.byteLength; ) {
      const { bytesWritten } = await handle.write(chunk, at, chunk.byteLength - at, bytes + at);
      if (bytesWritten === 0) throw new Error('the disk takes no more bytes');
      at += bytesWritten;
    }
    bytes += chunk.byteLength;
  };
  for (const chunk of begun) await put(chunk);
  while (bytes <= maxBytes) {
    const { done, value } = await rest.next();
    if (done) break;
    await put(value);
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
