import { type Static, Type } from 'typebox';
import type { NewSubscription as Asked } from '#engine/domain/commands/contents.ts';
import { toUuid } from '#engine/domain/ids.ts';
import type { OrganizationId } from '#engine/domain/organization.ts';
import type { Person, SubscriptionState, SubscriptionStatus } from '#engine/domain/records/subscription.ts';
import { dateOrNull, dateText, readDate } from './dates.ts';
import {
  dateTime,
  dateTimeOrNull,
  emailOrNull,
  matching,
  matchingOrNull,
  oneOf,
  oneOfOrNull,
  optional,
  orNull,
  text,
  textOrNull,
  uuid,
} from './fields.ts';
import { Identity } from './identity.ts';
import { type Int64, int64Answer } from './int64.ts';
import { PHONE } from './organization.ts';

/** Contract §5.11. */
export const EMAIL = '^[a-zA-Z0-9._-]+@[a-zA-Z0-9._-]{2,}\\.[a-z]{2,4}$';

/** Contract §8.6. */
export const SUBSCRIPTION_STATUSES = ['Actif', 'Inactif', 'Refusé', 'Suspendu'] as const satisfies SubscriptionStatus[];

const particulars = {
  firstName: optional(textOrNull(255)),
  lastName: optional(textOrNull(255)),
  function: optional(textOrNull(255)),
  phoneNumber: optional(matchingOrNull(PHONE, 21)),
  mobileNumber: optional(matchingOrNull(PHONE, 21)),
};

const LocalAdministrator = Type.Object(
  { email: matching(EMAIL, 320), ...particulars },
  { title: 'LocalAdministrator', description: 'Administrateur local' },
);

/** A person, an editor's organisation, or members that are all null and mean none (contract §5.11, §16.5). */
const DelegationActor = Type.Object(
  {
    email: optional(matchingOrNull(EMAIL, 320)),
    ...particulars,
    type: optional(matchingOrNull('^\\w{1,20}$', 20)),
    companyRegister: optional(matchingOrNull('^[0-9]{14}$', 14)),
    branchCode: optional(matchingOrNull('^[A-Za-z0-9-]{1,10}$', 10)),
  },
  { title: 'DelegationActor', description: 'Délégataire : une personne, ou l’organisation d’un éditeur' },
);
type DelegationActor = Static<typeof DelegationActor>;

/** 64 bits (contract §5.11): here as near as a double comes, exactly in `int64.ts`. */
const datapassId = Type.Integer({ minimum: -(2 ** 63), maximum: 2 ** 63 });

/** Contract §5.11, as sent by POST and PUT. */
export const NewSubscription = Type.Object(
  {
    datapassId,
    processCode: text(30),
    subscriber: Identity,
    notificationFrequency: text(20),
    localAdministrator: LocalAdministrator,
    delegationActor: optional(orNull<DelegationActor>(DelegationActor)),
    accessMode: optional(oneOfOrNull(['PORTAIL', 'API'])),
    status: optional(oneOfOrNull(SUBSCRIPTION_STATUSES)),
    email: optional(emailOrNull()),
    activateDateTime: optional(dateTimeOrNull()),
    validateDateTime: optional(dateTimeOrNull()),
    rejectDateTime: optional(dateTimeOrNull()),
    endDateTime: optional(dateTimeOrNull()),
    rejectionReason: optional(textOrNull(1000)),
  },
  { title: 'NewSubscription', description: 'Abonnement à créer ou à remplacer' },
);
export type NewSubscription = Static<typeof NewSubscription>;

/** Contract §5.11, as answered: the subscriber bears its name. */
export const Subscription = Type.Object(
  {
    id: uuid(),
    datapassId,
    processCode: text(30),
    subscriber: Type.Object({ ...Identity.properties, name: textOrNull(100) }),
    accessMode: textOrNull(7),
    notificationFrequency: text(20),
    status: oneOf(SUBSCRIPTION_STATUSES),
    email: textOrNull(320),
    localAdministrator: LocalAdministrator,
    delegationActor: orNull<Person | OrganizationId>(DelegationActor),
    activateDateTime: dateTimeOrNull(),
    validateDateTime: dateTimeOrNull(),
    rejectDateTime: dateTimeOrNull(),
    endDateTime: dateTimeOrNull(),
    updateDateTime: dateTimeOrNull(),
    rejectionReason: textOrNull(1000),
    creationDateTime: dateTime(),
  },
  { title: 'Subscription', description: 'Abonnement d’une organisation à une démarche' },
);
export type Subscription = Static<typeof Subscription>;

export const subscriptionAnswer = (state: SubscriptionState, name: string | null): Subscription => ({
  id: toUuid(state.id),
  datapassId: int64Answer(state.datapassId),
  processCode: state.processCode,
  subscriber: { ...state.subscriber, name },
  accessMode: state.accessMode,
  notificationFrequency: state.notificationFrequency,
  status: state.status,
  email: state.email,
  localAdministrator: state.localAdministrator,
  delegationActor: state.delegationActor,
  activateDateTime: dateOrNull(state.activateDateTime),
  validateDateTime: dateOrNull(state.validateDateTime),
  rejectDateTime: dateOrNull(state.rejectDateTime),
  endDateTime: dateOrNull(state.endDateTime),
  updateDateTime: dateOrNull(state.updateDateTime),
  rejectionReason: state.rejectionReason,
  creationDateTime: dateText(state.creationDateTime),
});

/**
 * What a body asks for. Parts of `localAdministrator` it leaves out stay out: they keep their value (§16.4).
 * @param exact digits of its `datapassId`
 */
export const subscriptionAsked = (body: NewSubscription, exact: Int64): Asked => ({
  datapassId: exact,
  processCode: body.processCode,
  subscriber: {
    type: body.subscriber.type,
    companyRegister: body.subscriber.companyRegister,
    branchCode: body.subscriber.branchCode,
  },
  notificationFrequency: body.notificationFrequency,
  localAdministrator: { email: body.localAdministrator.email, ...partsOf(body.localAdministrator) },
  delegationActor: actorAsked(body.delegationActor),
  accessMode: body.accessMode ?? null,
  status: body.status ?? null,
  email: body.email ?? null,
  activateDateTime: date(body.activateDateTime),
  validateDateTime: date(body.validateDateTime),
  rejectDateTime: date(body.rejectDateTime),
  endDateTime: date(body.endDateTime),
  rejectionReason: body.rejectionReason ?? null,
});

const date = (given: string | null | undefined): number | null =>
  typeof given === 'string' ? (readDate(given) ?? null) : null;

const PARTS = ['firstName', 'lastName', 'function', 'phoneNumber', 'mobileNumber'] as const;

function partsOf(given: DelegationActor): Partial<Omit<Person, 'email'>> {
  const parts: Partial<Omit<Person, 'email'>> = {};
  for (const part of PARTS) if (given[part] !== undefined) parts[part] = given[part];
  return parts;
}

/** With neither an organisation nor an address it is nobody (contract §5.11). */
function actorAsked(given: DelegationActor | null | undefined): Person | OrganizationId | null {
  if (!given) return null;
  const { email, type, companyRegister, branchCode } = given;
  if (type && companyRegister && branchCode) return { type, companyRegister, branchCode };
  if (!email) return null;
  const nobody = { firstName: null, lastName: null, function: null, phoneNumber: null, mobileNumber: null };
  return { email, ...nobody, ...partsOf(given) };
}
