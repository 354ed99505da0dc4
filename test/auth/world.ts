import { Access } from '#api/auth/auth.ts';
import { Secrets } from '#api/auth/secrets.ts';
import type { Referential } from '#engine/client/referential.ts';
import type { Session } from '#engine/client/sessions.ts';
import { KIND, newId } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { AgentState } from '#engine/domain/records/agent.ts';
import type { ClientState } from '#engine/domain/records/client.ts';
import type { OfficeState } from '#engine/domain/records/office.ts';
import type { SubscriptionState } from '#engine/domain/records/subscription.ts';

export const NOW = Date.parse('2026-03-02T09:00:00Z');
export const HOUR = 3_600_000;
export const ADMIN = { clientId: 'admin', secret: 'a-secret-of-many-characters' };
export const MASTER = Buffer.alloc(32, 7);

/** Clients in memory and a clock: what authentication needs of a hub. */
export class AuthWorld {
  time = NOW;
  readonly clients = new Map<string, ClientState>();
  readonly agents = new Map<string, AgentState>();
  readonly offices = new Map<OrgKey, OfficeState>();
  /** by the hash of their secret */
  readonly sessions = new Map<string, Session>();
  readonly subscriptions = new Map<string, Pick<SubscriptionState, 'processCode'>>();
  readonly secrets = new Secrets(MASTER);
  /** times the referential was made fresh */
  fresh = 0;
  readonly access: Access;
  readonly hub = {
    now: () => this.time,
    referential: {
      fresh: async () => {
        this.fresh += 1;
      },
      client: (id: string) => this.clients.get(id),
      subscription: (id: string) => this.subscriptions.get(id),
      agent: (id: string) => this.agents.get(id),
      office: (org: OrgKey) => this.offices.get(org),
      processes: () => [{ code: 'EtatCivil' }, { code: 'CERTDC' }],
    } as unknown as Pick<Referential, 'client' | 'subscription' | 'fresh' | 'agent' | 'office' | 'processes'>,
    sessions: { live: async (hash: string) => this.sessions.get(hash) },
  };

  constructor(masterKey = MASTER, tokenSeconds = 3600) {
    this.access = new Access(this.hub, {
      masterKey,
      tokenSeconds,
      adminClientId: ADMIN.clientId,
      adminClientSecret: ADMIN.secret,
    });
  }

  sender(clientId: string, secret: string, over: Partial<ClientState> = {}): ClientState {
    const client: ClientState = {
      clientId,
      scope: 'OSL',
      organization: 'OSL-13000918600011-00000',
      subscription: null,
      partner: null,
      secret: this.secrets.hash(clientId, secret),
      previousSecret: null,
      previousUntil: null,
      revoked: null,
      created: NOW,
      rotated: null,
      ...over,
    };
    this.clients.set(clientId, client);
    return client;
  }

  recipient(clientId: string, secret: string, processCode: string): ClientState {
    const subscription = newId(KIND.other, REFERENTIAL, NOW);
    this.subscriptions.set(subscription, { processCode });
    return this.sender(clientId, secret, { scope: 'SI', organization: 'SI-21770288300018-77288', subscription });
  }

  token(client: ClientState): string {
    const token = this.access.grant(client, client.scope)?.token;
    if (token === undefined) throw new Error('no token granted');
    return token;
  }
}
