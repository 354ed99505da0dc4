import { Type } from 'typebox';
import { bodyOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { compile } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { LeaveLinks } from '#engine/client/leave.ts';
import { toUuid } from '#engine/domain/ids.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';

const LONGEST = 100;

export const Leave = Type.Object(
  { link: Type.String({ minLength: 1, maxLength: LONGEST, description: 'fin de l’adresse que contient le courriel' }) },
  { title: 'Leave', description: 'Lien de désinscription d’un courriel' },
);
compile(Leave);

/** Whoever has the link stops the e-mails, again and again with the same answer; nothing is said of whose they are. */
async function leave({ hub, config, log }: ApiDeps, request: Request): Promise<Reply> {
  const { link } = await bodyOf(Leave, request);
  const agent = new LeaveLinks(config.masterKey).read(link, hub.now());
  const state = agent && hub.referential.agent(agent);
  if (state === undefined) throw new Problem('link-gone');
  if (state.notices.length === 0) return { status: 204 };
  const answer = await hub.ask(REFERENTIAL, { kind: 'agent.notices', agent: state.id, notices: [] });
  if (answer.status >= 400) throw refused(answer);
  log.info({ id: request.id, agent: toUuid(state.id) }, 'notices.left');
  return { status: 204 };
}

/** For the portal: an e-mail's own link stops what comes again (RFC 8058). */
export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'POST',
    path: '/relais/v1/notices/leave',
    scopes: ['PORTAL'],
    body: 'json',
    summary: 'Arrête tous les courriels d’un agent, d’après le lien de l’un d’eux',
    schemas: { body: Leave, answers: { 204: null, ...problems(410) } },
    handler: (request) => leave(deps, request),
  },
];
