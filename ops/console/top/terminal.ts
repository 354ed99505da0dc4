/** A full-screen terminal: keys, its size, and lines drawn without flicker. */
import type { ReadStream, WriteStream } from 'node:tty';

export type Key = 'quit' | 'pause' | 'next' | 'previous' | 'up' | 'down' | 'pageUp' | 'pageDown' | 'sort' | 'reverse';

const ESCAPE = '\x1b';

/** Ctrl-C comes as a letter in raw mode. */
const KEYS: Record<string, Key> = {
  q: 'quit',
  '\x03': 'quit',
  '\x04': 'quit',
  p: 'pause',
  ' ': 'pause',
  '\t': 'next',
  '\x1b[C': 'next',
  '\x1b[D': 'previous',
  '\x1b[Z': 'previous',
  '\x1b[A': 'up',
  k: 'up',
  '\x1b[B': 'down',
  j: 'down',
  '\x1b[5~': 'pageUp',
  '\x1b[6~': 'pageDown',
  s: 'sort',
  r: 'reverse',
};
/** A sequence of the terminal, or one letter. */
const PRESSED = new RegExp(`${ESCAPE}\\[[\\d;]*[A-Za-z~]|[\\s\\S]`, 'g');

const ALTERNATE = '\x1b[?1049h\x1b[?25l';
const USUAL = '\x1b[?25h\x1b[?1049l';
/** Terminals that know it show all or nothing of what comes between (mode 2026); others pass over it. */
const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';

const USUAL_COLUMNS = 80;
const USUAL_ROWS = 24;

export class Terminal {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  #drawn: string[] = [];
  #open = false;

  constructor(input: ReadStream, output: WriteStream) {
    this.#input = input;
    this.#output = output;
  }

  get size(): { columns: number; rows: number } {
    return { columns: this.#output.columns || USUAL_COLUMNS, rows: this.#output.rows || USUAL_ROWS };
  }

  open(onKey: (key: Key) => void, onResize: () => void): void {
    this.#open = true;
    this.#input.setRawMode?.(true);
    this.#input.setEncoding('utf8');
    this.#input.on('data', (text) => {
      for (const [pressed] of String(text).matchAll(PRESSED)) {
        const key = KEYS[pressed];
        if (key !== undefined) onKey(key);
      }
    });
    this.#input.on('end', () => onKey('quit'));
    this.#output.on('resize', () => {
      this.#drawn = [];
      onResize();
    });
    this.#output.write(ALTERNATE);
    // also when the process ends by an error: a shell in raw mode is of no use
    process.once('exit', () => this.close());
  }

  /** Only lines that changed are written. */
  draw(lines: readonly string[]): void {
    const first = this.#drawn.length === 0;
    const changed = lines.flatMap((line, index) =>
      line === this.#drawn[index] ? [] : [`\x1b[${index + 1};1H${line}\x1b[K`],
    );
    const rest = first || this.#drawn.length > lines.length ? `\x1b[${lines.length + 1};1H\x1b[J` : '';
    const below = lines.length < this.size.rows ? rest : '';
    this.#drawn = [...lines];
    if (changed.length > 0 || below !== '') this.#output.write(`${BEGIN}${changed.join('')}${below}${END}`);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#output.write(USUAL);
    this.#input.setRawMode?.(false);
    this.#input.pause();
  }
}
