import { dateText } from '#api/schemas/dates.ts';
import { notificationParts, toUuid } from '#engine/domain/ids.ts';
import type { EventState } from '#engine/domain/records/event.ts';
import type { NotificationState } from '#engine/domain/records/notification.ts';
import { identityText } from './identity.ts';

/**
 * Contract §5.8 as JSON text, the form lists are sent in. `event` is the event as it is now, undefined for a new
 * case. Codes are data of the referential, so they are escaped; ids, dates and statuses are our own and cannot need it.
 */
export function notificationText(notification: NotificationState, event: EventState | undefined): string {
  const { id, recipient, transmitter, process } = notification;
  const eventId = notification.event === null ? 'null' : `"${toUuid(notification.event)}"`;
  const details =
    event === undefined
      ? '"eventActionType":null,"eventStatus":null'
      : `"eventActionType":"${event.actionType}","eventStatus":"${event.status}"`;
  return `{"id":"${toUuid(id)}","recipient":${identityText(recipient)},"transmitter":${identityText(transmitter)},"processCode":${JSON.stringify(process)},"caseId":"${toUuid(notification.case)}","eventId":${eventId},"dateTime":"${dateText(notificationParts(id).ms)}",${details}}`;
}
