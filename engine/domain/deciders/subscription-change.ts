import type { CommandOf } from '../commands.ts';
import type { Decision } from '../decision.ts';
import { orgKey } from '../organization.ts';
import { subscriptionName } from '../records/names.ts';
import type { SubscriptionState } from '../records/subscription.ts';
import { settle } from './subscription.ts';

/** What an administrator of the organisation changes: what somebody else changes meanwhile is not undone, as by a PUT. */
export function decideChange(command: CommandOf<'subscription.change'>, decision: Decision): void {
  const { id, org, status, activateDateTime: day, accessMode, email, notificationFrequency } = command;
  const stored = decision.get(subscriptionName(id));
  if (stored === undefined || orgKey(stored.subscriber) !== org) decision.refuse('subscriptionUnknown');
  if (stored.status === 'Refusé') decision.refuse('rule', 'A subscription with status Refusé does not change');
  const hasDay = day !== undefined && day !== null;
  if (hasDay && (status !== undefined || stored.status === 'Actif')) {
    decision.refuse('rule', 'Only a subscription that is not Actif becomes it on a day to come');
  }
  const begins = status === 'Actif' && stored.status !== 'Actif';
  const state: SubscriptionState = {
    ...stored,
    ...(status !== undefined && { status }),
    ...(begins && { activateDateTime: decision.now }),
    ...(hasDay && { status: 'Inactif', activateDateTime: day }),
    ...(day === null && stored.status !== 'Actif' && { activateDateTime: null }),
    ...(accessMode !== undefined && { accessMode }),
    ...(email !== undefined && { email }),
    ...(notificationFrequency !== undefined && { notificationFrequency }),
    updateDateTime: decision.now,
  };
  decision.reply(200, settle(state, hasDay, stored.status === 'Actif', decision));
}
