/** The tables of `./hub top`: cells to show and what they are sorted by. */
import { slowestFirst } from '../recipients.ts';
import { ago, count, table } from '../words.ts';
import type { Figures } from './figures.ts';

/** What is shown, and what it is sorted by. */
type Cell = readonly [shown: string, value: string | number];

export interface Table {
  title: string;
  head: readonly string[];
  rows: readonly (readonly Cell[])[];
  /** columns of numbers */
  right: readonly number[];
}

interface Order {
  sort: number | undefined;
  reversed: boolean;
}

/** Longest name of an organisation in a list. */
const NAME_LETTERS = 34;

const number = (value: number): Cell => [count(value), value];
const age = (ms: number | undefined): Cell => (ms === undefined ? ['-', -1] : [ago(ms), ms]);

export function tablesOf(figures: Figures): Table[] {
  return [engines(figures), recipients(figures), partitions(figures), processes(figures)];
}

function engines({ engines: all }: Figures): Table {
  return {
    title: 'engines',
    head: ['engine', 'state', 'partitions', 'waiting', 'oldest', 'outbox', 'last sign'],
    right: [2, 3, 4, 5, 6],
    rows: all.map((one) => [
      [one.name, one.name],
      one.live ? ['live', 1] : ['SILENT', 0],
      number(one.partitions),
      number(one.backlog),
      age(one.oldestMs),
      number(one.outbox),
      one.silentMs === Number.POSITIVE_INFINITY ? ['never', one.silentMs] : age(one.silentMs),
    ]),
  };
}

function recipients({ recipients: { rows, error }, at }: Figures): Table {
  const since = (ms: number | undefined): Cell => age(ms === undefined ? undefined : Math.max(0, at - ms));
  const slow = rows.filter(({ state }) => state !== 'ok');
  return {
    title: error === '' ? `recipients (${slow.length} slow or silent)` : `recipients: ${error}`,
    head: ['recipient', 'state', 'unread', 'oldest', '> 48 h', 'last pull', 'live'],
    right: [2, 3, 4, 5, 6],
    rows: slowestFirst(slow).map((one) => [
      [[...one.name].slice(0, NAME_LETTERS).join(''), one.name],
      [one.state, one.state],
      number(one.unread),
      since(one.oldestUnread),
      number(one.late),
      one.lastPull === undefined ? ['?', Number.POSITIVE_INFINITY] : since(one.lastPull),
      number(one.live),
    ]),
  };
}

function partitions({ partitions: all, at }: Figures): Table {
  return {
    title: 'partitions',
    head: ['partition', 'owner', 'held', 'waiting', 'oldest', 'outbox', 'dead', 'parked'],
    right: [0, 2, 3, 4, 5, 6, 7],
    rows: all.map((one) => [
      [String(one.number), one.number],
      one.owner === '' ? ['NOBODY', ''] : [one.owner, one.owner],
      age(one.epoch === 0 ? undefined : Math.max(0, at - one.epoch)),
      number(one.backlog),
      age(one.oldestMs),
      number(one.outbox),
      number(one.dead),
      number(one.parked),
    ]),
  };
}

function processes({ processes: all }: Figures): Table {
  return {
    title: 'processes',
    head: ['process', 'state'],
    right: [],
    rows: all.map(({ url, error }) => [
      [url, url],
      [error || 'answers', error],
    ]),
  };
}

/** Lines of a table: its head, then its rows, sorted by a column where one is given; numbers and ages the largest first. */
export function tableOf({ head, rows, right }: Table, { sort, reversed }: Order): string[] {
  const column = sort === undefined ? undefined : sort % head.length;
  const sorted = column === undefined ? [...rows] : [...rows].sort((a, b) => compared(a[column], b[column]));
  if (reversed) sorted.reverse();
  const names = head.map((name, index) => (index === column ? `${name}*` : name));
  return table([names, ...sorted.map((row) => row.map(([shown]) => shown))], right);
}

function compared(a: Cell | undefined, b: Cell | undefined): number {
  const [x, y] = [a?.[1] ?? '', b?.[1] ?? ''];
  if (typeof x === 'number' && typeof y === 'number') return y === x ? 0 : y - x;
  return String(x).localeCompare(String(y), 'fr');
}
