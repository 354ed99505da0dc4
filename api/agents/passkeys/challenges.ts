import { createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiDeps } from '#api/server/deps.ts';
import { deriveKey } from '#engine/client/keys.ts';

/** Time to find one's key and touch it, ms. */
export const CHALLENGE_MS = 5 * 60_000;
const RANDOM_BYTES = 16;
const MAC_BYTES = 16;
const TIME_BYTES = 6;
const LENGTH = TIME_BYTES + RANDOM_BYTES + MAC_BYTES;

/**
 * What an authenticator signs. A challenge says itself until when it is good and is ours by its seal, so that nothing is stored
 * for whoever only opens the page; that it is used once is noted when it was (`Sessions.spend`).
 */
export class Challenges {
  readonly #key: KeyObject;
  readonly #now: () => number;

  /** @param now ms */
  constructor(master: Uint8Array, now: () => number) {
    this.#key = deriveKey(master, 'passkey challenges');
    this.#now = now;
  }

  /** Those of this hub: cheap enough to be made for each request. */
  static of({ config, hub }: Pick<ApiDeps, 'config' | 'hub'>): Challenges {
    return new Challenges(config.masterKey, () => hub.now());
  }

  /** @param purpose what it is for, and whose: good for nothing else */
  make(purpose: string): Buffer {
    const body = Buffer.alloc(TIME_BYTES + RANDOM_BYTES);
    body.writeUIntBE(this.#now() + CHALLENGE_MS, 0, TIME_BYTES);
    randomBytes(RANDOM_BYTES).copy(body, TIME_BYTES);
    return Buffer.concat([body, this.#mac(purpose, body)]);
  }

  /** @param text base64url */
  isGood(purpose: string, text: string): boolean {
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length !== LENGTH) return false;
    const body = bytes.subarray(0, TIME_BYTES + RANDOM_BYTES);
    if (!timingSafeEqual(bytes.subarray(TIME_BYTES + RANDOM_BYTES), this.#mac(purpose, body))) return false;
    return this.#now() < body.readUIntBE(0, TIME_BYTES);
  }

  #mac(purpose: string, body: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(`${purpose}\n`).update(body).digest().subarray(0, MAC_BYTES);
  }
}
