import type { Database } from '#engine/sqlite.ts';

/** No word has it. */
const NONE = -1;

/** Keys of organisations and codes of démarches, which the file holds by number. They are some ten thousand, and only grow. */
export class Words {
  readonly #db: Database;
  readonly #numbers = new Map<string, number>();
  readonly #texts = new Map<number, string>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** A number no row has for what the file does not know. */
  number(text: string): number {
    return (
      this.#numbers.get(text) ?? this.#know(this.#db.get('SELECT n, text FROM word WHERE text = ?', text)?.['n'], text)
    );
  }

  text(number: number): string {
    const known = this.#texts.get(number);
    if (known !== undefined) return known;
    const text = this.#db.get('SELECT text FROM word WHERE n = ?', number)?.['text'] as string;
    this.#know(number, text);
    return text;
  }

  /** The number of a word, given now if it has none. */
  given(text: string): number {
    const known = this.number(text);
    return known === NONE ? this.#know(this.#db.run('INSERT INTO word(text) VALUES(?)', text), text) : known;
  }

  /** Forgets: a transaction was taken back. */
  forget(): void {
    this.#numbers.clear();
    this.#texts.clear();
  }

  #know(number: unknown, text: string): number {
    if (typeof number !== 'number') return NONE;
    this.#numbers.set(text, number);
    this.#texts.set(number, text);
    return number;
  }
}
