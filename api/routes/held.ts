import { Type } from 'typebox';
import { identityAnswer } from '#api/answers/identity.ts';
import { dateText } from '#api/schemas/dates.ts';
import { HeldOrganization, HeldQuery } from '#api/schemas/hold.ts';
import { queryNumber } from '#api/schemas/parameters.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';

/** Longest list: it is read by a person. */
const MAX_LIMIT = 1_000;
const USUAL_LIMIT = 100;

/** Whom to invite: organisations for which cases wait, those that wait longest first. */
async function list({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const rule = { fallback: USUAL_LIMIT, minimum: 1, integer: true };
  const boxes = await hub.held(Math.min(queryNumber(request, 'limit', rule), MAX_LIMIT));
  const { referential } = hub;
  const json = boxes.map(({ org, process, cases, since }) => ({
    organization: identityAnswer(org),
    name: referential.organization(org)?.name ?? null,
    email: referential.organization(org)?.email ?? null,
    processCode: process,
    cases,
    since: dateText(since),
    subscription: referential.subscriptionsOf(process, org)[0]?.status ?? null,
  }));
  return { status: 200, json };
}

export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: '/admin/v1/held',
    scopes: ['ADMIN'],
    summary: 'Liste les organisations à inviter : des dossiers attendent leur abonnement',
    schemas: { query: HeldQuery, answers: { 200: Type.Array(HeldOrganization) } },
    handler: (request) => list(deps, request),
  },
];
