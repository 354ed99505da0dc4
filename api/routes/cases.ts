import { caseAnswer, liteCaseAnswer } from '#api/answers/case.ts';
import { loadEvents } from '#api/answers/load.ts';
import { processOf, purgeSettings } from '#api/answers/settings.ts';
import { seeCase } from '#api/answers/sight.ts';
import { seenOf, tagOf } from '#api/desk/match.ts';
import { Case, CasePatch, CaseQuery } from '#api/schemas/case.ts';
import { Fault } from '#api/schemas/fault.ts';
import { pathId, queryText } from '#api/schemas/parameters.ts';
import { CASE_SETTABLE } from '#api/schemas/status.ts';
import { compile, validate } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { CaseStatus } from '#engine/domain/records/case.ts';
import { versionOf } from '#engine/domain/records/desk.ts';
import { askCase, homeOfCase, processFor } from './command.ts';
import { withPartner } from './partner.ts';

compile(CasePatch);

/** Longest value of `lite` (contract §6), characters. */
const LITE_LENGTH = 14;

async function read({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const id = pathId(request, 'caseId');
  const lite = queryText(request, 'lite', LITE_LENGTH)?.toLowerCase() === 'true';
  const state = await seeCase(hub, request.caller, id);
  const headers = { ETag: tagOf(versionOf(state)) };
  if (lite) return { status: 200, json: liteCaseAnswer(id, state), headers };
  const events = await loadEvents(hub, id, state);
  return { status: 200, json: caseAnswer(id, state, events, request.caller), headers };
}

async function patch({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { caller } = request;
  const id = pathId(request, 'caseId');
  // Without body it is without status too: no effect, and no fault (contract §§2, 6).
  const body = await request.json();
  const status = body === undefined ? null : (validate(CasePatch, body, request).status ?? null);
  homeOfCase(id);
  if (status !== null && !CASE_SETTABLE[caller.scope].has(status)) {
    await seeCase(hub, caller, id);
    throw new DomainError('rule', `status of a case cannot be set to ${JSON.stringify(status)} by ${caller.scope}`);
  }
  const purge = purgeSettings(processOf(hub.referential, await processFor(hub, caller, id)));
  const seen = seenOf(request);
  await askCase(hub, request, id, {
    ...{ kind: 'case.patch', case: id, caller, status: status as CaseStatus | null, purge },
    ...(seen !== undefined && { seen }),
  });
  return { status: 204 };
}

const ALL = ['OSL', 'SI', 'ADMIN', 'PARTNER', 'AGENT'] as const;
const CASE = '/teledossiers/v1/cases/{caseId}';

export const routes = (deps: ApiDeps): Route[] =>
  withPartner([
    {
      method: 'GET',
      path: CASE,
      together: true,
      scopes: ALL,
      reads: 'case',
      summary: 'Lit un case',
      schemas: { query: CaseQuery, answers: { 200: Case, 404: Fault } },
      handler: (request) => read(deps, request),
    },
    {
      method: 'PATCH',
      path: CASE,
      scopes: ALL,
      body: 'json',
      headers: ['if-match'],
      override: true,
      summary: 'Change le statut d’un case',
      schemas: { body: CasePatch, answers: { 204: null, 404: Fault } },
      handler: (request) => patch(deps, request),
    },
  ]);
