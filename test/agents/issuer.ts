import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** An OpenID Connect provider on loopback: discovery and keys by HTTP, signatures by jose, as ProConnect's are made. */

export const CLIENT = 'portail';

export interface Person {
  sub: string;
  email: string;
  email_verified?: boolean | undefined;
  given_name?: string;
  usual_name?: string;
  siret?: string | undefined;
  acr?: string;
  amr?: string[];
}

/** Claims, and those to be left out. */
export type Claims = { [K in keyof JWTPayload]: JWTPayload[K] | undefined };

interface Signer {
  kid: string;
  alg: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

export async function signer(kid: string, alg = 'RS256'): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export class Issuer {
  url = '';
  /** what it signs with, and the keys it publishes */
  signer: Signer;
  published: JWK[];
  /** paths asked for */
  readonly asked: string[] = [];
  /** what its discovery says beside, or instead */
  discovery: Record<string, unknown> = {};
  /** answers nothing */
  silent = false;
  /** status of its answers */
  status = 200;
  readonly #server = createServer((request, response) => {
    this.asked.push(request.url ?? '');
    if (this.silent) return;
    const json = request.url === '/jwks' ? { keys: this.published } : this.#metadata();
    response.writeHead(this.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(json));
  });

  private constructor(first: Signer) {
    this.signer = first;
    this.published = [first.publicJwk];
  }

  static async start(alg = 'RS256'): Promise<Issuer> {
    const issuer = new Issuer(await signer('one', alg));
    await new Promise<void>((resolve) => issuer.#server.listen(0, '127.0.0.1', resolve));
    issuer.url = `http://127.0.0.1:${(issuer.#server.address() as AddressInfo).port}`;
    return issuer;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A text it signs now, for the portal, good for a minute; what `claims` say wins. */
  sign(claims: Claims, by = this.signer): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const all: Claims = { iss: this.url, aud: CLIENT, iat: now, exp: now + 60, ...claims };
    const said = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return new SignJWT(said as JWTPayload).setProtectedHeader({ alg: by.alg, kid: by.kid }).sign(by.privateKey);
  }

  /** Both texts of a sign-in. */
  async texts(person: Person): Promise<{ idToken: string; userinfo: string }> {
    const { acr = 'eidas1', amr, sub, ...info } = person;
    return {
      idToken: await this.sign({ sub, nonce: 'n-1', acr, ...(amr && { amr }) }),
      userinfo: await this.sign({ sub, ...info }),
    };
  }

  #metadata(): Record<string, unknown> {
    return { issuer: this.url, jwks_uri: `${this.url}/jwks`, ...this.discovery };
  }
}
