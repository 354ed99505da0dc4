import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { deriveKey } from './keys.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What others keep or carry and only the hub may read: AES-256-GCM with a key of the master key for one purpose. */
export class Seal {
  readonly #key: KeyObject;

  constructor(master: Uint8Array, purpose: string) {
    this.#key = deriveKey(master, purpose);
  }

  /** The secret of an e-mail's link: jobs wait in Redis, and commits in the journal, where it must not be readable. */
  static ofLinks(master: Uint8Array): Seal {
    return new Seal(master, 'links of e-mails');
  }

  /** @param place what it is good for: sealed for one, it does not open for another @returns base64url */
  seal(clear: string | Uint8Array, place = ''): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce);
    cipher.setAAD(Buffer.from(place));
    const hidden = Buffer.concat([cipher.update(clear), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64url');
  }

  /** @throws Error when it was altered, or sealed for another place or with another master key */
  open(sealed: string, place = ''): Buffer {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  }
}
