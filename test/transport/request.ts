import { Query } from '#api/server/query.ts';
import type { Chunks, Method, Request } from '#api/server/types.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';

export interface Fake {
  method?: Method;
  path?: string;
  params?: Record<string, string>;
  query?: string;
  headers?: Record<string, string>;
  json?: unknown;
  chunks?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  caller?: Caller;
  client?: string;
  address?: string;
}

/** A request without a socket, for handlers tested alone. */
export function fakeRequest(fake: Fake = {}): Request {
  const { method = 'GET', path = '/', headers = {}, params = {} } = fake;
  return {
    method,
    calledMethod: method,
    path,
    query: new Query(fake.query ?? ''),
    id: 'fake-1',
    caller: fake.caller ?? { scope: 'ADMIN', org: 'Admin-00000000000000-00000' },
    client: fake.client ?? 'fake',
    agent: undefined,
    address: fake.address ?? '127.0.0.1',
    trace: undefined,
    aborted: false,
    param: (name) => params[name] ?? '',
    header: (name) => headers[name] ?? '',
    json: async () => fake.json,
    text: async () => JSON.stringify(fake.json) ?? '',
    whole: async () => '',
    chunks: () => chunksOf(fake.chunks ?? []),
  };
}

async function* each(source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* source;
}

export const chunksOf = (source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Chunks => each(source);
