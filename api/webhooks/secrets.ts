import { createHmac, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Seal } from '#engine/client/seal.ts';
import type { Id } from '#engine/domain/ids.ts';

/**
 * Secrets of webhooks and their signatures, by the Standard Webhooks convention: `v1` is HMAC-SHA256, `v1a` Ed25519,
 * both of `id.timestamp.body`. Both come of one seed, which is kept sealed.
 */
const HMAC_BYTES = 32;
const SEED_BYTES = 32;
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
  readonly #seal: Seal;

  constructor(master: Uint8Array) {
    this.#seal = new Seal(master, 'webhook secrets');
  }

  make(webhook: Id): MadeSecret {
    const bytes = randomBytes(HMAC_BYTES + SEED_BYTES);
    const hmac = bytes.subarray(0, HMAC_BYTES);
    const { x } = createPublicKey(privateKeyOf(bytes.subarray(HMAC_BYTES))).export({ format: 'jwk' });
    return {
      secret: `whsec_${hmac.toString('base64')}`,
      publicKey: `whpk_${Buffer.from(x ?? '', 'base64url').toString('base64')}`,
      // The secret of one webhook is worth nothing in the record of another.
      sealed: this.#seal.seal(bytes, webhook),
    };
  }

  /** @throws Error when it was sealed for another webhook, or with another master key */
  open(webhook: Id, sealed: string): Signer {
    const clear = this.#seal.open(sealed, webhook);
    return { hmac: clear.subarray(0, HMAC_BYTES), privateKey: privateKeyOf(clear.subarray(HMAC_BYTES)) };
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
