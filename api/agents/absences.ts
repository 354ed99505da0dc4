import { isDay } from '#api/competence/day.ts';
import { bodyOf, idOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { demand } from '#api/routes/demand.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { dayStart } from '#engine/domain/calendar.ts';
import { fromUuid, type Id } from '#engine/domain/ids.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import { type AgentState, membershipOf } from '#engine/domain/records/agent.ts';
import { NewAbsence, OwnAbsence } from './absence-schema.ts';
import { agentOf } from './account.ts';
import { absenceAnswer } from './answers.ts';

/** Whose absence: the agent's own, or a colleague's for an administrator. @throws Problem */
function whose({ hub }: ApiDeps, request: Request): Id {
  const { state, membership } = agentOf(request);
  const id = idOf(request, 'agentId');
  if (id !== state.id && membership?.role !== 'administrator') {
    throw new Problem('forbidden', 'L’absence d’un collègue : réservé aux administrateurs de l’organisation.');
  }
  const found = hub.referential.agent(id);
  if (found === undefined || membershipOf(found, request.caller.org) === undefined) throw new Problem('not-found');
  return id;
}

/** ms of a day in Paris, and of the one after. @throws Problem */
function dayMs(day: string, add: 0 | 1): number {
  if (!isDay(day)) throw new Problem('form-invalid', `${day} n’est pas un jour du calendrier.`);
  return dayStart(Date.parse(`${day}T12:00:00Z`), add);
}

async function set(deps: ApiDeps, request: Request): Promise<Reply> {
  const { hub } = deps;
  const agent = whose(deps, request);
  const { org } = request.caller;
  const { from, to, substituteId } = await bodyOf(NewAbsence, request);
  const substitute = fromUuid(substituteId);
  if (substitute === undefined) throw new Problem('form-invalid');
  const absence = { from: dayMs(from, 0), to: dayMs(to, 1), substitute, by: agentOf(request).state.id };
  const answer = await hub.ask(REFERENTIAL, { kind: 'agent.absence', agent, org, absence });
  if (answer.status === 400) {
    throw new Problem(
      'form-invalid',
      'Une absence va d’un jour à un autre, pas encore passé, un an au plus ; un autre agent de l’organisation remplace.',
    );
  }
  if (answer.status > 400) throw refused(answer);
  const own = membershipOf(answer.body as AgentState, org);
  return { status: 200, json: absenceAnswer(own?.absence ?? null, hub.now()) };
}

async function end(deps: ApiDeps, request: Request): Promise<Reply> {
  const agent = whose(deps, request);
  const { org } = request.caller;
  await demand(deps.hub, REFERENTIAL, { kind: 'agent.absence', agent, org, absence: null });
  return { status: 204 };
}

const PATH = '/relais/v1/agents/{agentId}/absence';
const SCOPES = ['AGENT'] as const;

/** Absences of agents, each from one of its organisations. */
export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'PUT',
    path: PATH,
    scopes: SCOPES,
    body: 'json',
    summary: 'Dit d’un agent quand il est absent et qui a ses dossiers pendant ce temps ; remplace l’absence d’avant',
    schemas: { body: NewAbsence, answers: { 200: OwnAbsence, ...problems(404) } },
    handler: (request) => set(deps, request),
  },
  {
    method: 'DELETE',
    path: PATH,
    scopes: SCOPES,
    summary: 'Retire l’absence d’un agent : ses dossiers sont de nouveau les siens',
    schemas: { answers: { 204: null, ...problems(404) } },
    handler: (request) => end(deps, request),
  },
];
