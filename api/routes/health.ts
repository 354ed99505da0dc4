import { Type } from 'typebox';
import type { BlobStore } from '#api/blobs/store.ts';
import type { Route } from '#api/server/types.ts';
import type { Hub } from '#engine/client/hub.ts';

const State = Type.Object(
  {
    status: Type.String({ description: '`ok` ou `unavailable`' }),
    reasons: Type.Array(Type.String({ description: 'pourquoi une requête échouerait maintenant' })),
  },
  { title: 'Health', description: 'État du processus' },
);

const OK = { status: 200, text: '{"status":"ok","reasons":[]}' } as const;

/** For orchestrators: is the process alive, and would a request succeed. */
export const routes = ({ hub, blobs }: { hub: Pick<Hub, 'ready'>; blobs: Pick<BlobStore, 'check'> }): Route[] => [
  {
    method: 'GET',
    path: '/health/live',
    scopes: 'public',
    summary: 'Le processus répond',
    schemas: { answers: { 200: State } },
    handler: () => OK,
  },
  {
    method: 'GET',
    path: '/health/ready',
    scopes: 'public',
    summary: 'Une requête réussirait maintenant',
    schemas: { answers: { 200: State, 503: State } },
    handler: async () => {
      const found = await Promise.all([hub.ready(), blobs.check()]);
      const reasons = found.flat();
      return reasons.length === 0 ? OK : { status: 503, json: { status: 'unavailable', reasons } };
    },
  },
];
