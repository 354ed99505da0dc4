import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { deriveKey } from '#api/auth/keys.ts';
import type { Mark, Question } from './question.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A name of the contract's length, and more. */
const MARK_LENGTH = 8_192;

/** Places of lists as callers hold them: sealed, for a name would else be in an address, and in the logs of all on the way. */
export class Marks {
  readonly #key: KeyObject;

  constructor(master: Uint8Array) {
    this.#key = deriveKey(master, 'places of lists');
  }

  seal(question: Pick<Question, 'sort' | 'descending'>, { key, id }: Mark): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce);
    cipher.setAAD(Buffer.from(orderOf(question)));
    const hidden = Buffer.concat([cipher.update(JSON.stringify([key, id])), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64url');
  }

  /** undefined: it is no place of that order, or not of this hub */
  open(question: Pick<Question, 'sort' | 'descending'>, text: string): Mark | undefined {
    const bytes = Buffer.from(text.slice(0, MARK_LENGTH), 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(orderOf(question)));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      const clear = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
      const [key, id] = JSON.parse(clear.toString()) as [string | number, string];
      return { key, id };
    } catch {
      return undefined;
    }
  }
}

const orderOf = ({ sort, descending }: Pick<Question, 'sort' | 'descending'>): string =>
  `${sort} ${descending ? 'desc' : 'asc'}`;
