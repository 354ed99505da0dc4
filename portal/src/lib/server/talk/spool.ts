/**
 * Files on their way from a browser to the hub, on disk: the hub wants each size before the first byte, and a form says
 * none (decision 024). Each is unlinked as soon as it is open, so that nothing is left behind, whatever ends the process.
 */
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { settings } from '#lib/server/settings.ts';

/** Bytes of all files on their way in this process. */
const ROOM = 2 * 1024 ** 3;

let taken = 0;

/** Room for a form of this length; undefined when there is none now. Give it back by calling it. */
export function takeRoom(length: number): (() => void) | undefined {
  if (taken + length > ROOM) return undefined;
  taken += length;
  let given = false;
  return () => {
    if (!given) taken -= length;
    given = true;
  };
}

/** Bytes that are sent. */
export interface Bytes {
  readonly size: number;
  /** base64 of its SHA-256 */
  readonly digest: string;
  /** From the first one; as often as it is asked. */
  read(): Readable;
}

/** A file without a name, gone once it is closed. */
export class Spooled implements Bytes {
  readonly #handle: FileHandle;
  readonly size: number;
  readonly digest: string;

  private constructor(handle: FileHandle, size: number, digest: string) {
    this.#handle = handle;
    this.size = size;
    this.digest = digest;
  }

  /** Reads the stream to its end. */
  static async from(stream: Readable): Promise<Spooled> {
    const folder = join(settings().spool, 'files');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, randomUUID());
    const handle = await open(path, 'wx+', 0o600);
    try {
      await unlink(path);
      const hash = createHash('sha256');
      let size = 0;
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        hash.update(chunk);
        await handle.appendFile(chunk);
        size += chunk.length;
      }
      return new Spooled(handle, size, hash.digest('base64'));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  read(): Readable {
    return this.#handle.createReadStream({ start: 0, autoClose: false });
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
