import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import type { Access } from '#api/auth/auth.ts';
import {
  Client,
  ClientWithSecret,
  clientAnswer,
  NewClient,
  OVERLAP_S,
  Rotation,
  SCOPES,
  secretAnswer,
} from '#api/schemas/client.ts';
import { Fault } from '#api/schemas/fault.ts';
import { missing, notUuid } from '#api/schemas/faults.ts';
import { oneOf, optional, text, uuid } from '#api/schemas/fields.ts';
import { queryOneOf, queryText } from '#api/schemas/parameters.ts';
import { compile, validate } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { formError } from '#api/server/errors.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { Order } from '#engine/client/referential-view.ts';
import { fromUuid, type Id } from '#engine/domain/ids.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import { type ClientState, RIGHTS } from '#engine/domain/records/client.ts';
import { demand } from './demand.ts';
import { contentRange, listReply, querySiret, rowsOf } from './listing.ts';

compile(NewClient);
compile(Rotation);

/** Secrets are shown in an answer: no cache may keep it. */
const NO_STORE = { 'Cache-Control': 'no-store' } as const;

const AS_CREATED: Order<ClientState> = { name: 'created', compare: (a, b) => a.created - b.created };

const ClientQuery = Type.Object({
  scope: optional(oneOf(SCOPES)),
  companyRegister: optional(text(14)),
  subscriptionId: optional(uuid()),
  offSet: optional(Type.Integer({ minimum: 0, default: 0 })),
  maxResult: optional(Type.Integer({ minimum: 1, default: 25 })),
});

type Secrets = Access['secrets'];

/** What the scope needs besides itself, else 400 in the words of a missing member. */
function boundTo(request: Request, asked: NewClient) {
  const { scope, organization, subscriptionId, processCodes } = asked;
  if (scope === 'SI') {
    if (subscriptionId === undefined) throw formError(request, 'body', missing(['subscriptionId']));
    return { organization: null, subscription: fromUuid(subscriptionId) as Id, partner: null };
  }
  if (scope === 'PORTAL') return { organization: null, subscription: null, partner: null };
  if (organization === undefined) throw formError(request, 'body', missing(['organization']));
  if (scope === 'PARTNER' && processCodes === undefined) throw formError(request, 'body', missing(['processCodes']));
  const { type, companyRegister, branchCode } = organization;
  const partner = scope === 'PARTNER' ? { processes: processCodes ?? [], rights: asked.rights ?? RIGHTS } : null;
  return { organization: { type, companyRegister, branchCode }, subscription: null, partner };
}

async function create({ hub }: ApiDeps, secrets: Secrets, request: Request): Promise<Reply> {
  const body = validate(NewClient, await request.json(), request);
  const bound = boundTo(request, body);
  const clientId = randomUUID();
  const secret = secrets.make();
  const client = { clientId, scope: body.scope, secret: secrets.hash(clientId, secret), ...bound };
  const answer = await demand(hub, REFERENTIAL, { kind: 'client.create', client });
  return { status: 201, json: secretAnswer(answer.body as ClientState, secret), headers: NO_STORE };
}

function list({ hub }: ApiDeps, request: Request): Reply {
  const scope = queryOneOf(request, 'scope', SCOPES);
  const subscription = querySubscription(request);
  const rows = rowsOf(request);
  const page = hub.referential.clientPage({
    order: AS_CREATED,
    where: (client) =>
      (scope === undefined || client.scope === scope) &&
      (subscription === undefined || client.subscription === subscription),
    group: querySiret(request, 'companyRegister'),
    ...rows,
  });
  return listReply(page.items, clientAnswer, { 'Content-Range': contentRange('Clients', rows.offset, page) });
}

function querySubscription(request: Request): Id | undefined {
  const asked = queryText(request, 'subscriptionId', 36);
  if (asked === undefined) return undefined;
  const id = fromUuid(asked);
  if (id === undefined) throw formError(request, 'query.subscriptionId', notUuid(asked));
  return id;
}

/** The body may be left out: then the old secret stays valid for a day. */
async function rotate({ hub }: ApiDeps, secrets: Secrets, request: Request): Promise<Reply> {
  const clientId = request.param('clientId');
  const { overlapSeconds = OVERLAP_S } = validate(Rotation, (await request.json()) ?? {}, request);
  const secret = secrets.make();
  const answer = await demand(hub, REFERENTIAL, {
    kind: 'client.rotate',
    clientId,
    secret: secrets.hash(clientId, secret),
    overlapMs: overlapSeconds * 1000,
  });
  return { status: 200, json: secretAnswer(answer.body as ClientState, secret), headers: NO_STORE };
}

async function revoke({ hub }: ApiDeps, request: Request): Promise<Reply> {
  await demand(hub, REFERENTIAL, { kind: 'client.revoke', clientId: request.param('clientId') });
  return { status: 204 };
}

const ALL = '/admin/v1/clients';
const ONE = `${ALL}/{clientId}`;

export function routes(deps: ApiDeps): Route[] {
  const { secrets } = deps.auth;
  return [
    {
      method: 'POST',
      path: ALL,
      scopes: ['ADMIN'],
      body: 'json',
      summary: 'Crée des identifiants ; le secret n’est montré que cette fois',
      schemas: { body: NewClient, answers: { 201: ClientWithSecret } },
      handler: (request) => create(deps, secrets, request),
    },
    {
      method: 'GET',
      path: ALL,
      scopes: ['ADMIN'],
      summary: 'Liste les identifiants, sans leurs secrets',
      schemas: { query: ClientQuery, answers: { 200: Type.Array(Client) } },
      handler: (request) => list(deps, request),
    },
    {
      method: 'POST',
      path: `${ONE}/rotate`,
      scopes: ['ADMIN'],
      body: 'json',
      summary: 'Change un secret ; l’ancien reste valide le temps demandé',
      schemas: { body: Rotation, answers: { 200: ClientWithSecret, 404: Fault } },
      handler: (request) => rotate(deps, secrets, request),
    },
    {
      method: 'DELETE',
      path: ONE,
      scopes: ['ADMIN'],
      summary: 'Révoque des identifiants et leurs jetons, tout de suite et pour toujours',
      schemas: { answers: { 204: null, 404: Fault } },
      handler: (request) => revoke(deps, request),
    },
  ];
}
