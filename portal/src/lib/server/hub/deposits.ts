/** Files sent back to the sender: described, uploaded one by one, then sent as one event (contract §6 and §8.3). */
import { request as plain } from 'node:http';
import { request as secured } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { settings } from '#lib/server/settings.ts';
import { call, HubProblem, problemOf } from './call.ts';
import type { Event } from './types.ts';
import { onVersion } from './version.ts';

/** Without a byte taken or said for so long, the hub is not there. ms */
const SILENCE_MS = 60_000;

export interface Described {
  fileName: string;
  type: string;
  size: number;
  mimeType: string;
}

const events = (caseId: string): string => `/teledossiers/v1/cases/${encodeURIComponent(caseId)}/events`;
const one = (caseId: string, eventId: string): string => `${events(caseId)}/${encodeURIComponent(eventId)}`;

export interface Deposit {
  message: string;
  attachments: Described[];
  /** version of the case the agent saw */
  seen: string;
  /** status it brings once it is sent */
  from?: string;
  to?: string;
}

/** @throws HubProblem 412 when the case has another version by now */
export const beginDeposit = (
  token: string,
  caseId: string,
  { message, attachments, seen, from, to }: Deposit,
): Promise<Event> =>
  call<Event>(events(caseId), {
    token,
    method: 'POST',
    headers: onVersion(seen),
    body: {
      actionType: 'ATTACH_DEPOSIT',
      notification: true,
      attachments,
      ...(message && { message }),
      ...(to && { caseCurrentStatus: from, caseNewStatus: to }),
    },
  });

export const readEvent = (token: string, caseId: string, eventId: string): Promise<Event> =>
  call<Event>(one(caseId, eventId), { token });

export const sendDeposit = (token: string, caseId: string, eventId: string): Promise<void> =>
  call(one(caseId, eventId), { token, method: 'PATCH', body: { status: 'SENT' } });

export const dropDeposit = (token: string, caseId: string, eventId: string): Promise<void> =>
  call(one(caseId, eventId), { token, method: 'DELETE' });

export interface Upload {
  caseId: string;
  eventId: string;
  attachmentId: string;
  size: number;
  /** base64 of its SHA-256 */
  digest: string;
}

/** Its length is said, which fetch does not do for a stream. @throws HubProblem */
export function putFile(
  token: string,
  { caseId, eventId, attachmentId, size, digest }: Upload,
  bytes: Readable,
): Promise<void> {
  const url = new URL(`${settings().apiUrl}${one(caseId, eventId)}/attachments/${encodeURIComponent(attachmentId)}`);
  const request = (url.protocol === 'https:' ? secured : plain)(url, {
    method: 'PUT',
    // One connection an upload: one kept from before may be closed just as this begins, and a stream is not sent twice.
    agent: false,
    timeout: SILENCE_MS,
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/octet-stream',
      'Content-Length': size,
      digest,
    },
  });
  return new Promise((resolve, reject) => {
    const lost = (error: Error): void => reject(new HubProblem(503, 'unreachable', `PUT of a file: ${error.message}`));
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', lost);
    request.on('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', lost);
      answer.on('end', () => {
        const status = answer.statusCode ?? 500;
        if (status < 300) resolve();
        else reject(problemOf(status, Buffer.concat(parts).toString()));
      });
    });
    // The hub may answer before it has all: what it said counts, not the pipe that broke.
    pipeline(bytes, request).catch(() => undefined);
  });
}
