import type { Static } from 'typebox';
import { agentOf } from '#api/agents/account.ts';
import { treats } from '#api/desk/people.ts';
import { replacing } from '#api/desk/standin.ts';
import { questionOf } from '#api/index/asked.ts';
import type { Selected } from '#api/index/search.ts';
import { bodyOf, idOf, matchOf, onlyAsked, wholeOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { dateOrNull, dateText } from '#api/schemas/dates.ts';
import { MOST_ROWS } from '#api/schemas/lists.ts';
import { CASE_SETTABLE } from '#api/schemas/status.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { fromUuid, KIND, newId, toUuid } from '#engine/domain/ids.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import { CASE_STATUSES, type CaseStatus } from '#engine/domain/records/case.ts';
import type { Bulk } from './bulk.ts';
import { type Act, type Job, type Line, MOST_LIVE, planned, RESULTS, type Result } from './jobs.ts';
import { BulkJob, BulkLineQuery, BulkQuery, BulkStart, NewBulk } from './schema.ts';

const statusOf = (rank: number): CaseStatus => CASE_STATUSES[rank] as CaseStatus;

/** @throws Problem where this hub keeps no index */
function bulkOf({ bulk }: ApiDeps): Bulk {
  if (bulk === undefined) throw new Problem('index-off');
  return bulk;
}

/** @throws Problem */
function actOf(asked: Static<typeof NewBulk>): Act {
  const { plan = [], message = null, undoSeconds = 0, assign } = asked;
  const other = plan.flatMap(({ to }) => to).find((status) => !CASE_SETTABLE.SI.has(status));
  if (other !== undefined) throw new Problem('form-invalid', `Un destinataire ne donne pas le statut ${other}.`);
  const act = {
    plan: plan.map(({ processCode, status, to, organization, letter }) => ({
      ...{ process: processCode, status, to },
      ...(organization && { org: organization }),
      ...(letter && { letter }),
    })),
    message,
    undoSeconds,
  };
  if (assign === undefined) return act;
  return { ...act, undoSeconds: 0, assign: assign === null ? null : (fromUuid(assign) ?? null) };
}

/** Whether a case is done something to. */
function includes(deps: ApiDeps, act: Act): (row: Selected) => boolean {
  const { assign } = act;
  if (assign !== undefined) {
    return ({ org, process }) => assign === null || treats(deps.hub.referential, assign, org, process);
  }
  return ({ org, process, status }) => planned(act, { org, process, status: statusOf(status) }) !== undefined;
}

function groupsOf(rows: readonly Selected[]): Static<typeof BulkStart>['groups'] {
  const groups = new Map<string, { processCode: string; status: CaseStatus; cases: number }>();
  for (const { process, status } of rows) {
    const name = `${process} ${status}`;
    const group = groups.get(name) ?? { processCode: process, status: statusOf(status), cases: 0 };
    group.cases += 1;
    groups.set(name, group);
  }
  return [...groups.values()];
}

async function start(deps: ApiDeps, request: Request): Promise<Reply> {
  const { hub, lists } = deps;
  const bulk = bulkOf(deps);
  onlyAsked(request, Object.keys(BulkQuery.properties));
  const { state: agent } = agentOf(request);
  const question = questionOf(request, hub.now(), replacing(hub));
  const asked = await bodyOf(NewBulk, request);
  const act = actOf(asked);
  const ids = asked.cases?.map((text) => fromUuid(text)).filter((id) => id !== undefined) ?? null;
  if (lists === undefined) throw new Problem('index-off');
  await lists.caught(question.reaches.map(({ org }) => org));
  const rows = await lists.ask('selected', question, ids);
  const takes = includes(deps, act);
  const excluded = rows.filter((row) => !takes(row)).length;
  const answer = { total: rows.length, excluded, groups: groupsOf(rows) };
  if (asked.preview === true) return { status: 200, json: { id: null, ...answer } };
  const id = newId(KIND.other, REFERENTIAL, hub.now());
  const lines = rows.map((row) => ({ ...row, excluded: !takes(row) }));
  const job = { id, org: request.caller.org, agent: agent.id, act, at: hub.now(), lines };
  if (!(await bulk.jobs.call('add', job))) throw new Problem('limit-reached', `${MOST_LIVE} lots en cours au plus.`);
  bulk.nudge();
  return { status: 202, json: { id: toUuid(id), ...answer } };
}

/** The job of an agent: nobody else sees it. @throws Problem not-found */
async function ownJob(deps: ApiDeps, request: Request): Promise<Job> {
  const { state: agent } = agentOf(request);
  const job = await bulkOf(deps).jobs.call('job', idOf(request, 'bulkId'));
  if (job === undefined || job.agent !== agent.id) throw new Problem('not-found');
  return job;
}

const lineAnswer = ({ n, id, number, applicant, process, status, result }: Line) => ({
  number: n,
  caseId: toUuid(id),
  externalId: number,
  applicant,
  processCode: process,
  status: statusOf(status),
  result,
});

async function show(deps: ApiDeps, request: Request): Promise<Reply> {
  onlyAsked(request, Object.keys(BulkLineQuery.properties));
  const job = await ownJob(deps, request);
  const { jobs } = bulkOf(deps);
  const limit = Math.min(wholeOf(request, 'limit', MOST_ROWS, 1), MOST_ROWS);
  const after = request.query.one('after') ? wholeOf(request, 'after', 0) : -1;
  const pattern = new RegExp(`^(${RESULTS.join('|')})?$`);
  const result = (matchOf(request, 'result', pattern, RESULTS.join(', ')) || null) as Result | null;
  const [counts, lines] = await Promise.all([
    jobs.call('counts', job.n),
    jobs.call('lines', job.n, result, after, limit),
  ]);
  const undoes = job.act.assign === undefined && (job.state === 'running' || job.state === 'done');
  const open = undoes && (job.until > deps.hub.now() || job.state === 'running');
  return {
    status: 200,
    json: {
      id: toUuid(job.id),
      state: job.state,
      asked: dateText(job.at),
      ended: dateOrNull(job.ended),
      undoUntil: open ? dateText(Math.max(job.until, deps.hub.now())) : null,
      total: job.total,
      counts,
      lines: lines.map(lineAnswer),
      next: lines.length < limit ? null : (lines.at(-1)?.n ?? null),
    },
  };
}

async function undo(deps: ApiDeps, request: Request): Promise<Reply> {
  const job = await ownJob(deps, request);
  if (job.act.assign !== undefined)
    throw new Problem('conflict', 'Une attribution ne s’annule pas : attribuer de nouveau.');
  const bulk = bulkOf(deps);
  await bulk.jobs.call('undo', job.n);
  bulk.nudge();
  return { status: 202 };
}

const PATH = '/relais/v1/bulk';
const SCOPES = ['AGENT'] as const;

/** The same for many cases at once, in the background. */
export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'POST',
    path: PATH,
    scopes: SCOPES,
    anyOrganization: true,
    body: 'json',
    summary: 'Fait la même chose sur tous les dossiers d’un filtre, ou sur certains',
    schemas: { query: BulkQuery, body: NewBulk, answers: { 200: BulkStart, 202: BulkStart, ...problems(409, 503) } },
    handler: (request) => start(deps, request),
  },
  {
    method: 'GET',
    path: `${PATH}/{bulkId}`,
    scopes: SCOPES,
    anyOrganization: true,
    reads: 'list',
    summary: 'Dit où en est un lot, ligne par ligne',
    schemas: { query: BulkLineQuery, answers: { 200: BulkJob, ...problems(404, 503) } },
    handler: (request) => show(deps, request),
  },
  {
    method: 'DELETE',
    path: `${PATH}/{bulkId}`,
    scopes: SCOPES,
    anyOrganization: true,
    summary: 'Annule d’un lot ce qui n’est pas fait, et ce qui n’est pas encore parti',
    schemas: { answers: { 202: null, ...problems(404, 409, 503) } },
    handler: (request) => undo(deps, request),
  },
];
