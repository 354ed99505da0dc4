import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { AgentPass } from '#api/server/types.ts';
import { deriveKey } from '#engine/client/keys.ts';
import { Recent } from '#engine/client/recent.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { Scope } from '#engine/domain/records/client.ts';

/** How long one signing key is used, ms. All processes make the same key from the master key and the day. */
const PERIOD_MS = 24 * 3_600_000;

/** Tokens known to be genuine, some 600 bytes each: at most twice as many are kept, 10 MB. */
const KEPT = 8192;

/** Longest token looked at, characters: those issued here are under 500. */
const MAX_LENGTH = 2048;

/** Whom a token is for. */
export interface Bearer {
  scope: Scope;
  org: OrgKey;
  /** SI only: the démarche of its subscription */
  process?: string;
  /** AGENT only */
  pass?: AgentPass;
}

/** What a token says. */
export interface Claims {
  client: string;
  bearer: Bearer;
  subscription: Id | null;
  /** ms */
  issued: number;
  /** ms */
  expires: number;
}

/** Claims in the order they are written; times in seconds. */
type Payload = [
  client: string,
  scope: Scope,
  org: string,
  process: string | null,
  subscription: string | null,
  issued: number,
  expires: number,
  agent?: string,
  session?: string,
];

/**
 * Access tokens without storage: `<period>.<payload>.<mac>`, the period naming the key (base 36), the payload a JSON
 * array in base64url, the MAC an HMAC-SHA256 of all before it. A token names no algorithm, so there is none to
 * confuse. Any process checks what any other has issued, without a round trip.
 */
export class Tokens {
  readonly #master: Uint8Array;
  readonly #lifeMs: number;
  readonly #keys = new Map<number, KeyObject>();
  /** as issued here, or checked: most tokens are used a moment after they were asked for */
  readonly #known = new Recent<string, Claims>(KEPT);

  constructor(master: Uint8Array, lifeSeconds: number) {
    this.#master = master;
    this.#lifeMs = lifeSeconds * 1000;
  }

  /** @param until end of a shorter life, ms */
  issue(
    client: string,
    bearer: Bearer,
    subscription: Id | null,
    now: number,
    until = Number.POSITIVE_INFINITY,
  ): string {
    const issued = Math.floor(now / 1000);
    const payload: Payload = [
      client,
      bearer.scope,
      bearer.org,
      bearer.process ?? null,
      subscription,
      issued,
      Math.min(issued + Math.floor(this.#lifeMs / 1000), Math.floor(until / 1000)),
    ];
    if (bearer.pass !== undefined) payload.push(bearer.pass.agent, bearer.pass.session);
    const period = periodOf(now);
    const text = `${period.toString(36)}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
    const token = `${text}.${this.#mac(period, text)}`;
    this.#known.set(token, claimsOf(payload));
    return token;
  }

  /** Claims of a genuine token that has not expired, else undefined. */
  verify(token: string, now: number): Claims | undefined {
    const claims = this.#known.get(token) ?? this.#check(token, now);
    return claims && now < claims.expires ? claims : undefined;
  }

  #check(token: string, now: number): Claims | undefined {
    if (token.length > MAX_LENGTH) return undefined;
    const first = token.indexOf('.');
    const last = token.lastIndexOf('.');
    const period = Number.parseInt(token.slice(0, first), 36);
    if (first <= 0 || last === first || !this.#inUse(period, now)) return undefined;
    const given = Buffer.from(token.slice(last + 1));
    const right = Buffer.from(this.#mac(period, token.slice(0, last)));
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const text = Buffer.from(token.slice(first + 1, last), 'base64url').toString();
    const claims = claimsOf(JSON.parse(text) as Payload);
    this.#known.set(token, claims);
    return claims;
  }

  /** Periods of tokens that may still be valid, and the next one: another process's clock may be a little ahead. */
  #inUse(period: number, now: number): boolean {
    return period >= periodOf(now - this.#lifeMs) && period <= periodOf(now) + 1;
  }

  #mac(period: number, text: string): string {
    let key = this.#keys.get(period);
    if (!key) {
      if (this.#keys.size > 8) this.#keys.clear();
      key = deriveKey(this.#master, `access tokens ${period}`);
      this.#keys.set(period, key);
    }
    return createHmac('sha256', key).update(text).digest('base64url');
  }
}

const claimsOf = ([client, scope, org, process, subscription, issued, expires, agent, session]: Payload): Claims => ({
  client,
  bearer: {
    scope,
    org,
    ...(process !== null && { process }),
    ...(agent !== undefined && { pass: { agent: agent as Id, session: session as string } }),
  },
  subscription: subscription as Id | null,
  issued: issued * 1000,
  expires: expires * 1000,
});

const periodOf = (ms: number): number => Math.floor(ms / PERIOD_MS);
