import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';

/** What an organisation does with its subscriptions, and what that does to its cases. */
export type SubscriptionCommand =
  /** what an organisation changes of its own; what is absent stays; 200 with it, 404 when it is another's */
  | {
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
  /** its recipient is notified of a case as if it came now, unless it has done with it */
  | { kind: 'case.notify-again'; case: Id; recipient: OrgKey };
