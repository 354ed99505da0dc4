import { identityAnswer } from '#api/answers/identity.ts';
import { isDay } from '#api/competence/day.ts';
import { resolveRecipient, type Unresolved } from '#api/competence/resolve.ts';
import { matchOf, onlyAsked, textOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { COMMUNE, CompetentRecipient, DAY, RecipientQuery } from '#api/schemas/hold.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { Problem, type ProblemCode } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { dayOf } from '#engine/domain/calendar.ts';
import { covers } from '#engine/domain/deciders/rights.ts';
import { DomainError } from '#engine/domain/errors.ts';

const UNRESOLVED = {
  process: 'form-invalid',
  nobody: 'recipient-unknown',
  several: 'recipient-ambiguous',
} as const satisfies Record<Unresolved['reason'], ProblemCode>;
const DAY_LENGTH = 'YYYY-MM-DD'.length;
const CODE = /^.{1,30}$/;
const INSEE = new RegExp(COMMUNE);

/** Who would take a deposit, without depositing. */
function recipient({ hub }: ApiDeps, request: Request): Reply {
  onlyAsked(request, Object.keys(RecipientQuery.properties));
  const process = matchOf(request, 'processCode', CODE, 'le code d’une démarche');
  const commune = matchOf(request, 'commune', INSEE, 'un code INSEE');
  const date = textOf(request, 'date', DAY_LENGTH) ?? dayOf(hub.now());
  if (!new RegExp(DAY).test(date) || !isDay(date))
    throw new Problem('form-invalid', 'Paramètre date : un jour du calendrier est attendu, comme 2026-03-01.');
  // A partner of a recipient deposits nothing, one of a sender for its own démarches only.
  if (request.caller.scope === 'SI' || !covers(request.caller, process)) throw new DomainError('forbidden');
  const resolved = resolveRecipient(hub.referential, { process, commune, date });
  if (!resolved.found) throw new Problem(UNRESOLVED[resolved.reason], resolved.detail);
  const { org, organization, subscribed, followed } = resolved;
  const { name } = organization;
  return {
    status: 200,
    json: { recipient: identityAnswer(org), name, commune: resolved.commune, date, subscribed, followed },
  };
}

export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: '/relais/v1/recipients',
    scopes: ['OSL', 'PARTNER', 'ADMIN'],
    summary: 'Trouve l’organisation compétente pour une démarche dans une commune, à une date',
    schemas: { query: RecipientQuery, answers: { 200: CompetentRecipient, ...problems(404, 409) } },
    handler: (request) => recipient(deps, request),
  },
];
