import { authorOf } from '#api/agents/answers.ts';
import { identityAnswer } from '#api/answers/identity.ts';
import { seeCase } from '#api/answers/sight.ts';
import { idOf, onlyAsked, textOf, wholeOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { readDate } from '#api/schemas/dates.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { fromUuid, type Id, isKind, KIND, parts, toUuid } from '#engine/domain/ids.ts';
import { PARTITIONS } from '#engine/domain/placement.ts';
import { dayOf } from './days.ts';
import type { Entry } from './entry.ts';
import { find } from './find.ts';
import { AccessPage, AccessQuery, MOST_ACCESSES, USUAL_ACCESSES } from './schema.ts';
import { Turns } from './turns.ts';

const DATE_LENGTH = 64;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * The day from which a case can have been read: its id says when it was made. An administrator of the platform also asks
 * about cases that are there no more. @throws DomainError 404, 403
 */
async function sinceOf({ hub }: ApiDeps, { caller }: Request, id: Id): Promise<{ since: string; there: boolean }> {
  let there = true;
  try {
    await seeCase(hub, caller, id);
  } catch (error) {
    const gone = error instanceof DomainError && error.status === 404 && isKind(id, KIND.case, PARTITIONS);
    if (caller.scope !== 'ADMIN' || !gone) throw error;
    there = false;
  }
  // clocks of machines differ a little, and a day may begin between them
  return { since: dayOf(parts(id).ms - DAY_MS), there };
}

function beforeOf(request: Request, now: number): string {
  const text = textOf(request, 'before', DATE_LENGTH);
  const ms = text === undefined ? now + MINUTE_MS : readDate(text);
  if (ms === undefined) throw new Problem('form-invalid', 'Paramètre before : une date est attendue (RFC 3339).');
  return new Date(ms).toISOString();
}

const shown = ({ hub }: ApiDeps, entry: Entry) => {
  const id = fromUuid(entry.agent);
  const state = id && hub.referential.agent(id);
  return {
    dateTime: entry.at,
    kind: entry.kind,
    agentId: entry.agent,
    agent: state ? authorOf(state) : null,
    organization: entry.org === '' ? null : identityAnswer(entry.org),
    partId: entry.part ?? null,
    requestId: entry.request,
  };
};

async function page(deps: ApiDeps, turns: Turns, request: Request): Promise<Reply> {
  onlyAsked(request, Object.keys(AccessQuery.properties));
  const id = idOf(request, 'caseId');
  const { agent } = request;
  if (agent !== undefined && agent.membership?.role !== 'administrator') throw new DomainError('forbidden');
  const limit = Math.min(wholeOf(request, 'limit', USUAL_ACCESSES, 1), MOST_ACCESSES);
  const now = Date.now();
  const before = beforeOf(request, now);
  const { since, there } = await sinceOf(deps, request, id);
  const wish = { caseId: toUuid(id), before, since, limit, gone: () => request.aborted };
  const { entries, next } = await turns.take(() => find(deps.access.folder, now, wish));
  // an id that nobody read, and that is no case's, is unknown
  if (!there && entries.length === 0 && next === null) throw new DomainError('caseUnknown');
  return { status: 200, json: { items: entries.map((entry) => shown(deps, entry)), next } };
}

export function routes(deps: ApiDeps): Route[] {
  const turns = new Turns();
  return [
    {
      method: 'GET',
      path: '/relais/v1/cases/{caseId}/accesses',
      scopes: ['ADMIN', 'AGENT'],
      summary: 'Dit quels agents ont consulté un dossier, à un administrateur de son organisation',
      schemas: { query: AccessQuery, answers: { 200: AccessPage, ...problems(404, 503) } },
      handler: (request) => page(deps, turns, request),
    },
  ];
}
