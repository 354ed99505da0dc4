import { dateOrNull, dateText } from '#api/schemas/dates.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import { folderOf, type Id, parts, toUuid } from '#engine/domain/ids.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import type { EventState } from '#engine/domain/records/event.ts';
import { attachmentAnswer, folderAttachmentId } from './attachment.ts';
import { eventAnswer, isShown } from './event.ts';
import { identityAnswer } from './identity.ts';

/** Contract §5.6 without attachments and events: the lite form of GET case. */
export const liteCaseAnswer = (id: Id, state: CaseState) => ({
  id: toUuid(id),
  status: state.status,
  recipient: identityAnswer(state.recipient),
  externalId: state.externalId,
  processCode: state.process,
  applicant: state.applicant,
  createDateTime: dateText(parts(id).ms),
  updateDateTime: dateOrNull(state.updated),
  transmissionDateTime: dateOrNull(state.transmitted),
  closeDateTime: dateOrNull(state.closed),
  partnerAttributes: state.partnerAttributes,
});

/** Contract §5.6; `events`: all of them, oldest first. */
export function caseAnswer(id: Id, state: CaseState, events: readonly EventState[], caller: Caller) {
  const folder = folderOf(id);
  return {
    ...liteCaseAnswer(id, state),
    attachments: state.attachments.map((attachment) =>
      attachmentAnswer(folderAttachmentId(folder, attachment.index), attachment),
    ),
    events: events.filter((event) => isShown(event, caller)).map((event) => eventAnswer(event, caller)),
  };
}
