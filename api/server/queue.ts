import { SLAB_BYTES, type Slabs } from './slabs.ts';

interface Entry {
  /** memory of the chunk: a slab, or its own */
  memory: Uint8Array;
  length: number;
  slab: boolean;
}

/** Chunks of one upload between the socket and the disk: the first ones in memory of their own, a long body in slabs. */
export class ChunkQueue {
  readonly #slabs: Slabs;
  readonly #entries: Entry[] = [];
  #lent: Entry | undefined;
  #received = 0;
  #bytes = 0;

  constructor(slabs: Slabs) {
    this.#slabs = slabs;
  }

  /** bytes waiting, without the chunk lent out */
  get bytes(): number {
    return this.#bytes;
  }

  /** The chunk lent out is in memory of its own, which is not used again. */
  get kept(): boolean {
    return this.#lent?.slab === false;
  }

  /** Copies bytes in. Gives how many found room: fewer than all only when the slabs are used up. */
  push(bytes: Uint8Array): number {
    this.#received += bytes.byteLength;
    if (this.#received <= SLAB_BYTES) {
      this.keep(bytes);
      return bytes.byteLength;
    }
    let at = 0;
    while (at < bytes.byteLength) {
      const entry = this.#room();
      if (entry === undefined) break;
      const part = bytes.subarray(at, at + SLAB_BYTES - entry.length);
      entry.memory.set(part, entry.length);
      entry.length += part.byteLength;
      this.#bytes += part.byteLength;
      at += part.byteLength;
    }
    return at;
  }

  /** Copies bytes into memory of their own. */
  keep(bytes: Uint8Array): void {
    this.#entries.push({ memory: bytes.slice(), length: bytes.byteLength, slab: false });
    this.#bytes += bytes.byteLength;
  }

  /** The next chunk, lent until the next call; gives the memory of the last one back. */
  shift(): Uint8Array | undefined {
    this.settle();
    const entry = this.#entries.shift();
    if (entry === undefined) return undefined;
    this.#lent = entry;
    this.#bytes -= entry.length;
    return entry.memory.subarray(0, entry.length);
  }

  /** Takes the chunk lent out back; gives its bytes. */
  settle(): number {
    const lent = this.#lent;
    this.#lent = undefined;
    if (lent === undefined) return 0;
    if (lent.slab) this.#slabs.give(lent.memory);
    return lent.length;
  }

  /** Hands all that waits over, in order; gives its bytes. */
  flush(take: (chunk: Uint8Array) => void): number {
    const bytes = this.#bytes;
    for (const { memory, length } of this.#entries) take(memory.subarray(0, length));
    this.clear();
    return bytes;
  }

  /** Throws away all that waits; gives its bytes. */
  clear(): number {
    const bytes = this.#bytes;
    for (const { memory, slab } of this.#entries) if (slab) this.#slabs.give(memory);
    this.#entries.length = 0;
    this.#bytes = 0;
    return bytes;
  }

  #room(): Entry | undefined {
    const last = this.#entries.at(-1);
    if (last?.slab && last.length < SLAB_BYTES) return last;
    const memory = this.#slabs.take();
    if (memory === undefined) return undefined;
    const entry: Entry = { memory, length: 0, slab: true };
    this.#entries.push(entry);
    return entry;
  }
}
