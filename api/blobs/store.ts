import type { Chunks } from '#api/server/types.ts';
import type { Id } from '#engine/domain/ids.ts';

/** What bytes turned out to be, before it is decided whether they are kept. */
export interface Facts {
  bytes: number;
  /** SHA-256, base64, 44 characters */
  sha256: string;
  /** the first HEAD_BYTES bytes, or all when there are fewer */
  head: Uint8Array;
}

/** Enough of a file to know its format by. */
export const HEAD_BYTES = 1024;

export type Verdict = (facts: Facts) => boolean | Promise<boolean>;

/** Bytes to give back: `length` of them from `from`. */
export interface Range {
  from: number;
  length: number;
}

export interface Stored {
  /** bytes of the whole blob */
  size: number;
  /** Opens at the first pull, closes when the iterator ends or is returned. A chunk is good until the next pull. */
  read(range?: Range): AsyncIterable<Uint8Array>;
}

/** Bytes by name, written once and never changed. A folder on disk today, S3 later. */
export interface BlobStore {
  /**
   * Reads the source to its end, asks `keep`, and gives the blob a name of its own, which begins with the time:
   * the bytes would then survive a power cut. Undefined when they are not kept: then, and when anything throws,
   * nothing stays. Past `maxBytes` no more is read, and `keep` is asked with what came.
   */
  write(id: Id, source: Chunks, maxBytes: number, keep: Verdict): Promise<string | undefined>;
  /** undefined when there is no such blob */
  find(name: string): Promise<Stored | undefined>;
  /** Erases; names unknown or already removed are no error. @throws Error when the store is not the hub's */
  remove(names: readonly string[]): Promise<void>;
  /** Reasons why a write would not succeed now; empty when it would. */
  check(): Promise<string[]>;
  close(): Promise<void>;
}
