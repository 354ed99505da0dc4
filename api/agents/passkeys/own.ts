import { hash } from 'node:crypto';
import type { Static } from 'typebox';
import { bodyOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { dateOrNull, dateText } from '#api/schemas/dates.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { AgentState } from '#engine/domain/records/agent.ts';
import { MAX_PASSKEYS, type Passkey } from '#engine/domain/records/passkey.ts';
import { agentOf } from '../account.ts';
import { creationOptions, madePasskey, siteOf } from './ceremony.ts';
import { CHALLENGE_MS, Challenges } from './challenges.ts';
import { hasPasskeys } from './places.ts';
import { NewPasskey, Options, OwnPasskeys, PasskeyName } from './schema.ts';

/** A credential's own id may have a thousand bytes: this is what an address names it by. */
const shortId = ({ id }: Pick<Passkey, 'id'>): string => hash('sha256', id, 'hex').slice(0, SHORT);
const SHORT = 32;

async function answerOf({ hub }: ApiDeps, request: Request, state: AgentState): Promise<Static<typeof OwnPasskeys>> {
  const { session } = agentOf(request);
  const current = (await hub.sessions.live(session))?.passkey;
  const passkeys = state.passkeys.map((one) => ({
    id: shortId(one),
    name: one.name,
    synced: one.synced,
    created: dateText(one.created),
    used: dateOrNull(one.used),
    current: one.id === current,
  }));
  const mayAdd = hasPasskeys(hub.referential, state) && passkeys.length < MAX_PASSKEYS;
  return { passkeys, mayAdd, removable: passkeys.length > 1 || state.subject !== null };
}

/** @throws Problem not-found */
function named(request: Request): Passkey {
  const id = request.param('passkeyId');
  const found = agentOf(request).state.passkeys.find((one) => shortId(one) === id);
  if (found === undefined) throw new Problem('not-found');
  return found;
}

/** @throws Problem last-passkey, not-found; HttpError */
async function done(deps: ApiDeps, request: Request, command: PasskeyCommand): Promise<Reply> {
  const answer = await deps.hub.ask(REFERENTIAL, command);
  if (answer.status === 409) throw new Problem(command.kind === 'agent.passkey.remove' ? 'last-passkey' : 'conflict');
  if (answer.status === 404) throw new Problem('not-found');
  if (answer.status >= 400) throw refused(answer);
  return { status: 200, json: await answerOf(deps, request, answer.body as AgentState) };
}
type PasskeyCommand = CommandOf<'agent.passkey.add' | 'agent.passkey.rename' | 'agent.passkey.remove'>;

const purposeOf = ({ id }: AgentState): string => `add ${id}`;

/** @throws Problem passkeys-off */
function adding({ hub }: ApiDeps, request: Request): AgentState {
  const { state } = agentOf(request);
  if (!hasPasskeys(hub.referential, state)) throw new Problem('passkeys-off');
  return state;
}

async function begin(deps: ApiDeps, request: Request): Promise<Reply> {
  const state = adding(deps, request);
  const challenge = Challenges.of(deps).make(purposeOf(state));
  const json = { options: await creationOptions(siteOf(deps.config.portalUrl), state, challenge) };
  return { status: 200, json, headers: { 'Cache-Control': 'no-store' } };
}

async function add(deps: ApiDeps, request: Request): Promise<Reply> {
  const state = adding(deps, request);
  const { name, response } = await bodyOf(NewPasskey, request);
  let used = '';
  const isGood = (text: string): boolean => {
    used = text;
    return Challenges.of(deps).isGood(purposeOf(state), text);
  };
  const made = await madePasskey(siteOf(deps.config.portalUrl), response, isGood);
  if (!(await deps.hub.sessions.spend(`passkey ${used}`, CHALLENGE_MS))) throw new Problem('passkey-invalid');
  const passkey = { ...made, name: name.trim() };
  return done(deps, request, { kind: 'agent.passkey.add', agent: state.id, passkey, enrolment: null });
}

async function rename(deps: ApiDeps, request: Request): Promise<Reply> {
  const { id: passkey } = named(request);
  const { name } = await bodyOf(PasskeyName, request);
  const agent = agentOf(request).state.id;
  return done(deps, request, { kind: 'agent.passkey.rename', agent, passkey, name: name.trim() });
}

async function remove(deps: ApiDeps, request: Request): Promise<Reply> {
  const { id: passkey } = named(request);
  return done(deps, request, { kind: 'agent.passkey.remove', agent: agentOf(request).state.id, passkey });
}

const PATH = '/relais/v1/agent/passkeys';
const ONE = `${PATH}/{passkeyId}`;
const COMMON = { scopes: ['AGENT'], anyOrganization: true } as const;

/** An agent's own passkeys. One that is removed opens nothing more, and its sessions end at their next request. */
export function routes(deps: ApiDeps): Route[] {
  return [
    {
      ...COMMON,
      method: 'GET',
      path: PATH,
      summary: 'Liste les clés d’accès de l’agent',
      schemas: { answers: { 200: OwnPasskeys } },
      handler: async (request) => ({ status: 200, json: await answerOf(deps, request, agentOf(request).state) }),
    },
    {
      ...COMMON,
      method: 'POST',
      path: `${PATH}/challenges`,
      summary: 'Dit comment créer une autre clé d’accès, cinq minutes au plus',
      schemas: { answers: { 200: Options, ...problems(409) } },
      handler: (request) => begin(deps, request),
    },
    {
      ...COMMON,
      method: 'POST',
      path: PATH,
      body: 'json',
      summary: 'Ajoute une clé d’accès',
      schemas: { body: NewPasskey, answers: { 200: OwnPasskeys, ...problems(409, 422) } },
      handler: (request) => add(deps, request),
    },
    {
      ...COMMON,
      method: 'PATCH',
      path: ONE,
      body: 'json',
      summary: 'Renomme une clé d’accès',
      schemas: { body: PasskeyName, answers: { 200: OwnPasskeys, ...problems(404) } },
      handler: (request) => rename(deps, request),
    },
    {
      ...COMMON,
      method: 'DELETE',
      path: ONE,
      summary: 'Retire une clé d’accès ; la dernière de qui n’entre pas autrement reste',
      schemas: { answers: { 200: OwnPasskeys, ...problems(404, 409) } },
      handler: (request) => remove(deps, request),
    },
  ];
}
