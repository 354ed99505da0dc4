/** The screen of `./hub top`: figures as lines, the most urgent ones always visible. */
import { ago, bytes, count, moment } from '../words.ts';
import { type Alarm, alarmsOf } from './alarms.ts';
import type { Figures } from './figures.ts';
import { bar, type Line, type Part } from './paint.ts';
import { type Table, tableOf, tablesOf } from './tables.ts';

export interface View {
  columns: number;
  rows: number;
  /** which of the tables has the place: index */
  table: number;
  /** column it is sorted by, from the left; its own order at first */
  sort: number | undefined;
  reversed: boolean;
  /** rows of the table passed over */
  from: number;
  paused: boolean;
  everySeconds: number;
}

/** The smallest terminal there is: 24 lines. A smaller one shows the beginning. */
const LEAST_TABLE = 6;
const MOST_SERVERS = 3;

const rate = (value: number | undefined): string => (value === undefined ? '-' : `${count(value)}/s`);
const seconds = (value: number | undefined): string =>
  value === undefined
    ? '-'
    : value < 1
      ? `${Math.round(value * 1_000)} ms`
      : value === Number.POSITIVE_INFINITY
        ? '>'
        : `${value} s`;
const bad = (text: string, isBad: boolean): Part => (isBad ? ['bad', text] : text);

/** @returns as many lines as the terminal has at most, none longer than it is wide once painted */
export function screen(figures: Figures, view: View): Line[] {
  const alarms = alarmsOf(figures);
  const head = [title(figures, view), ...flow(figures), ...stores(figures)];
  const room = view.rows - head.length - LEAST_TABLE - 2;
  const shown = alarmLines(alarms, Math.max(1, room));
  const lines: Line[] = [...head, ...shown];
  const left = view.rows - lines.length - 1;
  for (const line of tableLines(tablesOf(figures), view, left)) lines.push(line);
  lines.push(keys(view));
  return lines.slice(0, view.rows);
}

/** All there is, for `--once`: one plain text of any length. */
export function report(figures: Figures): Line[] {
  const alarms = alarmsOf(figures);
  const lines: Line[] = [title(figures, undefined), ...flow(figures), ...stores(figures)];
  lines.push(...alarmLines(alarms, Number.POSITIVE_INFINITY));
  for (const one of tablesOf(figures)) {
    lines.push([], [['bold', one.title]]);
    for (const text of tableOf(one, { sort: undefined, reversed: false })) lines.push([text]);
  }
  return lines;
}

function title(figures: Figures, view: View | undefined): Line {
  const up = figures.processes.filter(({ error }) => error === '').length;
  const every = view === undefined ? '' : view.paused ? '  PAUSED' : `  every ${view.everySeconds} s`;
  const text = `Relais  ${moment(figures.at)} UTC  ${up}/${figures.processes.length} processes answer${every}`;
  return view === undefined ? [text] : bar(text, view.columns);
}

function flow({ rates, inFlight, requestP95, availableP99, ...figures }: Figures): Line[] {
  return [
    [
      `in    deposits ${rate(rates.deposits)}  requests ${rate(rates.requests)}  p95 ${seconds(requestP95)}  `,
      bad(`errors ${rate(rates.errors)}`, (rates.errors ?? 0) > 0),
      `  in flight ${inFlight ?? '-'}`,
    ],
    [
      `out   taken ${rate(rates.deliveries)}  available p99 ${seconds(availableP99)}  pushed ${rate(rates.pushed)}  `,
      `read ${rate(rates.polled)}  pages ${rate(rates.pages)}  webhooks ${rate(rates.webhooks)}`,
      ...((rates.webhooksFailed ?? 0) > 0 ? [['warn', ` (${rate(rates.webhooksFailed)} fail)`] as const] : []),
    ],
    [
      `core  messages ${rate(rates.messages)}  waiting ${count(figures.backlog)} (${ago(figures.oldestMs)})  `,
      `outbox ${count(figures.outbox)} (${figures.outboxOldestMs === undefined ? '-' : ago(figures.outboxOldestMs)})  `,
      bad(`dead ${figures.dead}`, figures.dead > 0),
      '  ',
      bad(`parked ${figures.parked}`, figures.parked > 0),
    ],
  ];
}

function stores({ servers, disk, redisError }: Figures): Line[] {
  const lines: Line[] = servers.slice(0, MOST_SERVERS).map((one) => {
    if (one.error !== '') return ['redis ', ['bad', `${one.at} ${one.error}`]];
    const limit = one.maxMemory === 0 ? 'no limit' : bytes(one.maxMemory);
    const aof = one.aofOk && one.rewriteOk ? 'ok' : 'FAILS';
    return [
      `redis ${one.at}  ${bytes(one.usedMemory)} of ${limit}  aof ${bytes(one.aofBytes)} `,
      bad(aof, aof !== 'ok'),
      `  ${count(one.commandsPerSecond)} cmd/s  ${one.replicas} replicas`,
    ];
  });
  if (servers.length > MOST_SERVERS) lines.push([`redis … and ${servers.length - MOST_SERVERS} more masters`]);
  if (servers.length === 0) lines.push(['redis ', ['bad', redisError]]);
  const share = disk === undefined ? '' : ` (${Math.round((100 * disk.free) / disk.size)} %)`;
  lines.push([disk === undefined ? 'disk  -' : `disk  ${bytes(disk.free)} of ${bytes(disk.size)} free${share}`]);
  return lines;
}

function alarmLines(alarms: readonly Alarm[], room: number): Line[] {
  if (alarms.length === 0) return [[['dim', 'no alert']]];
  const pages = [...alarms].sort((a, b) => Number(b.severity === 'page') - Number(a.severity === 'page'));
  const shown = pages.length > room ? pages.slice(0, room - 1) : pages;
  const lines = shown.map(
    ({ name, severity, text }): Line => [
      [severity === 'page' ? 'bad' : 'warn', `${severity === 'page' ? '!!' : '! '} ${name}`],
      ` ${text}`,
    ],
  );
  if (shown.length < pages.length)
    lines.push([['bad', `!! and ${pages.length - shown.length} more: ./hub top --once`]]);
  return lines;
}

function tableLines(tables: readonly Table[], view: View, room: number): Line[] {
  const current = tables[view.table] ?? (tables[0] as Table);
  const [head = '', ...rows] = tableOf(current, view);
  const from = Math.min(view.from, Math.max(0, rows.length - 1));
  const shown = rows.slice(from, from + room - 2);
  const more = rows.length - from - shown.length;
  const names = tables.map(({ title: name }): Part => (name === current.title ? ['bold', `[${name}] `] : `${name} `));
  const lines: Line[] = [[...names, ['dim', more > 0 ? ` ${more} more below` : '']], [['dim', head]]];
  for (const row of shown) lines.push([row]);
  // below the engines, who is slow: most want both
  const second = view.table === 0 ? tables[1] : undefined;
  const left = room - lines.length;
  if (second !== undefined && left >= LEAST_TABLE) {
    const [titles = '', ...slow] = tableOf(second, { sort: undefined, reversed: false });
    lines.push([], [['bold', second.title]], [['dim', titles]]);
    for (const row of slow.slice(0, left - 3)) lines.push([row]);
  }
  while (lines.length < room) lines.push([]);
  return lines;
}

const keys = ({ paused }: View): Line => [
  ['dim', `q quit  p ${paused ? 'go on' : 'pause'}  tab table  ↑↓ PgUp PgDn scroll  s sort column  r reverse`],
];
