import { createHash } from 'node:crypto';
import { envelope } from '#api/server/errors.ts';
import type { Reply, Request } from '#api/server/types.ts';
import type { BlobStore, Range, Stored } from './store.ts';

export interface Downloads {
  /** 200, 206 or 416 with `digest`; undefined when the bytes are not there. The route declares the header `range`. */
  reply(request: Request, blob: string, sha256: string): Promise<Reply | undefined>;
}

/** One range (RFC 9110 §14.1.2); several, or another unit, are ignored, as a server may. */
const RANGE = /^bytes=(\d*)-(\d*)$/;

/** A browser saves it, whatever is in it. Without a name: it is the sender's text, and the record has it. */
const SAVED = { 'Content-Disposition': 'attachment' } as const;

/** The range asked for, undefined for the whole, null when nothing of it exists. */
export function rangeOf(header: string, size: number): Range | undefined | null {
  const match = RANGE.exec(header.trim());
  if (match === null) return undefined;
  const [, first, last] = match as unknown as [string, string, string];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? null : { from: size - length, length };
  }
  const from = Number(first);
  const to = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < from) return undefined;
  return from >= size ? null : { from, length: to - from + 1 };
}

/**
 * The bytes of a whole blob, never completed unless they are those whose digest was recorded: on a damaged disk the
 * client gets a broken answer, not a wrong file.
 */
async function* verified(stored: Stored, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let left = stored.size;
  for await (const chunk of stored.read()) {
    hash.update(chunk);
    left -= chunk.byteLength;
    if (left === 0 && hash.digest('base64') !== sha256) throw new Error('a blob is damaged: its digest has changed');
    yield chunk;
  }
}

export class Deliveries implements Downloads {
  readonly #blobs: BlobStore;
  readonly #onSent: ((bytes: number) => void) | undefined;

  /** @param onSent told of what is about to be sent */
  constructor(blobs: BlobStore, onSent?: (bytes: number) => void) {
    this.#blobs = blobs;
    this.#onSent = onSent;
  }

  async reply(request: Request, blob: string, sha256: string): Promise<Reply | undefined> {
    const stored = await this.#blobs.find(blob);
    if (stored === undefined) return undefined;
    const headers = { digest: sha256, 'Accept-Ranges': 'bytes', ...SAVED };
    const range = rangeOf(request.header('range'), stored.size);
    if (range === null) {
      const text = envelope(416, 'Range Not Satisfiable');
      return { status: 416, headers: { 'Content-Range': `bytes */${stored.size}` }, text };
    }
    this.#onSent?.(range?.length ?? stored.size);
    if (range === undefined) {
      return { status: 200, headers, bytes: { length: stored.size, read: () => verified(stored, sha256) } };
    }
    const last = range.from + range.length - 1;
    return {
      status: 206,
      headers: { ...headers, 'Content-Range': `bytes ${range.from}-${last}/${stored.size}` },
      bytes: { length: range.length, read: () => stored.read(range) },
    };
  }
}
