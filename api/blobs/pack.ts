import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Id } from '#engine/domain/ids.ts';
import { minuteOf, packName, pathOf, pieceName } from './names.ts';
import { DiskFull, makeFolder, syncFolder } from './sync.ts';

/**
 * Small blobs appended to shared files: all that arrive while one sync is under way share the next one. One file each
 * costs a journal commit each, fifteen times the processor time (decision record 003).
 *
 * A piece is: magic (4 bytes), length (u32 LE), id of what will name it (16), seal (32), then the bytes. The seal is a
 * SHA-256 over all before it and the digest of the bytes: only a piece whose seal is right may be taken for unwanted.
 * Packs are never opened again for appending: what a crash left unfinished at their end is named by nothing.
 */
export const HEADER_BYTES = 56;
const MAGIC = 0x32_4c_42_52; // "RBL2"
/** The same with the digest of the bytes in place of the seal: served, never swept. */
const UNSEALED = 0x31_4c_42_52; // "RBL1"
const LENGTH_AT = 4;
const ID_AT = 8;
const SEAL_AT = 24;

const MB = 1024 * 1024;
/** A pack dies when its last piece is purged: the smaller, the sooner. */
export const PACK_BYTES = 32 * MB;
export const PACK_MS = 60_000;
/** One write call: bounds the time the first of a batch waits for the last. */
const BATCH_BYTES = 8 * MB;
/** A write returns once it is on disk: one call to the system's threads instead of two. */
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_DSYNC;
const MODE = 0o640;
/** IOV_MAX is 1024 on Linux. */
const BATCH_PARTS = 1000;

export interface Piece {
  id: Id;
  parts: readonly Uint8Array[];
  length: number;
  /** 32 bytes */
  sha256: Buffer;
}

interface Waiting {
  piece: Piece;
  resolve(name: string): void;
  reject(error: unknown): void;
}

interface Pack {
  name: string;
  path: string;
  handle: FileHandle;
  until: number;
  size: number;
  /** a piece of it was named to somebody */
  named: boolean;
}

export function header(piece: Piece): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(piece.length, LENGTH_AT);
  bytes.write(piece.id, ID_AT, 'base64url');
  sealOf(bytes, piece.sha256).copy(bytes, SEAL_AT);
  return bytes;
}

const sealOf = (head: Buffer, sha256: Buffer): Buffer =>
  createHash('sha256').update(head.subarray(0, SEAL_AT)).update(sha256).digest();

/** The piece that begins these bytes, which reach to the end of its pack; undefined when its seal does not hold. */
export function unseal(bytes: Buffer): { id: Id; length: number } | undefined {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) return undefined;
  const length = bytes.readUInt32LE(LENGTH_AT);
  const content = bytes.subarray(HEADER_BYTES, HEADER_BYTES + length);
  if (content.length !== length) return undefined;
  const seal = sealOf(bytes, createHash('sha256').update(content).digest());
  if (!seal.equals(bytes.subarray(SEAL_AT, HEADER_BYTES))) return undefined;
  return { id: bytes.toString('base64url', ID_AT, SEAL_AT) as Id, length };
}

/** True when these bytes begin a piece of that length: one that was erased begins with zeros. */
export const isHeader = (bytes: Buffer, length: number): boolean =>
  bytes.length >= HEADER_BYTES &&
  [MAGIC, UNSEALED].includes(bytes.readUInt32LE(0)) &&
  bytes.readUInt32LE(LENGTH_AT) === length;

export class PackWriter {
  readonly #root: string;
  readonly #clock: () => number;
  #queue: Waiting[] = [];
  #pack: Pack | undefined;
  #pumping: Promise<void> | undefined;

  constructor(root: string, clock: () => number) {
    this.#root = root;
    this.#clock = clock;
  }

  /** Name of the piece, once it is on disk. */
  append(piece: Piece): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ piece, resolve, reject });
      this.#pumping ??= this.#pump();
    });
  }

  async close(): Promise<void> {
    await this.#pumping;
    await this.#retire();
  }

  async #pump(): Promise<void> {
    // pieces of the same turn of the event loop go together
    await new Promise(setImmediate);
    while (this.#queue.length > 0) await this.#flush(this.#batch());
    this.#pumping = undefined;
  }

  #batch(): Waiting[] {
    let bytes = 0;
    let parts = 0;
    let count = 0;
    for (const { piece } of this.#queue) {
      bytes += piece.length + HEADER_BYTES;
      parts += piece.parts.length + 1;
      if (count > 0 && (bytes > BATCH_BYTES || parts > BATCH_PARTS)) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #flush(batch: Waiting[]): Promise<void> {
    try {
      const names = await this.#write(batch);
      for (const [index, waiting] of batch.entries()) waiting.resolve(names[index] as string);
    } catch (error) {
      // what of it is on disk is unknown: no more is written behind it
      const pack = this.#pack;
      await this.#retire().catch(() => undefined);
      // a full disk would fill with packs that hold nothing
      if (pack?.named === false) await rm(pack.path, { force: true }).catch(() => undefined);
      for (const waiting of batch) waiting.reject(error);
    }
  }

  async #write(batch: Waiting[]): Promise<string[]> {
    const fresh = await this.#current();
    const pack = this.#pack as Pack;
    const parts: Uint8Array[] = [];
    const names: string[] = [];
    let at = pack.size;
    for (const { piece } of batch) {
      parts.push(header(piece), ...piece.parts);
      names.push(pieceName(pack.name, at, piece.length));
      at += HEADER_BYTES + piece.length;
    }
    await writeAll(pack.handle, parts, pack.size, at - pack.size);
    pack.size = at;
    if (fresh) await syncFolder(dirname(pack.path));
    pack.named = true;
    return names;
  }

  /** Sees that there is a pack to append to; true when it is a new one, whose name is not safe yet. */
  async #current(): Promise<boolean> {
    const now = this.#clock();
    if (this.#pack && this.#pack.size < PACK_BYTES && now < this.#pack.until) return false;
    await this.#retire();
    const name = packName(now);
    const path = pathOf(this.#root, minuteOf(now), name);
    await makeFolder(dirname(path));
    this.#pack = { name, path, handle: await open(path, FLAGS, MODE), until: now + PACK_MS, size: 0, named: false };
    return true;
  }

  async #retire(): Promise<void> {
    const pack = this.#pack;
    this.#pack = undefined;
    await pack?.handle.close();
  }
}

/** A write may take less than it was given. */
async function writeAll(
  handle: FileHandle,
  parts: readonly Uint8Array[],
  position: number,
  length: number,
): Promise<void> {
  const { bytesWritten } = await handle.writev(parts, position);
  if (bytesWritten === length) return;
  const rest = Buffer.concat(parts).subarray(bytesWritten);
  for (let sent = 0; sent < rest.length; ) {
    const step = await handle.write(rest, sent, rest.length - sent, position + bytesWritten + sent);
    if (step.bytesWritten === 0) throw new DiskFull();
    sent += step.bytesWritten;
  }
}
