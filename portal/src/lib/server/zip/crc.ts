import { crc32 } from 'node:zlib';

/** CRC-32 of bytes that come in pieces. */
export class Crc {
  #value = 0;

  add(bytes: Uint8Array): void {
    this.#value = crc32(bytes, this.#value);
  }

  get value(): number {
    return this.#value >>> 0;
  }
}
