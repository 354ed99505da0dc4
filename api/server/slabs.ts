/** Bytes of one slab: what uWebSockets reads from a socket at once. */
export const SLAB_BYTES = 512 * 1024;

/**
 * Buffers for large uploads, touched once and used again. uWebSockets empties a socket before it honours a pause; a
 * sender on the same machine (a proxy that has buffered the upload) refills it faster than memory can be allocated,
 * but not as fast as bytes are copied into memory at hand: with slabs the socket runs dry and the pause takes effect.
 */
export class Slabs {
  readonly #count: number;
  #free: Uint8Array[] | undefined;

  constructor(count: number) {
    this.#count = count;
  }

  /** Slabs not in use; all of them before the first is asked for. */
  get free(): number {
    return this.#free?.length ?? this.#count;
  }

  /** undefined when all are in use */
  take(): Uint8Array | undefined {
    // filled, not only allocated: the pages must be there
    this.#free ??= Array.from({ length: this.#count }, () => new Uint8Array(SLAB_BYTES).fill(1));
    return this.#free.pop();
  }

  give(slab: Uint8Array): void {
    if (this.#free === undefined || this.#free.length >= this.#count) throw new Error('a slab given back twice');
    this.#free.push(slab);
  }
}
