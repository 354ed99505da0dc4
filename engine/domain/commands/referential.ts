import type { Id } from '../ids.ts';
import type { OrganizationId, OrgKey } from '../organization.ts';
import type { ClientState, Partnership } from '../records/client.ts';
import type { OrganizationState } from '../records/organization.ts';
import type { NewProcess, NewSubscription } from './contents.ts';

/** Organisations, démarches, subscriptions and credentials (contract section 7): all are decided in one partition. */
export type ReferentialCommand =
  | { kind: 'organization.create'; organization: Omit<OrganizationState, 'created' | 'updated'> }
  | { kind: 'organization.update'; key: OrgKey; organization: Omit<OrganizationState, 'created' | 'updated'> }
  | { kind: 'process.create'; process: NewProcess }
  /** `suspend`: what is to follow when this deactivates it: these subscriptions, all it has, so many days later; absent: nothing */
  | {
      kind: 'process.update';
      code: string;
      process: NewProcess;
      suspend?: { days: number; subscriptions: Id[] };
    }
  | { kind: 'process.suspend'; code: string; subscriptions: Id[] }
  | { kind: 'subscription.create'; subscription: NewSubscription & { id: Id } }
  | { kind: 'subscription.update'; id: Id; subscription: NewSubscription }
  | { kind: 'subscription.activate'; id: Id }
  | {
      kind: 'client.create';
      client: Pick<ClientState, 'clientId' | 'scope' | 'secret'> & {
        organization: OrganizationId | null;
        subscription: Id | null;
        /** absent in what was sent before there were partners */
        partner?: Partnership | null;
      };
    }
  | { kind: 'client.rotate'; clientId: string; secret: string; overlapMs: number }
  | { kind: 'client.revoke'; clientId: string };
