import { identityAnswer } from '#api/answers/identity.ts';
import { seeCase } from '#api/answers/sight.ts';
import { idOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { dateText } from '#api/schemas/dates.ts';
import { CaseRouting, type ROUTINGS } from '#api/schemas/hold.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { RETURN_REASON } from '#engine/domain/deciders/hold/expire.ts';
import { folderOf, toUuid } from '#engine/domain/ids.ts';
import type { CaseState } from '#engine/domain/records/case.ts';

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
  const id = idOf(request, 'caseId');
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
    path: '/relais/v1/cases/{caseId}/routing',
    scopes: ['OSL', 'SI', 'PARTNER', 'AGENT', 'ADMIN'],
    summary: 'Dit où en est l’acheminement d’un dossier : distribué, gardé, rendu ou retiré',
    schemas: { answers: { 200: CaseRouting, ...problems(404) } },
    handler: (request) => routing(deps, request),
  },
];
