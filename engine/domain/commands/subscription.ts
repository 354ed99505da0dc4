import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';

/**
 * What an organisation changes of its own subscription; what is absent stays. 200 with it; 404 when it is not that
 * organisation's.
 */
export interface SubscriptionChange {
  kind: 'subscription.change';
  id: Id;
  org: OrgKey;
  status?: 'Actif' | 'Suspendu';
  /** ms; a day on which it becomes Actif by itself, null: none any more */
  activateDateTime?: number | null;
  accessMode?: string;
  email?: string | null;
  notificationFrequency?: string;
}
