/** What happened to a case, newest first, in words. */
import { type Case, type Event, keyOf } from '#lib/server/hub/types.ts';
import { eventText } from '#lib/text/case.ts';

export interface Step {
  at: string;
  title: string;
  /** status it led to */
  status: string | null;
  by: string;
  message: string | null;
  comment: string | null;
  acknowledged: boolean;
  files: { name: string; href: string }[];
}

export function timelineOf(one: Case): Step[] {
  const deposit = { status: null, message: null, comment: null, acknowledged: false, files: [] };
  const steps = one.events.map((event) => stepOf(one, event)).reverse();
  if (one.transmissionDateTime) {
    steps.push({ ...deposit, at: one.transmissionDateTime, title: eventText.available, by: '' });
  }
  steps.push({ ...deposit, at: one.createDateTime, title: eventText.deposit, by: eventText.theSender });
  return steps;
}

function stepOf(one: Case, event: Event): Step {
  const ours = keyOf(event.transmitter) === keyOf(one.recipient);
  return {
    at: event.createDateTime,
    title: titleOf(event),
    status: event.actionType === 'STATUS_UPDATE' ? event.caseNewStatus : null,
    by: event.author ?? (ours ? eventText.us : eventText.theSender),
    message: event.message,
    comment: event.comment,
    acknowledged: event.notification && event.status === 'RECEIVED' && ours,
    files: event.attachments.map(({ id, fileName }) => ({
      name: fileName,
      href: `/dossiers/${one.id}/pieces/${id}?evenement=${event.id}`,
    })),
  };
}

function titleOf({ actionType, caseNewStatus }: Event): string {
  switch (actionType) {
    case 'STATUS_UPDATE':
      return caseNewStatus ? eventText.newStatus : eventText.plainStatus;
    case 'ATTACH_DEPOSIT':
    case 'ATTACH_DL':
    case 'ATTACH_DL_ALL':
    case 'COM_ADD':
    case 'SENDING_MESSAGE':
      return eventText[actionType];
    default:
      return actionType;
  }
}
