import { Type } from 'typebox';
import { ACTION_TYPES } from '#engine/domain/records/event.ts';
import { dateTime, oneOfOrNull, optional, text, uuid, uuidOrNull } from './fields.ts';
import { Identity } from './identity.ts';
import { EVENT_STATUSES } from './status.ts';

/** Contract §5.8. */
export const Notification = Type.Object(
  {
    id: uuid(),
    recipient: Identity,
    transmitter: Identity,
    processCode: text(30),
    caseId: uuid(),
    eventId: uuidOrNull(),
    dateTime: dateTime(),
    eventActionType: oneOfOrNull(ACTION_TYPES),
    eventStatus: oneOfOrNull(EVENT_STATUSES),
  },
  { title: 'Notification', description: 'Nouveau télédossier (`eventId` nul) ou événement' },
);

/** Contract §6, GET notifications. */
export const NotificationQuery = Type.Object({
  maxResult: optional(Type.Number({ minimum: 1, default: 25 })),
  processCode: optional(Type.Array(Type.String(), { description: 'ces démarches seulement' })),
  processPriority: optional(Type.Array(Type.String(), { description: 'ces démarches d’abord' })),
  eventDetails: optional(Type.String({ description: '`eventActionType` et `eventStatus` sont toujours donnés' })),
});
