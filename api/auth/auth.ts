import type { AgentPass, Auth, Identity } from '#api/server/types.ts';
import type { Referential } from '#engine/client/referential.ts';
import type { Config } from '#engine/config.ts';
import { ACR_LEVELS, type Acr } from '#engine/domain/acr.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { type ClientState, type Partnership, RIGHTS, type Scope } from '#engine/domain/records/client.ts';
import { adminClient } from './admin.ts';
import { type AgentHub, confirmAgent } from './agent.ts';
import { Secrets } from './secrets.ts';
import { Throttle } from './throttle.ts';
import { type Bearer, type Claims, Tokens } from './tokens.ts';
import { invalidToken, missingToken } from './unauthorized.ts';

/** `masterKey` is the same for every API process of a hub; an empty `adminClientId` means no administrator from here. */
export type AuthSettings = Pick<Config, 'masterKey' | 'tokenSeconds' | 'adminClientId' | 'adminClientSecret'> &
  Partial<Pick<Config, 'oidc'>>;

/** What credentials and tokens are checked against. */
export interface AuthHub {
  referential: Pick<Referential, 'client' | 'subscription'> & AgentHub['referential'];
  sessions: AgentHub['sessions'];
  /** hub time, ms */
  now(): number;
}

export interface Granted {
  token: string;
  /** it lives so long */
  seconds: number;
}

/** Who calls, and how long its token lasts. */
export interface Admitted extends Identity {
  /** ms */
  issued: number;
  /** ms */
  expires: number;
}

const MS_PER_S = 1_000;
/** Life of an agent's token, s: whoever holds one holds it no longer, and each use is checked anyway. */
export const AGENT_TOKEN_S = 120;
const BEARER = /^bearer(?: +(.*))?$/i;

/** Clients, their secrets and their tokens, against the referential of this moment: `fresh()` comes before. */
export class Access implements Auth {
  readonly secrets: Secrets;
  readonly tokenSeconds: number;
  readonly throttle = new Throttle();
  readonly #hub: AuthHub;
  readonly #tokens: Tokens;
  readonly #admin: ClientState | undefined;
  readonly #acr: Acr;

  /** @throws Error when a setting is unsafe: the process must not start */
  constructor(hub: AuthHub, settings: AuthSettings) {
    const { masterKey, tokenSeconds, adminClientId, adminClientSecret } = settings;
    this.#hub = hub;
    this.#acr = settings.oidc?.acr ?? ACR_LEVELS[0];
    this.tokenSeconds = tokenSeconds;
    this.secrets = new Secrets(masterKey);
    this.#tokens = new Tokens(masterKey, tokenSeconds);
    this.#admin = adminClientId ? adminClient(adminClientId, adminClientSecret, this.secrets) : undefined;
  }

  /** hub time, ms */
  now(): number {
    return this.#hub.now();
  }

  authenticate(authorization: string): Identity {
    const { claims, client } = this.#genuine(authorization);
    return identityOf(claims, client);
  }

  /** The same for a connection that outlives its token. @throws HttpError 401, code 900901 or 900902 (contract §4) */
  admit(authorization: string): Admitted {
    const { claims, client } = this.#genuine(authorization);
    return { ...identityOf(claims, client), issued: claims.issued, expires: claims.expires };
  }

  #genuine(authorization: string): { claims: Claims; client: ClientState } {
    const token = BEARER.exec(authorization)?.[1]?.trim();
    if (!token) throw missingToken();
    const claims = this.#tokens.verify(token, this.#hub.now());
    if (claims === undefined) throw invalidToken();
    const client = this.#client(claims.client);
    // a revocation counts from the moment it is answered, whatever the token says
    if (client?.revoked !== null) throw invalidToken();
    return { claims, client };
  }

  /** Why a connection opened with this token must be closed; undefined: it may stay. */
  lapsed({ client: id, issued, expires }: Admitted): 'expired' | 'revoked' | 'rotated' | undefined {
    const now = this.#hub.now();
    const client = this.#client(id);
    if (!client || client.revoked !== null) return 'revoked';
    const { rotated, previousUntil } = client;
    // Tokens of the secret before live on in the contract's calls until they expire: an hour at most.
    if (rotated !== null && issued < rotated && now >= (previousUntil ?? rotated)) return 'rotated';
    return now >= expires ? 'expired' : undefined;
  }

  /** The client these credentials are of, undefined when they are wrong; as slow for one as for the other. */
  identify(clientId: string, secret: string): ClientState | undefined {
    const client = this.#client(clientId);
    return this.secrets.match(client, clientId, secret, this.#hub.now()) ? client : undefined;
  }

  /**
   * An access token; undefined when the scope is not the client's, or its subscription is gone. One got with the secret
   * before the last rotation lives no longer than that secret.
   */
  grant(client: ClientState, scope: Scope, secret?: string): Granted | undefined {
    if (client.scope !== scope) return undefined;
    const bearer: Bearer = { scope, org: client.organization };
    if (client.subscription !== null) {
      const subscription = this.#hub.referential.subscription(client.subscription);
      if (!subscription) return undefined;
      bearer.process = subscription.processCode;
    }
    const now = this.#hub.now();
    const current = secret ? this.secrets.isCurrent(client, secret) : true;
    const until = current ? undefined : (client.previousUntil ?? now);
    const left = until === undefined ? this.tokenSeconds : Math.floor((until - now) / MS_PER_S);
    const token = this.#tokens.issue(client.clientId, bearer, client.subscription, now, until);
    return { token, seconds: Math.max(0, Math.min(this.tokenSeconds, left)) };
  }

  /** The token of an agent for one organisation, or for none yet (''). @param client of the portal it came through */
  grantAgent(client: string, org: OrgKey, pass: AgentPass): Granted {
    const now = this.#hub.now();
    const bearer: Bearer = { scope: 'AGENT', org, pass };
    return {
      token: this.#tokens.issue(client, bearer, null, now, now + AGENT_TOKEN_S * MS_PER_S),
      seconds: Math.min(this.tokenSeconds, AGENT_TOKEN_S),
    };
  }

  confirm(identity: Identity): Promise<Identity> {
    return confirmAgent(this.#hub, this.#acr, identity);
  }

  #client(clientId: string): ClientState | undefined {
    return clientId === this.#admin?.clientId ? this.#admin : this.#hub.referential.client(clientId);
  }
}

/** Several may exist in a process: they hold keys and a cache, and share the referential. */
export const createAuth = (hub: AuthHub, settings: AuthSettings): Access => new Access(hub, settings);

/**
 * Who calls. A partner acts as its organisation's type says, and what it may do is what its credentials say now,
 * whatever they said when the token was issued.
 */
function identityOf({ bearer, client: id }: Claims, client: ClientState): Identity {
  const { scope, org } = bearer;
  if (scope === 'AGENT') return agentIdentity(org, bearer.pass);
  if (scope !== 'PARTNER') return { caller: bearer as Caller, client: id, scope, rights: RIGHTS };
  const { processes, rights } = client.partner ?? NOTHING;
  return { caller: { scope: org.startsWith('SI-') ? 'SI' : 'OSL', org, processes }, client: id, scope, rights };
}

/** What its token alone lets an agent do: nothing. */
function agentIdentity(org: OrgKey, pass: AgentPass | undefined): Identity {
  if (pass === undefined) throw invalidToken();
  return { caller: { scope: 'SI', org, processes: [] }, client: pass.agent, scope: 'AGENT', rights: [], pass };
}

const NOTHING: Partnership = { processes: [], rights: [] };
