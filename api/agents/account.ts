import { bodyOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { demand } from '#api/routes/demand.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route, SignedIn } from '#api/server/types.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { AgentState } from '#engine/domain/records/agent.ts';
import { accountAnswer } from './answers.ts';
import { Account, AccountChange } from './schema.ts';

/** The agent of a route that no other scope reaches. */
export function agentOf({ agent }: Request): SignedIn {
  if (agent === undefined) throw new Error('a route for agents was reached by somebody else');
  return agent;
}

function show({ hub }: ApiDeps, request: Request): Reply {
  const { state, membership } = agentOf(request);
  return { status: 200, json: accountAnswer(hub.referential, state, membership) };
}

async function change({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { state, membership } = agentOf(request);
  const { quality, service } = await bodyOf(AccountChange, request);
  const answer = await demand(hub, REFERENTIAL, {
    kind: 'agent.update',
    agent: state.id,
    org: null,
    ...(quality !== undefined && { quality }),
    ...(service !== undefined && { service }),
  });
  return { status: 200, json: accountAnswer(hub.referential, answer.body as AgentState, membership) };
}

const PATH = '/relais/v1/agent';

/** An agent, of itself. */
export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: PATH,
    scopes: ['AGENT'],
    anyOrganization: true,
    summary: 'Dit qui est l’agent, ses organisations et ses droits',
    schemas: { answers: { 200: Account } },
    handler: (request) => show(deps, request),
  },
  {
    method: 'PATCH',
    path: PATH,
    scopes: ['AGENT'],
    anyOrganization: true,
    body: 'json',
    summary: 'Change la qualité et le service que portent les décisions de l’agent',
    schemas: { body: AccountChange, answers: { 200: Account, ...problems() } },
    handler: (request) => change(deps, request),
  },
];
