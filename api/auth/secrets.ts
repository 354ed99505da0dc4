import { createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '#engine/client/keys.ts';
import type { ClientState } from '#engine/domain/records/client.ts';

/** Size of a secret, bytes. With so much chance in it, a slow hash would protect nothing more. */
const SECRET_BYTES = 32;

/** Length of a SHA-256 in base64url. */
const HASH_LENGTH = 43;
const NO_HASH = '-'.repeat(HASH_LENGTH);

/** Secrets of clients: made here, shown once, and kept as keyed SHA-256 only. */
export class Secrets {
  readonly #key: KeyObject;

  constructor(master: Uint8Array) {
    this.#key = deriveKey(master, 'client secrets');
  }

  /** 43 characters of base64url: no character that a Basic header, a form or a shell would change. */
  make(): string {
    return randomBytes(SECRET_BYTES).toString('base64url');
  }

  /** The client id is part of it: the hash of one client is worth nothing in the record of another. */
  hash(clientId: string, secret: string): string {
    return createHmac('sha256', this.#key).update(`${clientId}:${secret}`).digest('base64url');
  }

  /** Whether this is the client's secret of now, not the one before. */
  isCurrent(client: ClientState, secret: string): boolean {
    return same(Buffer.from(this.hash(client.clientId, secret)), client.secret);
  }

  /** Whether this is the client's secret, or the one before during its overlap. Takes as long for an unknown client. */
  match(client: ClientState | undefined, clientId: string, secret: string, now: number): boolean {
    const hash = Buffer.from(this.hash(clientId, secret));
    const current = same(hash, client?.secret);
    const previous = same(hash, client?.previousSecret);
    if (!client || client.revoked !== null) return false;
    return current || (previous && client.previousUntil !== null && now < client.previousUntil);
  }
}

function same(hash: Buffer, stored: string | null | undefined): boolean {
  const other = Buffer.from(stored ?? NO_HASH);
  return other.length === hash.length && timingSafeEqual(hash, other);
}
