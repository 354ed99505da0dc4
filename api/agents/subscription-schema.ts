import { Type } from 'typebox';
import {
  dateTime,
  dateTimeOrNull,
  emailOrNull,
  oneOf,
  oneOfOrNull,
  optional,
  text,
  textOrNull,
  uuid,
} from '#api/schemas/fields.ts';
import { SUBSCRIPTION_STATUSES } from '#api/schemas/subscription.ts';

export const ACCESS_MODES = ['PORTAIL', 'API'] as const;
/** Contract §10: only the first one means an e-mail for each case. */
export const FREQUENCIES = ['unitaire', 'aucune'] as const;

export const OwnSubscription = Type.Object(
  {
    id: uuid(),
    processCode: text(30),
    processName: textOrNull(255),
    status: oneOf(SUBSCRIPTION_STATUSES),
    accessMode: oneOfOrNull(ACCESS_MODES),
    email: textOrNull(320),
    notificationFrequency: text(20),
    activateDateTime: dateTimeOrNull(),
    endDateTime: dateTimeOrNull(),
    rejectionReason: textOrNull(1000),
    creationDateTime: dateTime(),
  },
  { title: 'OwnSubscription', description: 'Abonnement de sa propre organisation' },
);

export const SubscriptionChange = Type.Object(
  {
    status: optional(oneOf(['Actif', 'Suspendu'])),
    activateDateTime: optional(dateTimeOrNull()),
    accessMode: optional(oneOf(ACCESS_MODES)),
    email: optional(emailOrNull()),
    notificationFrequency: optional(oneOf(FREQUENCIES)),
  },
  {
    title: 'SubscriptionChange',
    description:
      'Ce qui change d’un abonnement ; `activateDateTime` : devient Actif ce jour-là, à 0 h 01 heure de Paris',
  },
);
