import type { Static } from 'typebox';
import { bodyOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { demand } from '#api/routes/demand.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route, SignedIn } from '#api/server/types.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { AgentState } from '#engine/domain/records/agent.ts';
import { accountAnswer } from './answers.ts';
import { Account, AccountChange, AgentNotices } from './schema.ts';

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

const noticesOf = ({ notices }: AgentState): Static<typeof AgentNotices> => ({
  notices: notices.map(({ process, frequency }) => ({ processCode: process, frequency })),
});

async function wish({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { state } = agentOf(request);
  const asked = new Map((await bodyOf(AgentNotices, request)).notices.map((one) => [one.processCode, one.frequency]));
  const notices = Array.from(asked, ([process, frequency]) => ({ process, frequency }));
  const answer = await hub.ask(REFERENTIAL, { kind: 'agent.notices', agent: state.id, notices });
  if (answer.status === 400) throw new Problem('form-invalid', 'Démarche inconnue.');
  if (answer.status > 400) throw refused(answer);
  return { status: 200, json: noticesOf(answer.body as AgentState) };
}

const PATH = '/relais/v1/agent';
const NOTICES = `${PATH}/notices`;

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
  {
    method: 'GET',
    path: NOTICES,
    scopes: ['AGENT'],
    anyOrganization: true,
    summary: 'Dit pour quelles démarches l’agent veut être prévenu par courriel',
    schemas: { answers: { 200: AgentNotices } },
    handler: async (request) => ({ status: 200, json: noticesOf(agentOf(request).state) }),
  },
  {
    method: 'PUT',
    path: NOTICES,
    scopes: ['AGENT'],
    anyOrganization: true,
    body: 'json',
    summary: 'Remplace les démarches pour lesquelles l’agent veut être prévenu par courriel',
    schemas: { body: AgentNotices, answers: { 200: AgentNotices, ...problems() } },
    handler: (request) => wish(deps, request),
  },
];
