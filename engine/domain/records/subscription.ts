import type { Id } from '../ids.ts';
import type { OrganizationId } from '../organization.ts';

/** Contract §8.6. */
export type SubscriptionStatus = 'Actif' | 'Inactif' | 'Refusé' | 'Suspendu';

/** Contract §5.11: a person; all but the address may be unknown. */
export interface Person {
  email: string;
  firstName: string | null;
  lastName: string | null;
  function: string | null;
  phoneNumber: string | null;
  mobileNumber: string | null;
}

/** Contract §5.11. Dates are kept as ms. */
export interface SubscriptionState {
  id: Id;
  /** 64 bits: its digits where a double would lose some */
  datapassId: number | string;
  processCode: string;
  subscriber: OrganizationId;
  notificationFrequency: string;
  localAdministrator: Person;
  delegationActor: Person | OrganizationId | null;
  accessMode: string | null;
  status: SubscriptionStatus;
  email: string | null;
  activateDateTime: number | null;
  validateDateTime: number | null;
  rejectDateTime: number | null;
  endDateTime: number | null;
  updateDateTime: number | null;
  rejectionReason: string | null;
  creationDateTime: number;
  /**
   * how often the organisation's subscriptions to the démarche became, or ceased to be, Actif; 0 before that was
   * counted
   */
  version: number;
}

/** All subscriptions of one organisation to one démarche; at most one that is not `Refusé`. */
export interface SubscriptionIndexState {
  ids: Id[];
}

/** Contract §10: the address to write to at once, null when there is none or it is not wanted. */
export const mailAddress = (state: Pick<SubscriptionState, 'notificationFrequency' | 'email'>): string | null =>
  state.notificationFrequency.toLowerCase() === 'unitaire' ? state.email : null;
