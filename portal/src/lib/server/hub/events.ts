/** What an agent does to a case: the contract's events, whose author and transmitter the API sets. */
import { call } from './call.ts';
import type { Event } from './types.ts';
import { onVersion } from './version.ts';

const events = (caseId: string): string => `/teledossiers/v1/cases/${encodeURIComponent(caseId)}/events`;

/** What colleagues read: the API never shows a comment to a sender (contract §5.7), who sees that there is one. */
export const addNote = (token: string, caseId: string, comment: string): Promise<Event> =>
  call<Event>(events(caseId), { token, method: 'POST', body: { actionType: 'COM_ADD', notification: false, comment } });

/** To the sender; with a status where the démarche has messages with one. @throws HubProblem 412 on another version than `seen` */
export const sendMessage = (
  token: string,
  caseId: string,
  { message, seen, from, to }: { message: string; seen: string; from?: string; to?: string },
): Promise<Event> =>
  call<Event>(events(caseId), {
    token,
    method: 'POST',
    headers: onVersion(seen),
    body: {
      actionType: 'SENDING_MESSAGE',
      notification: true,
      message,
      ...(to && { caseCurrentStatus: from, caseNewStatus: to }),
    },
  });

/** What the sender said has been read: it is told so, once. */
export const acknowledge = (token: string, caseId: string, eventId: string): Promise<void> =>
  call(`${events(caseId)}/${encodeURIComponent(eventId)}`, { token, method: 'PATCH', body: { status: 'RECEIVED' } });

/** A reading of files, for the timeline; nobody is notified. */
export const noteDownload = (token: string, caseId: string, all: boolean, comment: string): Promise<Event> =>
  call<Event>(events(caseId), {
    token,
    method: 'POST',
    body: { actionType: all ? 'ATTACH_DL_ALL' : 'ATTACH_DL', notification: false, comment: comment.slice(0, 1000) },
  });
