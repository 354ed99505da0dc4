/** What was said of a case, newest first, and by whom. */
import { type Case, type Event, keyOf } from '#lib/server/hub/types.ts';
import type { Said } from '#lib/talk.ts';
import { eventText } from '#lib/text/case.ts';

/** @param author what the agent's own events are signed with */
export function threadOf(one: Case, author: string): Said[] {
  return one.events
    .filter(isSaid)
    .map((event) => saidBy(one, event, author))
    .reverse();
}

const isSaid = ({ actionType, message, comment, attachments }: Event): boolean =>
  actionType === 'COM_ADD' ||
  actionType === 'SENDING_MESSAGE' ||
  actionType === 'ATTACH_DEPOSIT' ||
  (actionType === 'STATUS_UPDATE' && Boolean(message || comment || attachments.length));

function saidBy(one: Case, event: Event, author: string): Said {
  const ours = keyOf(event.transmitter) === keyOf(one.recipient);
  const isNote = ours && event.actionType === 'COM_ADD' && !event.message;
  return {
    id: event.id,
    voice: isNote ? 'note' : ours ? (event.author === author ? 'mine' : 'ours') : 'sender',
    at: event.createDateTime,
    by: event.author ?? (ours ? eventText.us : eventText.theSender),
    text: event.message ?? '',
    comment: event.comment ?? '',
    status: event.caseNewStatus,
    unsent: event.status === 'IN_PROGRESS',
    read: ours && event.status === 'RECEIVED',
    files: event.attachments.map(({ id, fileName, size, status }) => ({
      name: fileName,
      size,
      href: status === 'RECEIVED' ? `/dossiers/${one.id}/pieces/${id}?evenement=${event.id}` : null,
    })),
  };
}
