/** What an agent does to a case: the contract's events, whose author and transmitter the API sets. */
import { call } from './call.ts';
import type { Event } from './types.ts';

const events = (caseId: string): string => `/teledossiers/v1/cases/${encodeURIComponent(caseId)}/events`;

/** A reading of files, for the timeline; nobody is notified. */
export const noteDownload = (token: string, caseId: string, all: boolean, comment: string): Promise<Event> =>
  call<Event>(events(caseId), {
    token,
    method: 'POST',
    body: { actionType: all ? 'ATTACH_DL_ALL' : 'ATTACH_DL', notification: false, comment: comment.slice(0, 1000) },
  });
