import { Seal } from '#engine/client/seal.ts';
import type { Mark, Question } from './question.ts';

/** A name of the contract's length, and more. */
const MARK_LENGTH = 8_192;

/** Places of lists as callers hold them: sealed, for a name would else be in an address, and in the logs of all on the way. */
export class Marks {
  readonly #seal: Seal;

  constructor(master: Uint8Array) {
    this.#seal = new Seal(master, 'places of lists');
  }

  seal(question: Pick<Question, 'sort' | 'descending'>, { key, id }: Mark): string {
    return this.#seal.seal(JSON.stringify([key, id]), orderOf(question));
  }

  /** undefined: it is no place of that order, or not of this hub */
  open(question: Pick<Question, 'sort' | 'descending'>, text: string): Mark | undefined {
    try {
      const clear = this.#seal.open(text.slice(0, MARK_LENGTH), orderOf(question));
      const [key, id] = JSON.parse(clear.toString()) as [string | number, string];
      return { key, id };
    } catch {
      return undefined;
    }
  }
}

const orderOf = ({ sort, descending }: Pick<Question, 'sort' | 'descending'>): string =>
  `${sort} ${descending ? 'desc' : 'asc'}`;
