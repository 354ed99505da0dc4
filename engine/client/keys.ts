import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** Least length of the hub's master key, bytes: that of the keys made from it. */
const KEY_BYTES = 32;

/** A key for one purpose (HKDF-SHA256, RFC 5869): knowing one tells nothing about the others. */
export function deriveKey(master: Uint8Array, purpose: string): KeyObject {
  if (master.length < KEY_BYTES) throw new Error(`the master key has ${master.length} bytes: ${KEY_BYTES} are needed`);
  return createSecretKey(Buffer.from(hkdfSync('sha256', master, '', `relais ${purpose}`, KEY_BYTES)));
}
