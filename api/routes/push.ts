import { problems } from '#api/native/schema.ts';
import { PUSH_PATH } from '#api/push/push.ts';
import { Problem } from '#api/server/problems.ts';
import type { Route } from '#api/server/types.ts';

const UPGRADE = { Upgrade: 'websocket', Connection: 'Upgrade' } as const;

/** What comes to the path of the WebSocket without its handshake (RFC 9110 §15.5.22). */
export const routes = (): Route[] => [
  {
    method: 'GET',
    path: PUSH_PATH,
    scopes: 'public',
    summary: 'WebSocket du fil : voir /asyncapi.json',
    schemas: { answers: problems(426) },
    handler: () => {
      throw new Problem('websocket-expected', undefined, { headers: UPGRADE });
    },
  },
];
