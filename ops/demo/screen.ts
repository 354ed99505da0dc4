/** Seconds between two states of the live line where lines cannot be rewritten (a pipe, a log). */
const plainSeconds = 10;

const barWidth = 30;

/** Lines that stay, and one live line below them: rewritten in a terminal, printed again now and then elsewhere. */
export class Screen {
  readonly #write: (text: string) => void;
  readonly #columns: number | undefined;
  #live = '';
  #plainAt = 0;

  /** `columns`: the width of the terminal; undefined where there is none. */
  constructor(write: (text: string) => void, columns: number | undefined) {
    this.#write = write;
    this.#columns = columns;
  }

  line(text = ''): void {
    this.#write(this.#live ? `\r\x1b[2K${text}\n${this.#live}` : `${text}\n`);
  }

  /** Replaces the live line. `last` makes it stay and is always shown. */
  live(text: string, last = false): void {
    if (this.#columns) {
      // A line that wraps could not be rewritten.
      const fitting = text.slice(0, this.#columns - 1);
      this.#write(`\r\x1b[2K${fitting}${last ? '\n' : ''}`);
      this.#live = last ? '' : fitting;
      return;
    }
    const now = Date.now();
    if (!last && now < this.#plainAt) return;
    this.#plainAt = now + plainSeconds * 1000;
    this.#write(`${text}\n`);
  }
}

/** `folders        [#####.....] 12,345/20,000  1,200/s`; the pace counts from `startedAt`. */
export function bar(what: string, done: number, total: number, startedAt: number): string {
  const filled = total === 0 ? barWidth : Math.round((barWidth * done) / total);
  const seconds = Math.max(0.001, (Date.now() - startedAt) / 1000);
  const pace = Math.round(done / seconds).toLocaleString('en');
  const drawn = '#'.repeat(filled) + '.'.repeat(barWidth - filled);
  return `${what.padEnd(14)} [${drawn}] ${done.toLocaleString('en')}/${total.toLocaleString('en')}  ${pace}/s`;
}
