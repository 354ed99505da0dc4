import { Type } from 'typebox';
import { identityAnswer } from '#api/answers/identity.ts';
import { seeCase } from '#api/answers/sight.ts';
import { dateText } from '#api/schemas/dates.ts';
import { Fault } from '#api/schemas/fault.ts';
import { CaseRouting, HeldOrganization, HeldQuery, type ROUTINGS } from '#api/schemas/hold.ts';
import { pathId, queryNumber } from '#api/schemas/parameters.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { RETURN_REASON } from '#engine/domain/deciders/hold/expire.ts';
import { folderOf, toUuid } from '#engine/domain/ids.ts';
import type { CaseState } from '#engine/domain/records/case.ts';

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

function routingOf({ holding, visible }: CaseState): {
  routing: (typeof ROUTINGS)[number];
  since?: string;
  until?: string;
  reason?: string;
} {
  if (holding === null) return { routing: visible ? 'delivered' : 'deposited' };
  const times = { since: dateText(holding.since), until: dateText(holding.until) };
  return { routing: holding.state, ...times, ...(holding.state === 'returned' && { reason: RETURN_REASON }) };
}

/** What the contract's view of a case cannot say: where it is on its way to the recipient. */
async function routing({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const id = pathId(request, 'caseId');
  const state = await seeCase(hub, request.caller, id);
  const { process, recipient, status } = state;
  const json = {
    caseId: toUuid(id),
    folderId: toUuid(folderOf(id)),
    processCode: process,
    recipient: identityAnswer(recipient),
    status,
    ...routingOf(state),
  };
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
  {
    method: 'GET',
    path: '/relais/v1/cases/{caseId}/routing',
    scopes: ['OSL', 'SI', 'PARTNER', 'ADMIN'],
    summary: 'Dit où en est l’acheminement d’un dossier : distribué, gardé, rendu ou retiré',
    schemas: { answers: { 200: CaseRouting, 404: Fault } },
    handler: (request) => routing(deps, request),
  },
];
