import { Type } from 'typebox';
import { cloudEvent } from '#api/answers/cloudevent.ts';
import { pieces } from '#api/feed/pieces.ts';
import { askedStart, consumerOf, keeping, scopeOf, startOf } from '#api/feed/position.ts';
import { PAGE } from '#api/feed/reader.ts';
import { wholeOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { CloudEventSchema, FeedQuery, StreamQuery } from '#api/schemas/feed.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';

const DEFAULT_LIMIT = 100;
/** Longest wait of a long poll, s: below what proxies in the field allow. */
export const MAX_WAIT_S = 25;
const MS = 1000;
const BATCH = 'application/cloudevents-batch+json';
const EVENT_STREAM = 'text/event-stream';
/** RFC 8288: the same question, from where this answer ends. */
function linkOf(request: Request, position: number, limit: number, wait: number): string {
  let parameters = `after=${position}&limit=${limit}`;
  if (wait > 0) parameters += `&wait=${wait}`;
  for (const processCode of request.query.list('processCode')) parameters += `&${new URLSearchParams({ processCode })}`;
  return `</relais/v1/feed?${parameters}>; rel="next"`;
}

/** A page, at once or, with `wait`, as soon as there is something. */
async function poll({ hub, readers, counts: { feed } }: ApiDeps, request: Request): Promise<Reply> {
  hub.pulls.note(request.caller.org);
  const number = (name: string, fallback: number, minimum: number, most: number): number =>
    Math.min(wholeOf(request, name, fallback, minimum), most);
  const limit = number('limit', DEFAULT_LIMIT, 1, PAGE);
  const wait = number('wait', 0, 0, MAX_WAIT_S);
  return keeping(feed, async () => {
    const scope = scopeOf(request);
    const after = askedStart(request);
    const reader = after === undefined ? readers.resume(scope, consumerOf(request)) : readers.begin(scope, after);
    try {
      const items = await reader.next(limit, wait * MS);
      feed.reads.inc({ channel: 'poll' });
      if (items.length > 0) feed.events.inc({ channel: 'poll' }, items.length);
      const headers = {
        Link: linkOf(request, reader.position, limit, wait),
        'Relais-Position': String(reader.position),
        'Relais-Last-Position': String(reader.last),
      };
      return {
        status: 200,
        text: JSON.stringify(items.map((item) => cloudEvent(scope.org, item))),
        type: BATCH,
        headers,
      };
    } finally {
      readers.close(reader);
    }
  });
}

/** Server-sent events, so that a browser resumes by itself; they end when the token they were asked with does. */
async function stream({ hub, auth, readers, counts: { feed } }: ApiDeps, request: Request): Promise<Reply> {
  hub.pulls.note(request.caller.org);
  return keeping(feed, async () => {
    const scope = scopeOf(request);
    const claims = auth.admit(request.header('authorization'));
    const reader = await readers.open(scope, await startOf(hub, request, request.header('last-event-id')));
    feed.reads.inc({ channel: 'stream' });
    const live = {
      opening: 'retry: 1000\n\n',
      ending: ': fin\n\n',
      pieces: pieces(reader, scope.org, {
        now: () => performance.now(),
        told: (events) => feed.events.inc({ channel: 'stream' }, events),
        async lapsed() {
          // Redis away: what is known of clients is the last that was, and tokens expire all the same.
          await hub.referential.fresh().catch(() => undefined);
          return auth.lapsed(claims);
        },
      }),
      stop: () => readers.close(reader),
    };
    return { status: 200, live, type: EVENT_STREAM };
  });
}

const SCOPES = ['OSL', 'SI', 'PARTNER'] as const;

export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: '/relais/v1/feed',
    scopes: SCOPES,
    summary: 'Lit le fil de l’organisation à partir d’une position ; lire n’en retire rien',
    schemas: { query: FeedQuery, answers: { 200: Type.Array(CloudEventSchema), ...problems(409, 410) } },
    handler: (request) => poll(deps, request),
  },
  {
    method: 'GET',
    path: '/relais/v1/feed/stream',
    scopes: SCOPES,
    headers: ['last-event-id', 'authorization'],
    summary: 'Suit le fil de l’organisation en événements poussés par le serveur (SSE)',
    schemas: { query: StreamQuery, answers: { 200: CloudEventSchema, ...problems(409, 410) } },
    handler: (request) => stream(deps, request),
  },
];
