import { type Static, Type } from 'typebox';
import { bodyOf, idOf, matchOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { demand } from '#api/routes/demand.ts';
import type { Identity } from '#api/schemas/identity.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem, type ProblemCode } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import { type AgentState, agentIdOf, type Membership, membershipOf } from '#engine/domain/records/agent.ts';
import { colleagueAnswer } from './answers.ts';
import { makeLink } from './passkeys/invitation.ts';
import { AgentChange, Colleague, NewAgent, Reinvitation, StaffQuery } from './schema.ts';

/**
 * Whose agents the caller manages: an administrator its own organisation's, ADMIN those of the one it names.
 * @param named by ADMIN; undefined: none @throws Problem
 */
function managed(request: Request, named: Identity | undefined): OrgKey {
  const { agent, caller } = request;
  if (agent !== undefined) {
    if (agent.membership?.role !== 'administrator') throw new Problem('forbidden', 'Réservé aux administrateurs.');
    if (named !== undefined && orgKey(named) !== caller.org) throw new Problem('forbidden');
    return caller.org;
  }
  if (named !== undefined) return orgKey(named);
  const errors = [{ pointer: '/organization', detail: 'attendue : de quelle organisation sont les agents' }];
  throw new Problem('form-invalid', undefined, { errors });
}

/** The organisation of a query: all three parts, or none. @throws Problem */
function queried(request: Request): Identity | undefined {
  const { query } = request;
  if (['type', 'companyRegister', 'branchCode'].every((name) => !query.one(name))) return undefined;
  return {
    type: matchOf(request, 'type', /^\w{1,20}$/, 'un type d’organisation'),
    companyRegister: matchOf(request, 'companyRegister', /^[0-9]{14}$/, 'un SIRET de 14 chiffres'),
    branchCode: matchOf(request, 'branchCode', /^[A-Za-z0-9-]{1,10}$/, 'un code guichet'),
  };
}

/** @throws Problem not-found */
function member({ hub }: ApiDeps, request: Request, org: OrgKey): { state: AgentState; membership: Membership } {
  const state = hub.referential.agent(idOf(request, 'agentId'));
  const membership = state && membershipOf(state, org);
  if (state === undefined || membership === undefined) throw new Problem('not-found');
  return { state, membership };
}

/** @throws Problem the one a conflict means here; HttpError */
async function decided({ hub }: ApiDeps, command: AgentCommand, conflict: ProblemCode): Promise<AgentState> {
  const answer = await hub.ask(REFERENTIAL, command);
  if (answer.status === 409) throw new Problem(conflict);
  if (answer.status === 400) throw new Problem('form-invalid', 'Organisation ou démarche inconnue, ou trop d’agents.');
  if (answer.status > 400) throw refused(answer);
  return answer.body as AgentState;
}
type AgentCommand = CommandOf<'agent.invite' | 'agent.update' | 'agent.withdraw'>;

const answerOf = ({ hub }: ApiDeps, state: AgentState, org: OrgKey): Static<typeof Colleague> =>
  colleagueAnswer(state, membershipOf(state, org) as Membership, hub.now());

function list(deps: ApiDeps, request: Request): Reply {
  const org = managed(request, queried(request));
  return { status: 200, json: deps.hub.referential.agentsOf(org).map((state) => answerOf(deps, state, org)) };
}

async function invite(deps: ApiDeps, request: Request): Promise<Reply> {
  const asked = await bodyOf(NewAgent, request);
  const org = managed(request, asked.organization);
  const { email, role, processCodes = null, givenName = null, familyName = null } = asked;
  const { quality = null, service = null } = asked;
  const passkeys = deps.hub.referential.office(org)?.passkeys != null;
  if (passkeys) mustBeNamed(asked);
  const state = await decided(
    deps,
    {
      kind: 'agent.invite',
      email,
      org,
      role,
      processes: processCodes,
      givenName,
      familyName,
      quality,
      service,
      isTold: true,
      ...(passkeys && { link: makeLink(deps.config.masterKey, agentIdOf(email)) }),
    },
    'agent-exists',
  );
  return { status: 201, json: answerOf(deps, state, org) };
}

async function change(deps: ApiDeps, request: Request): Promise<Reply> {
  const asked = await bodyOf(AgentChange, request);
  const org = managed(request, asked.organization);
  const { state: before } = member(deps, request, org);
  const { role, processCodes, quality, service, suspended, national } = asked;
  if (request.agent !== undefined && (suspended !== undefined || national !== undefined)) {
    throw new Problem('forbidden', 'Suspendre ou rendre national : réservé à l’administration de la plateforme.');
  }
  let state = await decided(
    deps,
    {
      kind: 'agent.update',
      agent: before.id,
      org,
      ...(role !== undefined && { role }),
      ...(processCodes !== undefined && { processes: processCodes }),
      ...(quality !== undefined && { quality }),
      ...(service !== undefined && { service }),
      ...(national !== undefined && { national }),
    },
    'last-administrator',
  );
  if (suspended !== undefined) {
    const answer = await demand(deps.hub, REFERENTIAL, { kind: 'agent.suspend', agent: before.id, suspended });
    state = answer.body as AgentState;
    if (suspended) await deps.hub.sessions.endAll(before.id);
  }
  return { status: 200, json: answerOf(deps, state, org) };
}

/** No provider says who the agent is: its administrator does. @throws Problem */
function mustBeNamed(asked: Static<typeof NewAgent>): void {
  const errors = (['givenName', 'familyName'] as const)
    .filter((name) => !asked[name]?.trim())
    .map((name) => ({ pointer: `/${name}`, detail: 'attendu : aucun fournisseur d’identité ne le dit' }));
  if (errors.length > 0) throw new Problem('form-invalid', undefined, { errors });
}

/** Passkeys that were lost end, and so do their sessions; an e-mail leads to the next one. */
async function reinvite(deps: ApiDeps, request: Request): Promise<Reply> {
  const { organization } = await bodyOf(Reinvitation, request, {});
  const org = managed(request, organization);
  const { state } = member(deps, request, org);
  const link = makeLink(deps.config.masterKey, state.id);
  const answer = await deps.hub.ask(REFERENTIAL, { kind: 'agent.enrol', agent: state.id, org, link });
  if (answer.status === 409) throw new Problem('conflict', 'Cette organisation n’a pas de clés d’accès.');
  if (answer.status === 429) throw new Problem('too-many-requests', 'Une invitation par minute et par personne.');
  if (answer.status > 400) throw refused(answer);
  return { status: 200, json: answerOf(deps, answer.body as AgentState, org) };
}

async function withdraw(deps: ApiDeps, request: Request): Promise<Reply> {
  const org = managed(request, queried(request));
  const { state } = member(deps, request, org);
  await decided(deps, { kind: 'agent.withdraw', agent: state.id, org }, 'last-administrator');
  return { status: 204 };
}

const SCOPES = ['AGENT', 'ADMIN'] as const;
const PATH = '/relais/v1/agents';
const ONE = `${PATH}/{agentId}`;

/** The agents of an organisation. */
export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: PATH,
    scopes: SCOPES,
    summary: 'Liste les agents d’une organisation, administrateurs d’abord',
    schemas: { query: StaffQuery, answers: { 200: Type.Array(Colleague) } },
    handler: (request) => list(deps, request),
  },
  {
    method: 'POST',
    path: PATH,
    scopes: SCOPES,
    body: 'json',
    summary: 'Invite un agent dans une organisation, pour des démarches',
    schemas: { body: NewAgent, answers: { 201: Colleague, ...problems(409) } },
    handler: (request) => invite(deps, request),
  },
  {
    method: 'PATCH',
    path: ONE,
    scopes: SCOPES,
    body: 'json',
    summary: 'Change le rôle, les démarches, la qualité ou le service d’un agent',
    schemas: { body: AgentChange, answers: { 200: Colleague, ...problems(404, 409) } },
    handler: (request) => change(deps, request),
  },
  {
    method: 'POST',
    path: `${ONE}/invitation`,
    scopes: SCOPES,
    body: 'json',
    summary: 'Envoie à un agent un lien pour créer une clé d’accès ; celles qu’il avait ne valent plus',
    schemas: { body: Reinvitation, answers: { 200: Colleague, ...problems(404, 409, 429) } },
    handler: (request) => reinvite(deps, request),
  },
  {
    method: 'DELETE',
    path: ONE,
    scopes: SCOPES,
    summary: 'Retire un agent d’une organisation : sa prochaine requête est refusée',
    schemas: { query: StaffQuery, answers: { 204: null, ...problems(404, 409) } },
    handler: (request) => withdraw(deps, request),
  },
];
