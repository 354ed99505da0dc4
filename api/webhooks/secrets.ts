import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { deriveKey } from '#api/auth/keys.ts';
import type { Id } from '#engine/domain/ids.ts';

/**
 * Secrets of webhooks and their signatures, by the Standard Webhooks convention: `v1` is HMAC-SHA256, `v1a` Ed25519,
 * both of `id.timestamp.body`. Both come of one seed, which is kept sealed (AES-256-GCM) with a key of the master key.
 */
const HMAC_BYTES = 32;
const SEED_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
/** RFC 8410: what stands before the 32 bytes of a private Ed25519 key in PKCS #8. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Shown once, when it is made. */
export interface MadeSecret {
  /** HMAC, `whsec_…` */
  secret: string;
  /** Ed25519, `whpk_…` */
  publicKey: string;
  sealed: string;
}

/** What signs a call. */
export interface Signer {
  hmac: Buffer;
  privateKey: KeyObject;
}

export class WebhookSecrets {
  readonly #key: KeyObject;

  constructor(master: Uint8Array) {
    this.#key = deriveKey(master, 'webhook secrets');
  }

  make(webhook: Id): MadeSecret {
    const bytes = randomBytes(HMAC_BYTES + SEED_BYTES);
    const hmac = bytes.subarray(0, HMAC_BYTES);
    const { x } = createPublicKey(privateKeyOf(bytes.subarray(HMAC_BYTES))).export({ format: 'jwk' });
    return {
      secret: `whsec_${hmac.toString('base64')}`,
      publicKey: `whpk_${Buffer.from(x ?? '', 'base64url').toString('base64')}`,
      sealed: this.#seal(webhook, bytes),
    };
  }

  /** @throws Error when it was sealed for another webhook, or with another master key */
  open(webhook: Id, sealed: string): Signer {
    const bytes = Buffer.from(sealed, 'base64url');
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(webhook));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const clear = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    return { hmac: clear.subarray(0, HMAC_BYTES), privateKey: privateKeyOf(clear.subarray(HMAC_BYTES)) };
  }

  #seal(webhook: Id, bytes: Buffer): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce);
    // The secret of one webhook is worth nothing in the record of another.
    cipher.setAAD(Buffer.from(webhook));
    const hidden = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64url');
  }
}

const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });

/** Headers of one call: a signature of each kind by each secret, the newest first. @param seconds since 1970 */
export function signedHeaders(
  signers: readonly Signer[],
  id: string,
  seconds: number,
  body: string,
): Record<string, string> {
  const content = Buffer.from(`${id}.${seconds}.${body}`);
  const signatures = signers.flatMap(({ hmac, privateKey }) => [
    `v1,${createHmac('sha256', hmac).update(content).digest('base64')}`,
    `v1a,${sign(null, content, privateKey).toString('base64')}`,
  ]);
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') };
}
