import { Type } from 'typebox';
import { CONSUMER } from '#api/feed/position.ts';
import { dateText } from '#api/schemas/dates.ts';
import { Fault } from '#api/schemas/fault.ts';
import { Acknowledgement, Consumer } from '#api/schemas/feed.ts';
import { pathText } from '#api/schemas/parameters.ts';
import { validate } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { BEYOND } from '#engine/client/feed.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { demand } from './demand.ts';

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

async function acknowledge({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { org } = request.caller;
  const consumer = pathText(request, 'consumer', CONSUMER);
  const { position, seek } = validate(Acknowledgement, await request.json(), request);
  const command = { kind: 'feed.acknowledge', org, consumer, upTo: position, seek: seek === true } as const;
  const { body } = await demand(hub, partitionOf(org), command);
  return { status: 200, json: body };
}

async function forget({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { org } = request.caller;
  const consumer = pathText(request, 'consumer', CONSUMER);
  await demand(hub, partitionOf(org), { kind: 'feed.forget', org, consumer });
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
      answers: { 200: Type.Object({ acknowledged: Type.Integer({ minimum: 0 }) }), 400: Fault },
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
    schemas: { answers: { 204: null, 404: Fault } },
    handler: (request) => forget(deps, request),
  },
];
