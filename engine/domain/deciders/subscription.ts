import { activationTime, dayStart } from '../calendar.ts';
import type { NewSubscription } from '../commands/contents.ts';
import type { CommandOf } from '../commands.ts';
import type { Decision } from '../decision.ts';
import type { Id } from '../ids.ts';
import { type OrganizationId, type OrgKey, orgKey } from '../organization.ts';
import { partitionOf } from '../placement.ts';
import { doorWord } from '../records/door.ts';
import { organizationName, processName, subscriptionIndexName, subscriptionName } from '../records/names.ts';
import { mailAddress, type Person, type SubscriptionState, type SubscriptionStatus } from '../records/subscription.ts';

/** Refusals kept as history for one organisation and démarche: bounds the index record to about 25 kB. */
export const MAX_REFUSED = 1000;

/**
 * Contract §7, POST /subscriptions. The index keeps the subscription that is not `Refusé` in front, so that its
 * first id alone says whether one exists. A refusal is history: it never counts against another request.
 */
export function decideCreate(command: CommandOf<'subscription.create'>, decision: Decision): void {
  const { id, ...asked } = command.subscription;
  const org = orgKey(asked.subscriber);
  decision.need([organizationName(org), processName(asked.processCode), indexOf(asked.processCode, org)]);
  const process = decision.get(processName(asked.processCode));
  if (!decision.get(organizationName(org))) decision.refuse('rule', `Organization ${org} does not exist`);
  if (!process) decision.refuse('rule', `Process ${asked.processCode} does not exist`);

  const index = decision.get(indexOf(asked.processCode, org));
  const first = index?.ids[0];
  const taken = first !== undefined && decision.get(subscriptionName(first))?.status !== 'Refusé';
  const status = asked.status ?? (isRefusal(asked) ? 'Refusé' : 'Inactif');
  if (taken && status !== 'Refusé') decision.refuse('subscriptionExists', `${process.code} for organization ${org}`);
  if (!process.isActivated) {
    decision.refuse('rule', `Process ${process.code} is not activated: it takes no new subscription`);
  }
  const ids = index?.ids ?? [];
  if (ids.length > MAX_REFUSED) decision.refuse('rule', `Too many refused subscriptions of ${org} to ${process.code}`);

  const before = first === undefined ? undefined : decision.get(subscriptionName(first));
  const state: SubscriptionState = {
    ...asked,
    id,
    subscriber: identity(asked.subscriber),
    localAdministrator: person(asked.localAdministrator, null),
    status,
    updateDateTime: null,
    creationDateTime: decision.now,
    version: before?.version ?? 0,
  };
  decision.put(indexOf(process.code, org), { ids: status === 'Refusé' ? [...ids, id] : [id, ...ids] });
  decision.count('subscription.created');
  decision.reply(201, settle(state, true, false, decision));
}

/**
 * Contract §7, PUT /subscriptions/{id}: the whole object. What it may leave out keeps its value: the status, and
 * the parts of `localAdministrator` (§16.4). Organisation and démarche are what credentials and cases refer to:
 * they never change. `Refusé` is final (§8.6).
 */
export function decideUpdate(command: CommandOf<'subscription.update'>, decision: Decision): void {
  const stored = decision.get(subscriptionName(command.id));
  if (!stored) decision.refuse('subscriptionUnknown');
  const asked = command.subscription;
  const org = orgKey(stored.subscriber);
  if (asked.processCode !== stored.processCode || orgKey(asked.subscriber) !== org) {
    decision.refuse(
      'rule',
      `This subscription is that of organization ${org} to ${stored.processCode}: neither can be changed`,
    );
  }
  const status = asked.status ?? stored.status;
  if (stored.status === 'Refusé' && status !== 'Refusé') {
    decision.refuse('rule', `A subscription with status Refusé cannot become ${status}: create another one`);
  }
  const state: SubscriptionState = {
    ...asked,
    id: stored.id,
    subscriber: stored.subscriber,
    localAdministrator: person(asked.localAdministrator, stored.localAdministrator),
    status,
    updateDateTime: decision.now,
    creationDateTime: stored.creationDateTime,
    version: stored.version,
  };
  // A date sent back as it was must not undo a PUT that set `Inactif` on purpose.
  const fresh = stored.status === 'Inactif' && asked.activateDateTime !== stored.activateDateTime;
  decision.reply(200, settle(state, fresh, stored.status === 'Actif', decision));
}

/** The timer of `activateDateTime` (contract §8.6). Late or repeated, it does no harm. */
export function decideActivate(command: CommandOf<'subscription.activate'>, decision: Decision): void {
  const stored = decision.get(subscriptionName(command.id));
  if (stored?.status !== 'Inactif' || stored.activateDateTime === null) return;
  if (activationTime(stored.activateDateTime) > decision.now) return;
  const state = { ...stored, status: 'Actif', updateDateTime: decision.now } as const;
  decision.put(subscriptionName(command.id), told(state, false, decision));
  decision.count('subscription.activated');
}

const indexOf = (process: string, org: OrgKey) => subscriptionIndexName(process, org);

const timerOf = (id: Id): string => `activate ${id}`;

const isRefusal = (asked: NewSubscription): boolean => asked.rejectDateTime !== null || asked.rejectionReason !== null;

/** Writes the state and its timer; `begun`: an activation day that has begun counts at once (contract §8.6). */
export function settle(
  asked: SubscriptionState,
  begun: boolean,
  wasActive: boolean,
  decision: Decision,
): SubscriptionState {
  let state = asked;
  const day = asked.status === 'Inactif' ? asked.activateDateTime : null;
  if (day !== null && dayStart(day, 0) > decision.now) {
    decision.timer(timerOf(asked.id), activationTime(day), {
      command: { kind: 'subscription.activate', id: asked.id },
    });
  } else {
    decision.untimer(timerOf(asked.id));
    if (day !== null && begun) state = { ...asked, status: 'Actif' satisfies SubscriptionStatus };
  }
  state = told(state, wasActive, decision);
  decision.put(subscriptionName(state.id), state);
  return state;
}

/**
 * Tells the subscriber's mailbox, in the same commit, that the subscription became Actif or ceased to be: there it is
 * decided what is delivered and what is held (decision record 013). At most one subscription of an organisation to a
 * démarche is not `Refusé`, so that its changes are all there are, in order.
 */
export function told(state: SubscriptionState, wasActive: boolean, decision: Decision): SubscriptionState {
  const active = state.status === 'Actif';
  if (active === wasActive) return state;
  const version = state.version + 1;
  const org = orgKey(state.subscriber);
  const { processCode: process } = state;
  const word = doorWord(active, version);
  const mail = active ? mailAddress(state) : null;
  decision.out(partitionOf(org), { command: { kind: 'mailbox.door', org, process, word, mail } }, false);
  return { ...state, version };
}

/** Only the three fields of an identity: bodies may carry more (the answers add `name`). */
const identity = ({ type, companyRegister, branchCode }: OrganizationId): OrganizationId => ({
  type,
  companyRegister,
  branchCode,
});

function person(asked: Partial<Person> & { email: string }, stored: Person | null): Person {
  const kept = <K extends Exclude<keyof Person, 'email'>>(key: K): string | null => {
    const value = asked[key];
    return value === undefined ? (stored?.[key] ?? null) : value;
  };
  return {
    email: asked.email,
    firstName: kept('firstName'),
    lastName: kept('lastName'),
    function: kept('function'),
    phoneNumber: kept('phoneNumber'),
    mobileNumber: kept('mobileNumber'),
  };
}
