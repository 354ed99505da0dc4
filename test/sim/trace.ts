import { createHash } from 'node:crypto';

const KEPT = 4_000;
/** Ids of stream entries are of the server's own time: what they say is no part of a history. */
const STREAM_ID = /\b\d{13}-\d+\b/g;
/** Marks of commits vouch for those ids too. */
const MARK = /\b[0-9a-f]{8}\b/g;

/** All that happened, as one digest and, of the last of it, as lines. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly lines: string[] = [];
  readonly #print: boolean;
  #now: () => number;

  constructor(now: () => number, print = false) {
    this.#now = now;
    this.#print = print;
  }

  /** @param detail part of the digest only */
  note(line: string, detail = ''): void {
    const text = `${Math.round(this.#now())} ${line}`;
    this.#hash.update(`${text} ${detail.replace(STREAM_ID, '#').replace(MARK, '#')}\n`);
    this.lines.push(text);
    if (this.lines.length > 2 * KEPT) this.lines.splice(0, KEPT);
    if (this.#print) process.stdout.write(`${text} ${detail.replace(STREAM_ID, '#').slice(0, 400)}\n`);
  }

  digest(): string {
    return this.#hash.copy().digest('hex').slice(0, 16);
  }
}
