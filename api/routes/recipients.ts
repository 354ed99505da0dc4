import { identityAnswer } from '#api/answers/identity.ts';
import { isDay } from '#api/competence/day.ts';
import { resolveRecipient } from '#api/competence/resolve.ts';
import { Fault } from '#api/schemas/fault.ts';
import { noMatch } from '#api/schemas/faults.ts';
import { COMMUNE, CompetentRecipient, DAY, RecipientQuery } from '#api/schemas/hold.ts';
import { onlyQuery } from '#api/schemas/parameters.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { formError, HttpError } from '#api/server/errors.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { dayOf } from '#engine/domain/calendar.ts';
import { covers } from '#engine/domain/deciders/rights.ts';
import { DomainError } from '#engine/domain/errors.ts';

const STATUS = { process: 400, nobody: 404, several: 409 } as const;
const MAX_CODE = 30;

/** Text of a query parameter that is there and follows a pattern, else 400. */
function matched(request: Request, name: string, pattern: string): string {
  const text = request.query.one(name) ?? '';
  if (!new RegExp(pattern).test(text)) throw formError(request, `query.${name}`, noMatch(text, pattern));
  return text;
}

function isoDay(request: Request, now: number): string {
  if (request.query.one('date') === undefined) return dayOf(now);
  const date = matched(request, 'date', DAY);
  if (!isDay(date)) throw formError(request, 'query.date', noMatch(date, DAY));
  return date;
}

/** Who would take a deposit, without depositing. */
function recipient({ hub }: ApiDeps, request: Request): Reply {
  onlyQuery(request, Object.keys(RecipientQuery.properties), '/recipients');
  const process = matched(request, 'processCode', `^.{1,${MAX_CODE}}$`);
  const commune = matched(request, 'commune', COMMUNE);
  const date = isoDay(request, hub.now());
  // A partner of a recipient deposits nothing, one of a sender for its own démarches only.
  if (request.caller.scope === 'SI' || !covers(request.caller, process)) throw new DomainError('forbidden');
  const resolved = resolveRecipient(hub.referential, { process, commune, date });
  if (!resolved.found) throw new HttpError(STATUS[resolved.reason], resolved.detail);
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
    schemas: { query: RecipientQuery, answers: { 200: CompetentRecipient, 404: Fault, 409: Fault } },
    handler: (request) => recipient(deps, request),
  },
];
