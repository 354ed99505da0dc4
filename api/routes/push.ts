import { PUSH_PATH } from '#api/push/push.ts';
import { Fault } from '#api/schemas/fault.ts';
import { HttpError } from '#api/server/errors.ts';
import type { Route } from '#api/server/types.ts';

const UPGRADE = { Upgrade: 'websocket', Connection: 'Upgrade' } as const;

/** What comes to the path of the WebSocket without its handshake (RFC 9110 §15.5.22). */
export const routes = (): Route[] => [
  {
    method: 'GET',
    path: PUSH_PATH,
    scopes: 'public',
    summary: 'WebSocket du fil : voir /asyncapi.json',
    schemas: { answers: { 426: Fault } },
    handler: () => {
      throw new HttpError(426, 'Cette adresse est celle d’un WebSocket : voir /asyncapi.json', 426, UPGRADE);
    },
  },
];
