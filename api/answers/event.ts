import { dateOrNull, dateText } from '#api/schemas/dates.ts';
import type { Caller } from '#engine/domain/commands.ts';
import { parts, toUuid } from '#engine/domain/ids.ts';
import type { EventState } from '#engine/domain/records/event.ts';
import { attachmentAnswer, eventAttachmentId } from './attachment.ts';
import { identityAnswer } from './identity.ts';

/** Whether the caller, who has a right on the case, is the side that wrote the event (contract §8.3). */
export const isAuthor = (event: EventState, caller: Caller): boolean =>
  caller.scope === 'ADMIN' || event.side === caller.scope;

/** Contract §5.7: an event in progress is for its author and ADMIN only. */
export const isShown = (event: EventState, caller: Caller): boolean =>
  event.status !== 'IN_PROGRESS' || isAuthor(event, caller);

/** Contract §5.7; a comment is never shown to a sender. */
export const eventAnswer = (event: EventState, caller: Caller) => ({
  id: toUuid(event.id),
  transmitter: identityAnswer(event.transmitter),
  actionType: event.actionType,
  notification: event.notification,
  message: event.message,
  comment: caller.scope === 'OSL' ? null : event.comment,
  author: event.author,
  caseCurrentStatus: event.caseCurrentStatus,
  caseNewStatus: event.caseNewStatus,
  partnerAttributes: event.partnerAttributes,
  status: event.status,
  attachments: event.attachments.map((attachment, index) =>
    attachmentAnswer(eventAttachmentId(event.id, index), attachment),
  ),
  createDateTime: dateText(parts(event.id).ms),
  updateDateTime: dateOrNull(event.updated),
  partnerInfo: event.partnerInfo,
});
