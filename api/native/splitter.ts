import { isUtf8 } from 'node:buffer';

/** Bytes of one line: some 1.5 MB of files in base64; larger ones are sent before, and named. */
export const LINE_BYTES = 2 * 1024 * 1024;

/** Why a line has no text. */
export type Unread = 'too-long' | 'not-utf8';
export type Line = { number: number } & ({ text: string } | { unread: Unread });

const NEWLINE = 10;
const RETURN = 13;

/**
 * Lines of NDJSON from bytes as they come. Only what begins a line that goes on is kept, and of a line too long
 * nothing; empty lines are counted and passed over.
 */
export class Splitter {
  readonly #limit: number;
  #kept: Buffer[] = [];
  #length = 0;
  #number = 0;

  constructor(limit = LINE_BYTES) {
    this.#limit = limit;
  }

  /** Lines begun so far. */
  get number(): number {
    return this.#number;
  }

  /** The lines these bytes end. */
  push(chunk: Uint8Array): Line[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: Line[] = [];
    let from = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
      this.#end(bytes.subarray(from, at), lines);
      from = at + 1;
    }
    this.#keep(bytes.subarray(from));
    return lines;
  }

  /** The last line, which no newline ended. */
  rest(): Line[] {
    const lines: Line[] = [];
    if (this.#length > 0) this.#end(Buffer.alloc(0), lines);
    return lines;
  }

  #keep(bytes: Buffer): void {
    this.#length += bytes.length;
    if (this.#length > this.#limit) this.#kept = [];
    else if (bytes.length > 0) this.#kept.push(Buffer.from(bytes));
  }

  #end(last: Buffer, lines: Line[]): void {
    const length = this.#length + last.length;
    const bytes = this.#kept.length === 0 ? last : Buffer.concat([...this.#kept, last]);
    this.#kept = [];
    this.#length = 0;
    this.#number += 1;
    const number = this.#number;
    const end = bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length;
    if (length > this.#limit) lines.push({ number, unread: 'too-long' });
    else if (end === 0) return;
    else if (!isUtf8(bytes)) lines.push({ number, unread: 'not-utf8' });
    else lines.push({ number, text: bytes.toString('utf8', 0, end) });
  }
}
