import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';
import type { NewSubscription } from './contents.ts';

/** What is done to subscriptions, in the referential's partition, and what one of them does to the cases it is for. */
export type SubscriptionCommand =
  | { kind: 'subscription.create'; subscription: NewSubscription & { id: Id } }
  | { kind: 'subscription.update'; id: Id; subscription: NewSubscription }
  | { kind: 'subscription.activate'; id: Id }
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
