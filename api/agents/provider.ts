import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose';
import { Problem } from '#api/server/problems.ts';
import type { OidcConfig } from '#engine/config.ts';
import { fetchJson } from './fetched.ts';
import type { SignInLevel } from './policy.ts';

/** What the provider says of who signed in, verified. */
export interface Verified extends SignInLevel {
  subject: string;
  /** '' when there is none */
  email: string;
  isEmailVerified: boolean;
  givenName: string | null;
  familyName: string | null;
  siret: string | null;
}

/** Signatures that are looked at: asymmetric ones, or the portal's secret would sign agents. */
const ALGORITHMS = ['RS256', 'ES256'];
/** Clocks of two machines, s. */
const TOLERANCE_S = 30;
/** A sign-in is handed over at once: an older text is one that was kept, s. */
const OLDEST_S = 600;
/** How long the provider's addresses and keys are kept, ms. */
const METADATA_MS = 3_600_000;
const KEYS_MS = 600_000;
/** A key that is not known makes us look at the keys again, no more often than this, ms. */
const COOLDOWN_MS = 30_000;
const NAME_LENGTH = 100;

/**
 * Providers whose addresses are verified although they do not say so. ProConnect sends no `email_verified`: the agents'
 * own identity providers vouch for the addresses, by its convention with them, and it checks their domains. Any other
 * provider must say that it verified an address, or the address is nobody's.
 */
const VOUCHING_HOSTS = ['proconnect.gouv.fr', 'agentconnect.gouv.fr', 'dev-agentconnect.fr'];

/** Whether an address this provider names is verified unless it says that it is not. */
export function vouchesForAddresses(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'https:' && VOUCHING_HOSTS.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}

type Keys = ReturnType<typeof createRemoteJWKSet>;

/** The agents' OpenID Connect provider: checks what it signed against the keys it publishes. */
export class Provider {
  readonly #config: OidcConfig;
  readonly #now: () => number;
  readonly #cooldownMs: number;
  #found: { keys: Keys; until: number } | undefined;
  #finding: Promise<Keys> | undefined;

  /** @param now ms */
  constructor(config: OidcConfig, now: () => number, cooldownMs = COOLDOWN_MS) {
    this.#config = config;
    this.#now = now;
    this.#cooldownMs = cooldownMs;
  }

  /**
   * What both texts say, when the provider signed both for this portal, of the same person, a moment ago.
   * @throws Problem sign-in-invalid, provider-unavailable
   */
  async verify(idToken: string, userinfo: string): Promise<Verified> {
    const keys = await this.#keys();
    // One after the other: with keys not yet fetched, both would fetch them.
    const who = await this.#checked(idToken, keys, ['nonce', 'sub', 'iat', 'exp'], OLDEST_S);
    const info = await this.#checked(userinfo, keys, ['sub', 'exp'], undefined);
    // A text for several is for this portal only if it asked for it (OpenID Connect Core §3.1.3.7).
    if (Array.isArray(who.aud) && who.aud.length > 1 && who['azp'] !== this.#config.clientId) {
      throw invalid('Attribut azp absent ou inattendu.');
    }
    if (who.sub !== info.sub) throw invalid('id_token et userinfo ne parlent pas de la même personne.');
    return this.#verified(who, info);
  }

  async #checked(text: string, keys: Keys, requiredClaims: string[], oldest: number | undefined): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(text, keys, {
        algorithms: ALGORITHMS,
        issuer: this.#config.issuer,
        audience: this.#config.clientId,
        currentDate: new Date(this.#now()),
        clockTolerance: TOLERANCE_S,
        requiredClaims,
        ...(oldest !== undefined && { maxTokenAge: oldest }),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError && !AWAY.has(error.code)) throw invalid(reasonOf(error));
      throw away(error);
    }
  }

  #verified(who: JWTPayload, info: JWTPayload): Verified {
    const said = info['email_verified'];
    const amr = who['amr'];
    const siret = textOf(info['siret']);
    return {
      subject: who.sub as string,
      email: textOf(info['email']) ?? '',
      isEmailVerified: said === undefined ? vouchesForAddresses(this.#config.issuer) : said === true,
      givenName: nameOf(info['given_name']),
      familyName: nameOf(info['usual_name'] ?? info['family_name']),
      siret: siret !== null && /^\d{14}$/.test(siret) ? siret : null,
      acr: textOf(who['acr']) ?? undefined,
      amr: Array.isArray(amr) ? amr.filter((one) => typeof one === 'string') : [],
    };
  }

  #keys(): Promise<Keys> {
    if (this.#found !== undefined && this.#now() < this.#found.until) return Promise.resolve(this.#found.keys);
    this.#finding ??= this.#discover().finally(() => {
      this.#finding = undefined;
    });
    return this.#finding;
  }

  async #discover(): Promise<Keys> {
    try {
      const { issuer } = this.#config;
      const metadata = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
      const { issuer: named, jwks_uri: address } = metadata as Record<string, unknown>;
      if (named !== issuer) throw new Error(`the provider names itself ${String(named)}`);
      const url = new URL(String(address));
      if (url.protocol !== new URL(issuer).protocol) throw new Error(`keys at ${url.protocol}`);
      const keys = createRemoteJWKSet(url, {
        cacheMaxAge: KEYS_MS,
        cooldownDuration: this.#cooldownMs,
        [customFetch]: async (from, { signal }) => Response.json(await fetchJson(from, signal)),
      });
      this.#found = { keys, until: this.#now() + METADATA_MS };
      return keys;
    } catch (error) {
      // Its addresses hardly ever change: those of an hour ago will do.
      if (this.#found !== undefined) return this.#found.keys;
      throw away(error);
    }
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** One line, as a decision will bear it. */
const nameOf = (value: unknown): string | null =>
  textOf(value)?.replaceAll(/\s+/g, ' ').trim().slice(0, NAME_LENGTH) || null;

const invalid = (detail: string): Problem => new Problem('sign-in-invalid', detail);

/** What is wrong with a text, without a word of it. */
function reasonOf(error: InstanceType<typeof errors.JOSEError>): string {
  if (error instanceof errors.JWTExpired) return 'Expiré, ou remis trop tard.';
  if (error instanceof errors.JWTClaimValidationFailed) return `Attribut ${error.claim} absent ou inattendu.`;
  return 'Signature ou forme inattendue.';
}

/** Codes of what is the provider's fault, not the text's. */
const AWAY: ReadonlySet<string> = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']);

function away(cause: unknown): Problem {
  return Object.assign(new Problem('provider-unavailable'), { cause });
}
