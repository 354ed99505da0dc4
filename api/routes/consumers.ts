import { Type } from 'typebox';
import { cursorProblem } from '#api/feed/cursor.ts';
import { nameOf } from '#api/feed/position.ts';
import { PAGE } from '#api/feed/reader.ts';
import { bodyOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { dateText } from '#api/schemas/dates.ts';
import { Acknowledgement, Consumer } from '#api/schemas/feed.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { BEYOND } from '#engine/client/feed.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import type { ServiceCounts } from '#engine/telemetry/service.ts';

type Taken = Pick<ServiceCounts, 'taken'>;

async function list({ hub }: ApiDeps, { caller }: Request): Promise<Reply> {
  const [cursors, { kept, last }] = await Promise.all([
    hub.feeds.cursors(caller.org),
    hub.feeds.read(caller.org, BEYOND, 1),
  ]);
  const json = Object.entries(cursors).map(([consumer, { acknowledged, at }]) => ({
    consumer,
    acknowledged,
    dateTime: dateText(at),
    unread: last - Math.max(acknowledged, kept - 1),
  }));
  return { status: 200, json };
}

async function acknowledge({ hub, counts }: ApiDeps, request: Request): Promise<Reply> {
  const { org } = request.caller;
  const consumer = nameOf(request.param('consumer'));
  const { position, seek } = await bodyOf(Acknowledgement, request);
  const command = { kind: 'feed.acknowledge', org, consumer, upTo: position, seek: seek === true } as const;
  const answer = await hub.ask(partitionOf(org), command);
  if (answer.status === 400) throw await cursorProblem(hub, org, position);
  if (answer.status > 400) throw refused(answer);
  const { acknowledged, before } = answer.body as { acknowledged: number; before: number };
  if (acknowledged > before) void timeTaken(hub, counts.service, org, before, acknowledged);
  return { status: 200, json: { acknowledged } };
}

/** After the answer: nobody waits for it. Of more entries than a page the first ones speak for the others. */
async function timeTaken(hub: Hub, service: Taken, org: OrgKey, after: number, upTo: number): Promise<void> {
  try {
    const { entries } = await hub.feeds.read(org, after, PAGE);
    for (const entry of entries) if (entry.sequence <= upTo) service.taken(entry, hub.now());
  } catch {
    // Redis away: they are not timed.
  }
}

async function forget({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { org } = request.caller;
  const consumer = nameOf(request.param('consumer'));
  const answer = await hub.ask(partitionOf(org), { kind: 'feed.forget', org, consumer });
  if (answer.status === 404) throw new Problem('consumer-unknown');
  if (answer.status >= 400) throw refused(answer);
  return { status: 204 };
}

const SCOPES = ['OSL', 'SI', 'PARTNER'] as const;
const PATH = '/relais/v1/feed/consumers';

export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: PATH,
    scopes: SCOPES,
    summary: 'Liste les lecteurs du fil et leur avancement',
    schemas: { answers: { 200: Type.Array(Consumer) } },
    handler: (request) => list(deps, request),
  },
  {
    method: 'PUT',
    path: `${PATH}/{consumer}`,
    scopes: SCOPES,
    // to say how far one has read is part of reading
    right: 'read',
    body: 'json',
    summary: 'Acquitte le fil jusqu’à une position',
    schemas: {
      body: Acknowledgement,
      answers: { 200: Type.Object({ acknowledged: Type.Integer({ minimum: 0 }) }), ...problems(409) },
    },
    handler: (request) => acknowledge(deps, request),
  },
  {
    method: 'DELETE',
    path: `${PATH}/{consumer}`,
    scopes: SCOPES,
    // to say how far one has read is part of reading
    right: 'read',
    summary: 'Oublie un lecteur du fil',
    schemas: { answers: { 204: null, ...problems(404) } },
    handler: (request) => forget(deps, request),
  },
];
