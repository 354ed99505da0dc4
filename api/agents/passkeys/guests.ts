import { bodyOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { dateText } from '#api/schemas/dates.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { AgentState } from '#engine/domain/records/agent.ts';
import type { Enrolment } from '#engine/domain/records/passkey.ts';
import { organizationAnswer } from '../answers.ts';
import { Session } from '../schema.ts';
import { opened } from '../sessions.ts';
import { mustReach, mustWork } from '../signin.ts';
import { creationOptions, madePasskey, siteOf } from './ceremony.ts';
import { Challenges } from './challenges.ts';
import { isSame, readLink } from './invitation.ts';
import { hasPasskeys, placesOf } from './places.ts';
import { Invitation, Invited, NewPasskeySession } from './schema.ts';

interface Guest {
  state: AgentState;
  enrolment: Enrolment;
}

/** Whom a link invites, as long as it is good. @throws Problem invitation-gone, agent-suspended, agent-unknown */
function guestOf({ hub }: ApiDeps, text: string): Guest {
  const link = readLink(text);
  const state = link && hub.referential.agent(link.agent);
  const enrolment = state?.enrolment ?? null;
  const good = isSame(link?.hash ?? '', enrolment?.hash) && enrolment !== null && hub.now() < enrolment.until;
  if (state === undefined || !good) throw new Problem('invitation-gone');
  mustWork(state);
  if (!hasPasskeys(hub.referential, state)) throw new Problem('passkeys-off');
  return { state, enrolment };
}

const purposeOf = ({ id }: AgentState): string => `enrol ${id}`;

async function look(deps: ApiDeps, request: Request): Promise<Reply> {
  const { hub, config } = deps;
  const { invitation } = await bodyOf(Invitation, request);
  const { state, enrolment } = guestOf(deps, invitation);
  const { email, givenName, familyName } = state;
  const json = {
    ...{ email, givenName, familyName },
    organizations: placesOf(hub.referential, state).map((one) => organizationAnswer(hub.referential, one)),
    until: dateText(enrolment.until),
    options: await creationOptions(siteOf(config.portalUrl), state, Challenges.of(deps).make(purposeOf(state))),
  };
  return { status: 200, json, headers: { 'Cache-Control': 'no-store' } };
}

/** The first passkey, and the session of who has it now: the invitation is used up in the same commit. */
async function enrol(deps: ApiDeps, request: Request): Promise<Reply> {
  const { hub, config, log } = deps;
  const { invitation, name, response } = await bodyOf(NewPasskeySession, request);
  const { state, enrolment } = guestOf(deps, invitation);
  const isGood = (text: string): boolean => Challenges.of(deps).isGood(purposeOf(state), text);
  const made = await madePasskey(siteOf(config.portalUrl), response, isGood);
  const answer = await hub.ask(REFERENTIAL, {
    kind: 'agent.passkey.add',
    agent: state.id,
    passkey: { ...made, name: name.trim() },
    enrolment: enrolment.hash,
  });
  if (answer.status === 410) throw new Problem('invitation-gone');
  if (answer.status === 409) throw new Problem('conflict');
  if (answer.status > 400) throw refused(answer);
  log.info({ id: request.id }, 'passkey.made');
  const known = answer.body as AgentState;
  const level = { acr: '', amr: [], passkey: made.id };
  mustReach(
    deps,
    level,
    placesOf(hub.referential, known)
      .map(({ role }) => role)
      .slice(0, 1),
    known.national,
    true,
  );
  return opened(deps, request, known, level);
}

const PATH = '/relais/v1/passkeys/invitations';

/** For the portal: who was invited by e-mail makes a passkey. */
export function routes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'POST',
      path: PATH,
      scopes: ['PORTAL'],
      body: 'json',
      summary: 'Dit qui une invitation invite, et comment créer sa clé d’accès ; ne l’utilise pas',
      schemas: { body: Invitation, answers: { 200: Invited, ...problems(409, 410) } },
      handler: (request) => look(deps, request),
    },
    {
      method: 'POST',
      path: '/relais/v1/passkeys',
      scopes: ['PORTAL'],
      body: 'json',
      summary: 'Enregistre la clé d’accès créée d’après une invitation, qui ne sert qu’une fois, et ouvre une session',
      schemas: { body: NewPasskeySession, answers: { 201: Session, ...problems(409, 410, 422) } },
      handler: (request) => enrol(deps, request),
    },
  ];
}
