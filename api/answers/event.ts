import { dateOrNull, dateText } from '#api/schemas/dates.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import { isAuthor } from '#engine/domain/deciders/rights.ts';
import { parts, toUuid } from '#engine/domain/ids.ts';
import type { EventState } from '#engine/domain/records/event.ts';
import { attachmentAnswer, eventAttachmentId } from './attachment.ts';
import { identityAnswer } from './identity.ts';

/** Contract §5.7: an event in progress is for its author and ADMIN only. */
export const isShown = (event: EventState, caller: Caller): boolean =>
  event.status !== 'IN_PROGRESS' || isAuthor(caller, event);

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
