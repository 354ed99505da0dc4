/**
 * Lists: how long any filter and any order of an organisation's cases takes, seen by its software.
 *
 * `--rows=N --open=N --own=N --questions=N`. One organisation has `own` cases, `open` of them open. All `rows` are put straight
 * into the index, not deposited: what is measured is the index and its routes, not how it is filled.
 */
import { statSync } from 'node:fs';
import { setImmediate as signals } from 'node:timers/promises';
import { fileOf, indexFolder, lock, openToWrite } from '#api/index/file.ts';
import type { CaseRow } from '#api/index/row.ts';
import { isOpen, rankOf } from '#api/index/views.ts';
import { Writing } from '#api/index/writing.ts';
import { KIND, newId } from '#engine/domain/ids.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { CASE_STATUSES, type CaseStatus } from '#engine/domain/records/case.ts';
import { Latencies, option, progress } from './measure.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { askToken } from './token.ts';
import { PROCESS, settle, town } from './town.ts';
import { Wire } from './wire.ts';

const rows = option('rows', 200_000);
const own = option('own', 50_000);
const open = option('open', 10_000);
const asked = option('questions', 600);

/** Rows a transaction: each of the hub's own has some hundred, and takes four times as long a row. */
const BATCH = 20_000;
/** Of the file, held while it is filled: most of what the orders are made of. KiB */
const CACHE_KIB = 4 * 1024 * 1024;
const TOWNS = 300;
const DAY_MS = 86_400_000;
const OPEN = CASE_STATUSES.slice(2).filter(isOpen);
const DONE = CASE_STATUSES.filter((status) => !isOpen(status));
const FIRST = ['Hélène', 'Camille', 'Noël', 'Ada', 'Zoé', 'Marie', 'Jean', 'Inès', 'Loïc', 'Paul'];
const LAST = ['Leroux', 'Martin', 'Lefèvre', 'Exemple', 'Garçon', 'Bœuf', 'Dupont', 'Petit', 'Moreau', 'Girard'];
const of = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/** Case number n: the first `own` are of the town that is asked, the first `open` of these open. */
function rowOf(n: number): CaseRow {
  const status: CaseStatus = n < open || (n >= own && n % 5 === 0) ? of(OPEN, n) : of(DONE, n);
  const received = Date.now() - ((n * 7_919) % 700) * DAY_MS - n;
  return {
    id: newId(KIND.case, n % 64, received),
    org: orgKey(town(n < own ? 0 : 1 + (n % TOWNS))),
    sender: 'OSL-13000000000000-00000',
    process: PROCESS,
    number: `BANC-BENCH-${String(n).padStart(13, '0')}-01`,
    firstName: of(FIRST, n * 31),
    lastName: `${of(LAST, Math.floor(n / 3))}${n % 997}`,
    files: ['demande.pdf', `pièce ${n % 50}.pdf`],
    status: rankOf(status),
    open: isOpen(status),
    received,
    deadline: n % 3 === 0 ? received + 60 * DAY_MS : null,
    updated: received + (n % 40) * DAY_MS,
    attachments: 2,
    due: null,
    assignee: null,
    leaves: null,
    target: null,
  };
}

/** The orders are made when all rows are there, as of a table that is loaded. @returns rows written a second */
async function fill(folder: string): Promise<number> {
  const held = lock(folder);
  const db = openToWrite(folder);
  db.exec(`PRAGMA synchronous = OFF; PRAGMA cache_size = -${CACHE_KIB}`);
  const orders = db.all("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX cases_%'");
  for (const { name } of orders) db.exec(`DROP INDEX ${name}`);
  const writing = new Writing(db);
  const show = progress('rows', rows);
  const began = performance.now();
  for (let from = 0; from < rows; from += BATCH) {
    const some = Array.from({ length: Math.min(BATCH, rows - from) }, (_, index) => rowOf(from + index));
    // Never stale: there are no records they could be read from.
    writing.apply({ rows: some, gone: [], boxes: [], positions: [], seen: Number.MAX_SAFE_INTEGER, anew: false });
    show(from + some.length);
    await signals();
  }
  for (const { name, sql } of orders) {
    console.error(`${name}: ${((performance.now() - began) / 1_000).toFixed(0)} s`);
    db.exec(sql as string);
    await signals();
  }
  const seconds = (performance.now() - began) / 1_000;
  db.close();
  held?.close();
  return rows / seconds;
}

const VIEWS = ['waiting', 'progress', 'awaiting', 'overdue', 'done', 'all'];
const SORTS = ['received', 'deadline', 'number', 'applicant', 'status', 'updated'];
const SEARCHES = ['', '', 'lerou', 'helene', 'boeuf12', 'BANC-BENCH-0000000004321', 'piece 7 martin', 'demande'];

/** Filters of all shapes, the same ones each run. */
function queryOf(n: number): string {
  const query = new URLSearchParams({ view: of(VIEWS, n), sort: of(SORTS, Math.floor(n / 6)), limit: '100' });
  if (n % 2 === 1) query.set('order', 'desc');
  const q = of(SEARCHES, Math.floor(n / 5));
  if (q !== '') query.set('q', q);
  if (n % 7 === 0) query.set('from', new Date(Date.now() - 90 * DAY_MS).toISOString().slice(0, 10));
  if (n % 11 === 0) query.set('unread', 'true');
  if (n % 13 === 0) query.append('status', of(CASE_STATUSES, n));
  return query.toString();
}

const stage = await openStage();
try {
  const folder = indexFolder(stage.config.data);
  const filled = await fill(folder);
  const bytes = statSync(fileOf(folder)).size / rows;
  const product = await stage.start('all');
  const { towns } = await settle(await stage.hub(), stage.config.masterKey, 1, true);
  const wire = await Wire.open(product.url);
  const token = await askToken(wire, towns[0]?.client as { id: string; secret: string }, 'SI');
  const get = async (path: string): Promise<{ ms: number; json: never }> => {
    const began = performance.now();
    const answer = await wire.send('GET', path, `Authorization: Bearer ${token}\r\n`);
    const ms = performance.now() - began;
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body}`);
    return { ms, json: JSON.parse(answer.body.toString()) as never };
  };
  const [first, further, counters] = [new Latencies(), new Latencies(), new Latencies()];
  const slow: [ms: number, query: string][] = [];
  for (let n = 0; n < asked; n += 1) {
    const query = queryOf(n);
    const { ms, json } = await get(`/relais/v1/cases?${query}`);
    first.add(ms);
    slow.push([ms, query]);
    const { next } = json as { next: string | null };
    if (next !== null) further.add((await get(`/relais/v1/cases?${query}&after=${next}`)).ms);
    if (n % 10 === 0) counters.add((await get('/relais/v1/cases/counters')).ms);
  }
  wire.close();
  for (const [ms, query] of slow.sort(([a], [b]) => b - a).slice(0, 5)) console.error(`${ms.toFixed(0)} ms  ${query}`);
  report(
    'list',
    `${rows} cases put straight into the index, ${own} of them of one organisation, ${open} of these open; ${asked} questions of all views, orders, searches and dates, 100 rows each, one after the other; one process \`hub start\`, Redis and load generator on the same cores, ${stage.durability}.`,
    [
      { name: 'first page, p95', value: first.percentile(0.95), unit: 'ms', aim: { atMost: 200 } },
      { name: 'first page, p50', value: first.percentile(0.5), unit: 'ms' },
      { name: 'first page, longest', value: first.percentile(1), unit: 'ms' },
      { name: 'next page, p95', value: further.percentile(0.95), unit: 'ms', aim: { atMost: 200 } },
      { name: 'counters, p95', value: counters.percentile(0.95), unit: 'ms', aim: { atMost: 200 } },
      { name: 'rows written', value: filled, unit: '/s' },
      { name: 'bytes of the file a case', value: bytes, unit: 'B' },
    ],
    stage.redisVersion,
  );
  await product.stop();
} finally {
  await stage.close();
}
