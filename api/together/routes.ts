import { type Static, Type } from 'typebox';
import { bodyOf } from '#api/native/asked.ts';
import { oneOf, optional, text, textOrNull } from '#api/schemas/fields.ts';
import { compile } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { admit } from '#api/server/pipeline.ts';
import { PROBLEM_FORM } from '#api/server/problem.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { RIGHTS } from '#engine/domain/records/client.ts';
import { InnerRequest } from './call.ts';
import { Together } from './table.ts';

/** Calls of one request: what one page asks for, and some. Each weighs as a request does. */
export const MOST_CALLS = 12;
/** A list with all its filters, a search of the longest kind percent-encoded. Characters */
const PATH_LENGTH = 4_096;
const TAG = 'ETag';

const NewCalls = Type.Object(
  {
    calls: Type.Array(
      Type.Object({
        method: optional({ ...oneOf(['GET', 'PUT']), default: 'GET' }),
        path: { ...text(PATH_LENGTH), description: 'chemin et paramètres, comme en un appel seul' },
      }),
      { minItems: 1, maxItems: MOST_CALLS },
    ),
  },
  { title: 'NewCalls', description: 'Appels à faire ensemble' },
);
type NewCall = Static<typeof NewCalls>['calls'][number];
compile(NewCalls);

const Answers = Type.Object(
  {
    answers: Type.Array(
      Type.Object({
        status: Type.Integer(),
        etag: { ...textOrNull(255), description: 'version, où l’appel seul a un en-tête ETag' },
        body: Type.Unknown({ description: 'ce que l’appel seul répond ; null : rien' }),
      }),
    ),
  },
  { title: 'Answers', description: 'Réponses, dans l’ordre des appels' },
);

/** An answer as a line of the whole: what is text already is not read again. */
function written({ status, headers, json, text: said }: Reply): string {
  const body = said ?? (json === undefined ? 'null' : JSON.stringify(json));
  return `{"status":${status},"etag":${JSON.stringify(headers?.[TAG] ?? null)},"body":${body}}`;
}

/**
 * Several calls in one: token and session are looked at once, and the calls are made side by side, each answered for itself.
 * What is asked so is what the same calls ask alone, by the same handlers: rights, quota and access log included.
 * @param others the table, as it is served
 */
export function togetherRoute({ log }: ApiDeps, others: readonly Route[]): Route {
  const table = new Together(others);

  async function one(request: Request, { method = 'GET', path }: NewCall): Promise<string> {
    const known = table.find(method, path);
    if (known === undefined) {
      const nowhere = new InnerRequest(request, { method: 'GET', params: [] }, { path, query: '', values: [] });
      const why = new Problem('not-found', 'Cet appel ne se fait pas avec d’autres.');
      return written(PROBLEM_FORM.refusal(why, nowhere) as Reply);
    }
    const { route, found } = known;
    const inner = new InnerRequest(request, route, found);
    try {
      admit({ scope: 'AGENT', rights: RIGHTS, ...(request.agent && { agent: request.agent }) }, route);
      return written(await route.handler(inner));
    } catch (error) {
      const told = route.errors.refusal(error, inner);
      if (told === undefined) log.error({ id: request.id, route: route.path, err: error }, 'http.fault');
      return written(told ?? route.errors.fault(inner));
    }
  }

  return {
    method: 'POST',
    path: '/relais/v1/calls',
    scopes: ['AGENT'],
    anyOrganization: true,
    body: 'json',
    errors: PROBLEM_FORM,
    summary: 'Fait plusieurs lectures en un appel, comme une page les demande',
    schemas: { body: NewCalls, answers: { 200: Answers } },
    handler: async (request) => {
      const { calls } = await bodyOf(NewCalls, request);
      const answers = await Promise.all(calls.map((call) => one(request, call)));
      return { status: 200, text: `{"answers":[${answers.join(',')}]}` };
    },
  };
}
