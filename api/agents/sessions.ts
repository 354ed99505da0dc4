import { isKept } from '#api/auth/agent.ts';
import { bodyOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { dateText } from '#api/schemas/dates.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { IDLE_MS, type Session as Live } from '#engine/client/sessions.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { type AgentState, membershipOf } from '#engine/domain/records/agent.ts';
import { accountAnswer, agentAnswer, organizationAnswer } from './answers.ts';
import { placesOf } from './passkeys/places.ts';
import { NewSession, Session, SessionEnd, SessionToken, SessionTokenRequest } from './schema.ts';
import { mustReach, mustWork, signIn } from './signin.ts';

/** Secrets and tokens are shown in an answer: no cache may keep them. */
const NO_STORE = { 'Cache-Control': 'no-store' } as const;

const IDLE_S = IDLE_MS / 1000;

/** Nobody signs in where no provider is configured. @throws Problem */
function provided({ provider }: ApiDeps): NonNullable<ApiDeps['provider']> {
  if (provider === undefined) throw new Problem('sign-in-unconfigured');
  return provider;
}

async function open(deps: ApiDeps, request: Request): Promise<Reply> {
  const { log } = deps;
  const provider = provided(deps);
  const { idToken, userinfo } = await bodyOf(NewSession, request);
  try {
    const who = await provider.verify(idToken, userinfo);
    const state = await signIn(deps, who);
    return await opened(deps, request, state, { acr: who.acr ?? '', amr: who.amr });
  } catch (error) {
    if (error instanceof Problem) {
      const { cause } = error;
      log.info({ id: request.id, code: error.code, ...(cause !== undefined && { err: cause }) }, 'session.denied');
    }
    throw error;
  }
}

/** The agent with the places this sign-in may lead to: a passkey opens those the platform let have passkeys, and no other. */
const reachable = ({ hub }: Pick<ApiDeps, 'hub'>, state: AgentState, { passkey }: Pick<Live, 'passkey'>): AgentState =>
  passkey === undefined ? state : { ...state, memberships: placesOf(hub.referential, state) };

/** A session of an agent who showed who it is: its secret, and what the agent may act for. */
export async function opened(
  { hub, log }: ApiDeps,
  request: Request,
  state: AgentState,
  level: Pick<Live, 'acr' | 'amr' | 'passkey'>,
): Promise<Reply> {
  const { secret, session } = await hub.sessions.open({ agent: state.id, ...level });
  // not whose: an agent's id is the hash of an address, which whoever has the log could try
  log.info({ id: request.id, ...(level.passkey !== undefined && { by: 'passkey' }) }, 'session.opened');
  const json = {
    session: secret,
    agent: agentAnswer(state),
    organizations: reachable({ hub }, state, level).memberships.map((one) => organizationAnswer(hub.referential, one)),
    idleSeconds: IDLE_S,
    endsAt: dateText(session.ends),
  };
  return { status: 201, json, headers: NO_STORE };
}

async function token(deps: ApiDeps, request: Request): Promise<Reply> {
  const { hub, auth } = deps;
  provided(deps);
  const { session: secret, organization, gesture } = await bodyOf(SessionTokenRequest, request);
  const found = await hub.sessions.resume(secret, gesture);
  if (found === undefined) throw new Problem('session-over');
  const { session, hash } = found;
  const state = mustWork(hub.referential.agent(session.agent));
  if (!isKept(state, session)) throw new Problem('session-over');
  const open = reachable(deps, state, session);
  const membership = organization ? membershipOf(open, orgKey(organization)) : null;
  if (membership === undefined) throw new Problem('forbidden', 'Cet agent n’est pas de cette organisation.');
  const passkeys = session.passkey !== undefined && open.memberships.length > 0;
  mustReach(deps, session, membership === null ? [] : [membership.role], state.national, passkeys);
  const { token: text, seconds } = auth.grantAgent(request.client, membership?.org ?? '', {
    agent: state.id,
    session: hash,
  });
  const json = {
    token: text,
    expiresIn: seconds,
    ...accountAnswer(hub.referential, open, membership),
    idleSeconds: IDLE_S,
    endsAt: dateText(session.ends),
  };
  return { status: 200, json, headers: NO_STORE };
}

async function end(deps: ApiDeps, request: Request): Promise<Reply> {
  provided(deps);
  const { session, everywhere } = await bodyOf(SessionEnd, request);
  await deps.hub.sessions.end(session, everywhere === true);
  return { status: 204 };
}

const PATH = '/relais/v1/sessions';

/** For the portal: agents sign in, get tokens, and sign out. */
export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'POST',
    path: PATH,
    scopes: ['PORTAL'],
    body: 'json',
    summary: 'Ouvre la session d’un agent, d’après ce que son fournisseur d’identité a signé',
    schemas: { body: NewSession, answers: { 201: Session, ...problems(409, 422) } },
    handler: (request) => open(deps, request),
  },
  {
    method: 'POST',
    path: `${PATH}/token`,
    scopes: ['PORTAL'],
    body: 'json',
    summary: 'Donne un jeton d’agent pour une organisation, et prolonge sa session si c’est un geste',
    schemas: { body: SessionTokenRequest, answers: { 200: SessionToken, ...problems(409) } },
    handler: (request) => token(deps, request),
  },
  {
    method: 'POST',
    path: `${PATH}/end`,
    scopes: ['PORTAL'],
    body: 'json',
    summary: 'Termine une session, ou toutes celles de son agent',
    schemas: { body: SessionEnd, answers: { 204: null, ...problems(409) } },
    handler: (request) => end(deps, request),
  },
];
