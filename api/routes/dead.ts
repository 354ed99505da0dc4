import { Type } from 'typebox';
import { dateText } from '#api/schemas/dates.ts';
import { Fault } from '#api/schemas/fault.ts';
import { dateTime, text, textOrNull } from '#api/schemas/fields.ts';
import { queryNumber, queryText } from '#api/schemas/parameters.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { DeadLetters, LetterView, PageOf, ParkedView } from '#engine/client/dead.ts';
import type { Answer } from '#engine/domain/decision.ts';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';

/** Longest page: a list is read by a person. */
const MAX_LIMIT = 1_000;
const USUAL_LIMIT = 100;
const ID_LENGTH = 200;

/** Never the message itself, which may hold personal data. */
const DeadLetter = Type.Object(
  { id: text(ID_LENGTH), actor: text(ID_LENGTH), kind: text(ID_LENGTH), error: text(ID_LENGTH), dateTime: dateTime() },
  { title: 'DeadLetter', description: 'Message abandonné : il peut être rejoué ou écarté' },
);

const ParkedActor = Type.Object(
  {
    id: text(ID_LENGTH),
    actor: text(ID_LENGTH),
    letter: textOrNull(ID_LENGTH),
    draining: Type.Boolean(),
    waiting: Type.Integer({ minimum: 0 }),
    dateTime: dateTime(),
  },
  { title: 'ParkedActor', description: 'Acteur suspendu : ses messages attendent, dans leur ordre' },
);

const PageQuery = Type.Object({
  partition: Type.Optional(Type.Integer({ minimum: 0, maximum: ALL_PARTITIONS - 1 })),
  after: Type.Optional(text(ID_LENGTH)),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: USUAL_LIMIT })),
});

const letterAnswer = ({ at, ...letter }: LetterView) => ({ ...letter, dateTime: dateText(at) });
const parkedAnswer = ({ since, ...parked }: ParkedView) => ({ ...parked, dateTime: dateText(since) });

function pageOf(request: Request): PageOf {
  const limit = Math.min(
    queryNumber(request, 'limit', { fallback: USUAL_LIMIT, minimum: 1, integer: true }),
    MAX_LIMIT,
  );
  const partition = queryNumber(request, 'partition', { fallback: -1, minimum: 0, integer: true });
  const after = queryText(request, 'after', ID_LENGTH);
  return { limit, ...(partition >= 0 && { partition }), ...(after !== undefined && { after }) };
}

async function done(answer: Promise<Answer>): Promise<Reply> {
  const { status, body } = await answer;
  if (status >= 400) throw refused({ status, body });
  return { status: 204 };
}

const ADMIN = ['ADMIN'] as const;
const LETTERS = '/admin/v1/dead';
const ACTORS = '/admin/v1/parked';

/** Dead letters and parked actors, for administrators. */
export function routes({ hub }: ApiDeps): Route[] {
  const action = (
    method: Route['method'],
    path: string,
    summary: string,
    act: (dead: DeadLetters, id: string) => Promise<Answer>,
  ): Route => ({
    method,
    path,
    scopes: ADMIN,
    summary,
    schemas: { answers: { 204: null, 404: Fault, 409: Fault } },
    handler: (request) => done(act(hub.dead, request.param('id'))),
  });
  return [
    {
      method: 'GET',
      path: LETTERS,
      scopes: ADMIN,
      summary: 'Liste les messages abandonnés, par partition, les plus anciens d’abord',
      schemas: { query: PageQuery, answers: { 200: Type.Array(DeadLetter) } },
      handler: async (request) => ({ status: 200, json: (await hub.dead.list(pageOf(request))).map(letterAnswer) }),
    },
    action(
      'POST',
      `${LETTERS}/{id}/replay`,
      'Rejoue un message abandonné, puis ceux qui attendaient derrière lui',
      (dead, id) => dead.replay(id),
    ),
    action(
      'DELETE',
      `${LETTERS}/{id}`,
      'Écarte un message abandonné ; ceux qui attendaient derrière lui sont traités',
      (dead, id) => dead.discard(id),
    ),
    {
      method: 'GET',
      path: ACTORS,
      scopes: ADMIN,
      summary: 'Liste les acteurs suspendus',
      schemas: { query: PageQuery, answers: { 200: Type.Array(ParkedActor) } },
      handler: async (request) => ({ status: 200, json: (await hub.dead.parked(pageOf(request))).map(parkedAnswer) }),
    },
    action(
      'PUT',
      `${ACTORS}/{id}`,
      'Suspend un acteur : ses messages attendent, ses requêtes reçoivent 503',
      (dead, id) => dead.park(id),
    ),
    action(
      'DELETE',
      `${ACTORS}/{id}`,
      'Reprend un acteur suspendu : ses messages sont traités dans leur ordre',
      (dead, id) => dead.unpark(id),
    ),
  ];
}
