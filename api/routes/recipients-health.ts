import { Type } from 'typebox';
import { identityAnswer } from '#api/answers/identity.ts';
import { type Health, STATES, stateOf } from '#api/feed/health.ts';
import { dateText } from '#api/schemas/dates.ts';
import { dateTimeOrNull, oneOf } from '#api/schemas/fields.ts';
import { Identity } from '#api/schemas/identity.ts';
import { queryNumber, queryOneOf, queryText } from '#api/schemas/parameters.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';

const MAX_LIMIT = 1_000;
const USUAL_LIMIT = 100;
/** Longest key of an organisation: type, SIRET, branch. */
const KEY_LENGTH = 80;

const RecipientHealth = Type.Object(
  {
    organization: Identity,
    key: Type.String({ description: 'clé de l’organisation, pour `after`' }),
    state: { ...oneOf(STATES), description: 'silent : rien n’a été pris depuis un jour ; behind : depuis deux heures' },
    lastPull: { ...dateTimeOrNull(), description: 'dernière venue, quel que soit le canal ; null : inconnue' },
    oldestUnread: { ...dateTimeOrNull(), description: 'date de la plus ancienne nouvelle que personne n’a prise' },
    unread: Type.Integer({ minimum: 0, description: 'nouvelles que personne n’a prises' }),
    unacknowledged: Type.Integer({
      minimum: 0,
      description: 'dossiers disponibles depuis plus de 48 h et jamais pris',
    }),
    consumersLive: Type.Integer({ minimum: 0, description: 'lecteurs connectés par WebSocket' }),
  },
  { title: 'RecipientHealth', description: 'Où en est un destinataire de ce qui l’attend' },
);

const dateOf = (ms: number | undefined): string | null => (ms === undefined ? null : dateText(ms));

async function answerOf({ hub }: ApiDeps, health: Health): Promise<object> {
  const { org, since, late, acknowledged, live, pulled } = health;
  return {
    organization: identityAnswer(org),
    key: org,
    state: stateOf(health, hub.now()),
    lastPull: dateOf(pulled),
    oldestUnread: dateOf(since),
    unread: since === undefined ? 0 : await hub.standings.unread(org, acknowledged),
    unacknowledged: late,
    consumersLive: live,
  };
}

async function list(deps: ApiDeps, request: Request): Promise<Reply> {
  const state = queryOneOf(request, 'state', STATES);
  const after = queryText(request, 'after', KEY_LENGTH) ?? '';
  const limit = queryNumber(request, 'limit', { fallback: USUAL_LIMIT, minimum: 1, integer: true });
  const now = deps.hub.now();
  const found: Health[] = [];
  for (const health of await deps.census.recipients()) {
    if (found.length >= Math.min(limit, MAX_LIMIT)) break;
    if (health.org > after && (state === undefined || stateOf(health, now) === state)) found.push(health);
  }
  return { status: 200, json: await Promise.all(found.map((health) => answerOf(deps, health))) };
}

export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: '/admin/v1/recipients/health',
    scopes: ['ADMIN'],
    summary: 'Dit de chaque destinataire où il en est de ce qui l’attend, par clé ; date d’une minute au plus',
    schemas: {
      query: Type.Object({
        state: Type.Optional(oneOf(STATES)),
        after: Type.Optional(Type.String({ description: 'clé après laquelle lire' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: USUAL_LIMIT })),
      }),
      answers: { 200: Type.Array(RecipientHealth) },
    },
    handler: (request) => list(deps, request),
  },
];
