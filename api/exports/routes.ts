import { createReadStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { authorOf } from '#api/agents/answers.ts';
import { rangeOf } from '#api/blobs/download.ts';
import { personOf } from '#api/desk/people.ts';
import { replacing } from '#api/desk/standin.ts';
import { questionOf } from '#api/index/asked.ts';
import { reachesOf } from '#api/index/reach.ts';
import { bodyOf, idOf, onlyAsked } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { Bytes } from '#api/schemas/attachment.ts';
import { dateOrNull, dateText } from '#api/schemas/dates.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { Problem } from '#api/server/problems.ts';
import type { Query } from '#api/server/query.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { Recent } from '#engine/client/recent.ts';
import { localTime } from '#engine/domain/calendar.ts';
import { type Id, KIND, newId, toUuid } from '#engine/domain/ids.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { Names } from './columns.ts';
import { type Exports, MOST_LIVE } from './exports.ts';
import { Export, ExportList, ExportQuery, FILTER_LENGTH, NewExport } from './schema.ts';
import { askerOf, ownerOf, ownersOf, sees } from './sight.ts';
import { type ExportRecord, KEPT_MS } from './store.ts';
import { TYPES } from './writer.ts';

/** An export is answered when it is made, if that is soon: a browser then takes it in the same gesture. ms */
const PATIENCE_MS = 2_000;
/** Readings remembered to have been logged, so that a download that goes on is not another one. */
const KEPT_READINGS = 4_096;

/** @throws Problem where this hub keeps no index */
function exportsOf({ exports }: ApiDeps): Exports {
  if (exports === undefined) throw new Problem('index-off');
  return exports;
}

/** Filters as they are in an address. @throws Problem */
function filterOf(query: Query): string {
  const params = new URLSearchParams();
  for (const name of query.names()) for (const value of query.all(name)) if (value !== '') params.append(name, value);
  const text = params.toString();
  if (text.length > FILTER_LENGTH) throw new Problem('form-invalid', `Filtres : ${FILTER_LENGTH} caractères au plus.`);
  return text;
}

const namesOf = ({ hub: { referential } }: ApiDeps): Names => ({
  process: (code) => referential.process(code)?.name || code,
  organization: (org) => referential.organization(org)?.name || org,
  agent: (id) => personOf(referential, id).name,
});

function shown({ hub }: ApiDeps, record: ExportRecord) {
  const state = hub.referential.agent(record.by as Id);
  return {
    id: toUuid(record.id),
    format: record.format,
    state: record.state,
    filter: record.filter,
    asked: dateText(record.asked),
    expires: dateText(record.asked + KEPT_MS),
    by: state === undefined ? null : personOf(hub.referential, state.id).name,
    rows: record.rows,
    bytes: record.bytes,
    asOf: dateOrNull(record.asOf),
    late: record.late,
  };
}

async function start(deps: ApiDeps, request: Request): Promise<Reply> {
  const { hub } = deps;
  const exports = exportsOf(deps);
  onlyAsked(request, Object.keys(ExportQuery.properties));
  const question = questionOf(request, hub.now(), replacing(hub));
  const filter = filterOf(request.query);
  const { format = 'ods' } = await bodyOf(NewExport, request, {});
  const now = hub.now();
  const record: ExportRecord = {
    ...{ id: newId(KIND.other, REFERENTIAL, now), owner: ownerOf(request), by: askerOf(request), format, filter },
    ...{ asked: now, touched: now, state: 'waiting', asOf: null, late: false, rows: 0, bytes: 0, holds: [] },
  };
  const author = request.agent === undefined ? request.client : authorOf(request.agent.state);
  const begun = await exports.ask({ record, question, author, names: namesOf(deps) });
  if (begun === undefined) throw new Problem('limit-reached', `${MOST_LIVE} exports en cours au plus.`);
  const patience = new AbortController();
  await Promise.race([begun.over, delay(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
  const over = record.state === 'done' || record.state === 'failed';
  return { status: over ? 201 : 202, json: shown(deps, record) };
}

async function list(deps: ApiDeps, request: Request): Promise<Reply> {
  onlyAsked(request, []);
  const exports = exportsOf(deps);
  const [reaches, asker] = [reachesOf(request), askerOf(request)];
  const found = await Promise.all(ownersOf(request).map((owner) => exports.store.list(owner, deps.hub.now())));
  const items = found
    .flat()
    .map((record) => exports.current(record))
    .filter((record) => sees(record, reaches, asker))
    .sort((a, b) => b.asked - a.asked);
  return { status: 200, json: { items: items.map((record) => shown(deps, record)) } };
}

/** @throws Problem not-found, also to who may not see it */
async function found(deps: ApiDeps, request: Request): Promise<ExportRecord> {
  const exports = exportsOf(deps);
  const id = idOf(request, 'exportId');
  for (const owner of ownersOf(request)) {
    const record = await exports.store.load(owner, id, deps.hub.now());
    const current = record && exports.current(record);
    if (current !== undefined && sees(current, reachesOf(request), askerOf(request))) return current;
  }
  throw new Problem('not-found', 'Aucun export de cet identifiant, ou il a été effacé.');
}

/** `dossiers_2026-11-26_14-32.ods`, Paris' time. */
const nameOf = ({ asked, format }: ExportRecord): string =>
  `dossiers_${localTime(asked).slice(0, 'YYYY-MM-DDTHH:MM'.length).replace('T', '_').replace(':', '-')}.${format}`;

async function file(deps: ApiDeps, read: Recent<string, true>, request: Request): Promise<Reply> {
  const { store } = exportsOf(deps);
  const record = await found(deps, request);
  const size = record.state === 'done' ? await store.size(record) : undefined;
  if (size === undefined)
    throw new Problem('conflict', 'Ce fichier n’est pas fait : GET de l’export dit où il en est.');
  // The file never changes: its name is its version.
  const tag = `"${toUuid(record.id)}"`;
  const wanted = request.header('if-range');
  const range = wanted === '' || wanted === tag ? rangeOf(request.header('range'), size) : undefined;
  if (range === null)
    throw new Problem('range-unsatisfiable', `Le fichier a ${size} octets.`, {
      headers: { 'Content-Range': `bytes */${size}` },
    });
  const { from, length } = range ?? { from: 0, length: size };
  const reading = `${record.id} ${request.agent?.session ?? ''}`;
  const goesOn = from > 0 && read.get(reading) === true;
  read.set(reading, true);
  const path = store.fileOf(record);
  return {
    status: range === undefined ? 200 : 206,
    type: TYPES[record.format],
    headers: {
      ETag: tag,
      'Accept-Ranges': 'bytes',
      'Content-Disposition': `attachment; filename="${nameOf(record)}"`,
      ...(range !== undefined && { 'Content-Range': `bytes ${from}-${from + length - 1}/${size}` }),
    },
    bytes: { length, read: () => createReadStream(path, { start: from, end: from + length - 1 }) },
    ...(!goesOn && { cases: store.cases(record) }),
  };
}

const PATH = '/relais/v1/exports';
const ONE = `${PATH}/{exportId}`;
const SCOPES = ['SI', 'PARTNER', 'AGENT'] as const;
const TAG = { ETag: 'le fichier ne change jamais : pour reprendre, Range et If-Range' } as const;

/** Lists of cases as files. */
export function routes(deps: ApiDeps): Route[] {
  const read = new Recent<string, true>(KEPT_READINGS);
  return [
    {
      method: 'POST',
      path: PATH,
      scopes: SCOPES,
      right: 'read',
      anyOrganization: true,
      body: 'json',
      summary: 'Demande la liste d’un filtre en fichier ; 201 : il est fait, 202 : il se fait',
      schemas: { query: ExportQuery, body: NewExport, answers: { 201: Export, 202: Export, ...problems(409, 503) } },
      handler: (request) => start(deps, request),
    },
    {
      method: 'GET',
      path: PATH,
      scopes: SCOPES,
      anyOrganization: true,
      summary: 'Liste les exports de l’organisation depuis 72 heures, le plus récent d’abord',
      schemas: { answers: { 200: ExportList, ...problems(503) } },
      handler: (request) => list(deps, request),
    },
    {
      method: 'GET',
      path: ONE,
      scopes: SCOPES,
      anyOrganization: true,
      summary: 'Dit où en est un export',
      schemas: { answers: { 200: Export, ...problems(404, 503) } },
      handler: async (request) => ({ status: 200, json: shown(deps, await found(deps, request)) }),
    },
    {
      method: 'GET',
      path: `${ONE}/file`,
      scopes: SCOPES,
      anyOrganization: true,
      headers: ['range', 'if-range'],
      reads: 'export',
      summary: 'Télécharge le fichier d’un export, ou la suite',
      schemas: {
        answers: { 200: Bytes, 206: Bytes, ...problems(404, 409, 416, 503) },
        headers: { 200: TAG, 206: { ...TAG, 'Content-Range': '`bytes premier-dernier/taille`' } },
      },
      handler: (request) => file(deps, read, request),
    },
  ];
}
