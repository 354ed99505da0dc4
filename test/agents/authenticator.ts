import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** An authenticator of WebAuthn in a few lines: what a test does wrong with it, no browser would. */

const bytes = (value: Uint8Array): Buffer =>
  value.length < 24
    ? Buffer.from([0x40 | value.length])
    : value.length < 256
      ? Buffer.from([0x58, value.length])
      : Buffer.from([0x59, value.length >> 8, value.length & 255]);
const blob = (value: Uint8Array): Buffer => Buffer.concat([bytes(value), value]);
const text = (value: string): Buffer => Buffer.concat([Buffer.from([0x60 | value.length]), Buffer.from(value)]);

const sha256 = (value: string | Uint8Array): Buffer => createHash('sha256').update(value).digest();
const base64 = (value: Uint8Array): string => Buffer.from(value).toString('base64url');

/** user present 1, user verified 4, credential follows 64 */
export const FLAGS = { verified: 0x05, present: 0x01, attested: 0x40 } as const;

interface Wrong {
  origin?: string;
  rpId?: string;
  flags?: number;
  counter?: number;
  type?: string;
}

interface Creation {
  challenge: string;
  rp: { id: string };
  user: { id: string };
}

export class Authenticator {
  readonly origin: string;
  readonly id = randomBytes(32);
  readonly #keys: { privateKey: KeyObject; publicKey: KeyObject };
  #counter = 0;
  #handle = '';

  constructor(origin: string) {
    this.origin = origin;
    this.#keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  }

  get rpId(): string {
    return new URL(this.origin).hostname;
  }

  create({ challenge, user }: Creation, wrong: Wrong = {}) {
    this.#handle = user.id;
    const { x, y } = this.#keys.publicKey.export({ format: 'jwk' }) as { x: string; y: string };
    const [ax, ay] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
    // COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    const parts = [
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      blob(ax),
      Buffer.from([0x22]),
      blob(ay),
    ];
    const length = Buffer.from([0, this.id.length]);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, ...parts]);
    const data = this.#data({ flags: FLAGS.verified, ...wrong }, attested);
    const object = Buffer.concat([
      Buffer.from([0xa3]),
      ...[text('fmt'), text('none'), text('attStmt'), Buffer.from([0xa0]), text('authData'), blob(data)],
    ]);
    return {
      ...this.#named(),
      response: {
        clientDataJSON: base64(this.#client({ type: 'webauthn.create', ...wrong }, challenge)),
        attestationObject: base64(object),
        transports: ['internal'],
      },
    };
  }

  get({ challenge }: { challenge: string }, wrong: Wrong = {}) {
    const client = this.#client({ type: 'webauthn.get', ...wrong }, challenge);
    const data = this.#data({ flags: FLAGS.verified, ...wrong });
    const signature = sign('sha256', Buffer.concat([data, sha256(client)]), this.#keys.privateKey);
    return {
      ...this.#named(),
      response: {
        clientDataJSON: base64(client),
        authenticatorData: base64(data),
        signature: base64(signature),
        userHandle: this.#handle,
      },
    };
  }

  #named() {
    const id = base64(this.id);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {} };
  }

  #client({ type, origin = this.origin }: Wrong, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  #data({ flags = 0, counter, rpId = this.rpId }: Wrong, attested?: Buffer): Buffer {
    this.#counter = counter ?? this.#counter + 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.#counter);
    const all = attested ? flags | FLAGS.attested : flags;
    return Buffer.concat([sha256(rpId), Buffer.from([all]), count, attested ?? Buffer.alloc(0)]);
  }
}
