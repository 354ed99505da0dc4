/** Frames of `/relais/v1/push`, as `/asyncapi.json` describes them. This folder stands alone: it imports nothing of the hub. */

/** CloudEvents 1.0: references only, whatever they name is read by the API's calls. */
export interface FeedEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  /** the case: its events are handled one after the other */
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  /** position in the feed */
  sequence: string;
  data: { processCode: string; folderId: string; caseId: string; eventId?: string; status?: string };
}

export type FromHub =
  | { type: 'opened'; consumer: string; position: number; last: number; credit: number; expires: string }
  | { type: 'events'; events: FeedEvent[] }
  | { type: 'acknowledged'; position: number }
  | { type: 'renewed'; expires: string }
  | { type: 'pong' };

export type FromClient =
  | { type: 'open'; token?: string; consumer?: string; processCodes?: string[]; after?: number; credit?: number }
  | { type: 'acknowledge'; position: number }
  | { type: 'credit'; credit: number }
  | { type: 'renew'; token: string }
  | { type: 'ping' };

/** Close codes after which the same opening would be refused again. */
export const HOPELESS: ReadonlySet<number> = new Set([4000, 4003, 4010, 4012, 4014, 4015]);
/** The position asked for, or the cursor, lies before the oldest entry kept: something was missed. */
export const GONE = 4010;
/** Close codes that ask for another token. */
export const NEW_TOKEN: ReadonlySet<number> = new Set([4001, 4011, 4013]);
