/** What a store says of bytes it has written and synced. */
export interface Written {
  bytes: number;
  /** SHA-256, base64, 44 characters */
  sha256: string;
  /** first SIGNATURE_BYTES bytes, or all when there are fewer */
  head: Uint8Array;
}

/** Bytes to give back: `length` of them from `from`. */
export interface Range {
  from: number;
  length: number;
}

export interface Stored {
  /** bytes of the whole blob */
  size: number;
  /** Opens at the first pull, closes when the iterator ends or is returned. */
  read(range?: Range): AsyncIterable<Uint8Array>;
}

/** A blob being written: kept or dropped by what is found out once all its bytes are known. */
export type Verdict = (written: Written) => boolean | Promise<boolean>;

/**
 * Bytes by name, written once and never changed. Names are `<attachment id>-<nonce>`; the id begins with its time,
 * which a store may use to spread and to purge. A folder on disk today, S3 later.
 */
export interface BlobStore {
  /**
   * Reads the source to its end; resolves when the bytes would survive a power cut if `keep` says so, and leaves
   * nothing when it says no or when anything throws. Throws TooLong past `maxBytes` without reading further.
   */
  write(name: string, source: AsyncIterable<Uint8Array>, maxBytes: number, keep: Verdict): Promise<Written>;
  /** undefined when there is no such blob */
  find(name: string): Promise<Stored | undefined>;
  /** Names unknown, or already removed, are no error. */
  remove(names: readonly string[]): Promise<void>;
  /** Reasons why a write would not succeed now; empty when it would. */
  check(): Promise<string[]>;
  close(): Promise<void>;
}

/** The source gave more bytes than allowed. */
export class TooLong extends Error {
  constructor(maxBytes: number) {
    super(`more than ${maxBytes} bytes`);
    this.name = 'TooLong';
  }
}
