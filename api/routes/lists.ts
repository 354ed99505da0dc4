import { ageAnswer, countersAnswer, listedAnswer } from '#api/answers/listed.ts';
import { personOf, replacedOf } from '#api/desk/people.ts';
import { replacing } from '#api/desk/standin.ts';
import { questionOf } from '#api/index/asked.ts';
import type { Lists } from '#api/index/lists.ts';
import { reachesOf } from '#api/index/reach.ts';
import { COUNTED } from '#api/index/search.ts';
import { idOf, onlyAsked, wholeOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import {
  type Assignee,
  CaseCount,
  CaseCounters,
  CaseList,
  CountersQuery,
  FilterQuery,
  ListQuery,
  MOST_ROWS,
  Neighbours,
  USUAL_ROWS,
} from '#api/schemas/lists.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { type Id, toUuid } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';

/** @throws Problem where this hub keeps no index */
function listsOf({ lists }: ApiDeps): Lists {
  if (lists === undefined) throw new Problem('index-off');
  return lists;
}

function assigneeOf({ hub }: ApiDeps, agent: Id, org: OrgKey, process: string): Assignee {
  const { id, name } = personOf(hub.referential, agent);
  const away = replacedOf(hub.referential, agent, org, process, hub.now());
  const replaced = away && { id: away.agent?.id ?? null, name: away.agent?.name ?? '', until: away.until };
  return { id, name, replaced };
}

async function page(deps: ApiDeps, request: Request): Promise<Reply> {
  onlyAsked(request, Object.keys(ListQuery.properties));
  const lists = listsOf(deps);
  const question = questionOf(request, deps.hub.now(), replacing(deps.hub));
  const limit = Math.min(wholeOf(request, 'limit', USUAL_ROWS, 1), MOST_ROWS);
  const after = request.query.one('after') || undefined;
  const mark = after === undefined ? null : lists.marks.open(question, after);
  if (mark === undefined)
    throw new Problem('form-invalid', 'Paramètre after : `next` d’une page du même tri est attendu.');
  const orgs = question.reaches.map(({ org }) => org);
  for (const org of orgs) deps.hub.pulls.note(org);
  const age = await lists.caught(orgs);
  const [found, total] = await Promise.all([
    lists.ask('page', question, mark, limit + 1),
    lists.ask('count', question),
  ]);
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return {
    status: 200,
    json: {
      items: rows.map((row) => listedAnswer(row, (...who) => assigneeOf(deps, ...who))),
      next: last === undefined ? null : lists.marks.seal(question, last),
      total: { count: Math.min(total, COUNTED), exact: total <= COUNTED },
      ...ageAnswer(age),
    },
  };
}

async function count(deps: ApiDeps, request: Request): Promise<Reply> {
  onlyAsked(request, Object.keys(FilterQuery.properties));
  const lists = listsOf(deps);
  const question = questionOf(request, deps.hub.now(), replacing(deps.hub));
  const age = await lists.caught(question.reaches.map(({ org }) => org));
  const total = await lists.ask('count', question);
  return { status: 200, json: { count: Math.min(total, COUNTED), exact: total <= COUNTED, ...ageAnswer(age) } };
}

async function counters(deps: ApiDeps, request: Request): Promise<Reply> {
  onlyAsked(request, Object.keys(CountersQuery.properties));
  const lists = listsOf(deps);
  const reaches = reachesOf(request);
  const age = await lists.caught(reaches.map(({ org }) => org));
  const found = await lists.ask('counters', reaches, deps.hub.now());
  return { status: 200, json: { ...countersAnswer(found), ...ageAnswer(age) } };
}

async function neighbours(deps: ApiDeps, request: Request): Promise<Reply> {
  onlyAsked(request, Object.keys(FilterQuery.properties));
  const lists = listsOf(deps);
  const question = questionOf(request, deps.hub.now(), replacing(deps.hub));
  const id = idOf(request, 'caseId');
  const age = await lists.caught(question.reaches.map(({ org }) => org));
  const found = await lists.ask('neighbours', question, id);
  // An index that is behind does not know yet whether there is such a case.
  if (found === null && !age.late) throw new Problem('not-found', 'Aucun dossier de cet identifiant dans vos listes.');
  const { previous, next } = found ?? { previous: null, next: null };
  return {
    status: 200,
    json: { previous: previous && toUuid(previous), next: next && toUuid(next), ...ageAnswer(age) },
  };
}

const SCOPES = ['SI', 'PARTNER', 'AGENT'] as const;

export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: '/relais/v1/cases',
    together: true,
    scopes: SCOPES,
    anyOrganization: true,
    reads: 'list',
    summary: 'Liste, trie et cherche les dossiers que l’organisation reçoit',
    schemas: { query: ListQuery, answers: { 200: CaseList, ...problems(503) } },
    handler: (request) => page(deps, request),
  },
  {
    method: 'GET',
    path: '/relais/v1/cases/count',
    together: true,
    scopes: SCOPES,
    anyOrganization: true,
    summary: 'Compte les dossiers d’une liste, sans en lire aucun',
    schemas: { query: FilterQuery, answers: { 200: CaseCount, ...problems(503) } },
    handler: (request) => count(deps, request),
  },
  {
    method: 'GET',
    path: '/relais/v1/cases/counters',
    together: true,
    scopes: SCOPES,
    anyOrganization: true,
    summary: 'Compte les dossiers de l’organisation par vue, par statut et par démarche',
    schemas: { query: CountersQuery, answers: { 200: CaseCounters, ...problems(503) } },
    handler: (request) => counters(deps, request),
  },
  {
    method: 'GET',
    path: '/relais/v1/cases/{caseId}/neighbours',
    together: true,
    scopes: SCOPES,
    anyOrganization: true,
    summary: 'Donne le dossier d’avant et celui d’après dans une liste',
    schemas: { query: FilterQuery, answers: { 200: Neighbours, ...problems(404, 503) } },
    handler: (request) => neighbours(deps, request),
  },
];
