import type { Auth, Identity } from '#api/server/types.ts';
import type { Referential } from '#engine/client/referential.ts';
import type { Config } from '#engine/config.ts';
import type { Caller } from '#engine/domain/commands.ts';
import { type ClientState, type Partnership, RIGHTS, type Scope } from '#engine/domain/records/client.ts';
import { adminClient } from './admin.ts';
import { Secrets } from './secrets.ts';
import { Throttle } from './throttle.ts';
import { type Bearer, type Claims, Tokens } from './tokens.ts';
import { invalidToken, missingToken } from './unauthorized.ts';

/** `masterKey` is the same for every API process of a hub; an empty `adminClientId` means no administrator from here. */
export type AuthSettings = Pick<Config, 'masterKey' | 'tokenSeconds' | 'adminClientId' | 'adminClientSecret'>;

/** What credentials and tokens are checked against. */
export interface AuthHub {
  referential: Pick<Referential, 'client' | 'subscription'>;
  /** hub time, ms */
  now(): number;
}

const BEARER = /^bearer(?: +(.*))?$/i;

/** Clients, their secrets and their tokens, against the referential of this moment: `fresh()` comes before. */
export class Access implements Auth {
  readonly secrets: Secrets;
  readonly tokenSeconds: number;
  readonly throttle = new Throttle();
  readonly #hub: AuthHub;
  readonly #tokens: Tokens;
  readonly #admin: ClientState | undefined;

  /** @throws Error when a setting is unsafe: the process must not start */
  constructor(hub: AuthHub, settings: AuthSettings) {
    const { masterKey, tokenSeconds, adminClientId, adminClientSecret } = settings;
    this.#hub = hub;
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
    const token = BEARER.exec(authorization)?.[1]?.trim();
    if (!token) throw missingToken();
    const claims = this.#tokens.verify(token, this.#hub.now());
    if (claims === undefined) throw invalidToken();
    const client = this.#client(claims.client);
    // a revocation counts from the moment it is answered, whatever the token says
    if (client?.revoked !== null) throw invalidToken();
    return identityOf(claims, client);
  }

  /** The client these credentials are of, undefined when they are wrong; as slow for one as for the other. */
  identify(clientId: string, secret: string): ClientState | undefined {
    const client = this.#client(clientId);
    return this.secrets.match(client, clientId, secret, this.#hub.now()) ? client : undefined;
  }

  /** An access token; undefined when the scope is not the client's, or its subscription is gone. */
  grant(client: ClientState, scope: Scope): string | undefined {
    if (client.scope !== scope) return undefined;
    const bearer: Bearer = { scope, org: client.organization };
    if (client.subscription !== null) {
      const subscription = this.#hub.referential.subscription(client.subscription);
      if (!subscription) return undefined;
      bearer.process = subscription.processCode;
    }
    return this.#tokens.issue(client.clientId, bearer, client.subscription, this.#hub.now());
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
  if (scope !== 'PARTNER') return { caller: bearer as Caller, client: id, scope, rights: RIGHTS };
  const { processes, rights } = client.partner ?? NOTHING;
  return { caller: { scope: org.startsWith('SI-') ? 'SI' : 'OSL', org, processes }, client: id, scope, rights };
}

const NOTHING: Partnership = { processes: [], rights: [] };
