/** Small secrets that travel through the browser: encrypted and authenticated, with an end. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { settings } from '#lib/server/settings.ts';

const IV = 12;
const TAG = 16;
const keys = new Map<string, Buffer>();

/** All processes of the portal share their client's secret, so they read each other's. */
function keyFor(purpose: string): Buffer {
  let key = keys.get(purpose);
  if (!key) {
    key = Buffer.from(hkdfSync('sha256', settings().clientSecret, '', `relais portal ${purpose}`, 32));
    keys.set(purpose, key);
  }
  return key;
}

export function seal(purpose: string, content: unknown, seconds: number): string {
  const iv = randomBytes(IV);
  const cipher = createCipheriv('aes-256-gcm', keyFor(purpose), iv);
  const text = JSON.stringify({ until: Date.now() + seconds * 1000, content });
  return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** undefined when it is not ours, altered, or over. */
export function unseal<T>(purpose: string, sealed: string | undefined): T | undefined {
  if (!sealed) return undefined;
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < IV + TAG) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyFor(purpose), bytes.subarray(0, IV));
    decipher.setAuthTag(bytes.subarray(-TAG));
    const text = Buffer.concat([decipher.update(bytes.subarray(IV, -TAG)), decipher.final()]).toString();
    const { until, content } = JSON.parse(text) as { until: number; content: T };
    return Date.now() < until ? content : undefined;
  } catch {
    return undefined;
  }
}
