import { Type } from 'typebox';
import { agentOf } from '#api/agents/account.ts';
import { seeCase } from '#api/answers/sight.ts';
import { bodyOf, idOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { homeOfCase } from '#api/routes/command.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { fromUuid, type Id } from '#engine/domain/ids.ts';
import { settled } from './decisions.ts';
import { tagOf } from './match.ts';
import { deskAnswer, peersOf, treats } from './people.ts';
import { Desk, NewAssignment, Peer } from './schema.ts';

async function look({ hub }: ApiDeps, request: Request, noted: boolean): Promise<Reply> {
  const { state: agent } = agentOf(request);
  const id = idOf(request, 'caseId');
  const state = await seeCase(hub, request.caller, id);
  const present = noted
    ? await hub.presence.note(id, agent.id)
    : (await hub.presence.of(id)).filter((one) => one !== agent.id);
  const json = deskAnswer(hub.referential, id, state, present, hub.now());
  return { status: 200, json, headers: { ETag: tagOf(json.version) } };
}

const agentId = (text: string | null | undefined): Id | null =>
  text === null || text === undefined ? null : (fromUuid(text) ?? null);

async function assign({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { state: by } = agentOf(request);
  const { caller } = request;
  const id = idOf(request, 'caseId');
  const asked = await bodyOf(NewAssignment, request);
  const agent = agentId(asked.agentId);
  const { recipient, process } = await seeCase(hub, caller, id);
  if (agent !== null && !treats(hub.referential, agent, recipient, process))
    throw new Problem('agent-unfit', 'Cet agent n’est pas habilité pour la démarche dans cette organisation.');
  const command = {
    ...({ kind: 'case.assign', case: id, caller, by: by.id, agent } as const),
    ...(asked.from !== undefined && { from: agentId(asked.from) }),
  };
  settled(await hub.ask(homeOfCase(id), command));
  return { status: 204 };
}

function peers({ hub }: ApiDeps, { caller }: Request): Reply {
  return { status: 200, json: peersOf(hub.referential, caller.org, hub.now()) };
}

const CASE = '/relais/v1/cases/{caseId}';
const SCOPES = ['AGENT'] as const;

/** What agents know among themselves of a case: who treats it, who looks at it, what is about to leave. */
export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: `${CASE}/desk`,
    together: true,
    scopes: SCOPES,
    summary: 'Dit qui traite un dossier, qui le consulte, et quelle décision va partir',
    schemas: { answers: { 200: Desk, ...problems(404, 503) } },
    handler: (request) => look(deps, request, false),
  },
  {
    method: 'PUT',
    path: `${CASE}/presence`,
    together: true,
    scopes: SCOPES,
    summary: 'Note que l’agent consulte le dossier, deux minutes ; répond comme /desk',
    schemas: { answers: { 200: Desk, ...problems(404, 503) } },
    handler: (request) => look(deps, request, true),
  },
  {
    method: 'PUT',
    path: `${CASE}/assignment`,
    scopes: SCOPES,
    body: 'json',
    summary: 'Attribue un dossier à un agent de l’organisation, ou à personne',
    schemas: { body: NewAssignment, answers: { 204: null, ...problems(404, 409, 412, 422) } },
    handler: (request) => assign(deps, request),
  },
  {
    method: 'GET',
    path: '/relais/v1/colleagues',
    together: true,
    scopes: SCOPES,
    summary: 'Liste les agents de l’organisation à qui un dossier peut être attribué',
    schemas: { answers: { 200: Type.Array(Peer) } },
    handler: (request) => peers(deps, request),
  },
];
