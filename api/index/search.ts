import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { CASE_STATUSES } from '#engine/domain/records/case.ts';
import type { Database, Found, Value } from '#engine/sqlite.ts';
import type { Mark, Question, Reach } from './question.ts';
import { SORTS } from './tables.ts';
import { type Counters, countersOf } from './tallies.ts';
import { termOf } from './terms.ts';
import { isOpen } from './views.ts';
import { Words } from './words.ts';

/** A row of a list, with its place in the order. */
export interface Listed {
  id: Id;
  org: OrgKey;
  sender: OrgKey;
  process: string;
  number: string;
  firstName: string;
  lastName: string;
  files: string[];
  status: number;
  received: number;
  deadline: number | null;
  updated: number;
  unread: boolean;
  attachments: number;
  assignee: Id | null;
  leaves: number | null;
  target: number | null;
  key: string | number;
}

/** A case that something is to be done to. */
export interface Selected {
  id: Id;
  org: OrgKey;
  process: string;
  number: string;
  applicant: string;
  status: number;
  updated: number;
}

export interface Position {
  org: OrgKey;
  position: number;
  at: number;
  migrated: number;
}

/** Beyond so many rows a total is « au moins »: counting them costs some milliseconds. */
export const COUNTED = 20_000;

const COLUMNS = `cases.id, cases.org, sender, cases.process, cases.number, first, last, cases.files, status, received, deadline, updated, unread, attachments, assignee, leaves, target`;

const CHOSEN = 'cases.id, cases.org, cases.process, cases.number, first, last, status, updated';
/** Ids named in one question. */
const NAMED = 400;
const chunks = (ids: readonly Id[]): Id[][] =>
  Array.from({ length: Math.ceil(ids.length / NAMED) }, (_, n) => ids.slice(n * NAMED, (n + 1) * NAMED));

/** Found rows that are sorted at once: each costs a look into the table. */
const MANY = 8_000;

/** Rows of one organisation, open or done: what one index holds together. */
interface Part {
  where: string;
  values: Value[];
  /** from which tables */
  from: string;
  /** the same by another way, for a search that finds much */
  walked?: Part;
}

/** Questions to the index's file. Lists are merged from their parts here: each part comes in order from its own index. */
export class Search {
  readonly #db: Database;
  readonly #words: Words;
  readonly #many: number;

  /** @param many rows a search may find before they are looked for in the order asked, rather than sorted */
  constructor(db: Database, many = MANY) {
    this.#db = db;
    this.#many = many;
    this.#words = new Words(db);
  }

  /** From now on all that is read is of this moment, until the file is closed: for a reader of its own. */
  hold(): void {
    this.#db.exec('BEGIN');
    // a transaction sees what there is when it first reads
    this.state();
  }

  /** Rows behind a mark, in order, `limit` at most. */
  page(question: Question, after: Mark | null, limit: number): Listed[] {
    const column = `cases.${SORTS[question.sort]}`;
    const [way, beyond] = question.descending ? ['DESC', '<'] : ['ASC', '>'];
    const rows = this.#each(question, (part) => {
      const { from, where, values } = this.#ordered(part);
      const behind = after === null ? '' : ` AND (${column}, cases.id) ${beyond} (?, ?)`;
      const sql = `SELECT ${COLUMNS}, ${column} AS key FROM ${from} WHERE ${where}${behind} ORDER BY ${column} ${way}, cases.id ${way} LIMIT ?`;
      return this.#db.all(sql, ...values, ...(after === null ? [] : [after.key, after.id]), limit);
    });
    return rows
      .sort(orderOf(question.descending))
      .slice(0, limit)
      .map((row) => this.#listed(row));
  }

  /** All there are, in order, or those of them that are named. */
  selected(question: Question, ids: readonly Id[] | null): Selected[] {
    const column = `cases.${SORTS[question.sort]}`;
    const groups = ids === null ? [null] : chunks(ids);
    const rows = groups.flatMap((some) =>
      this.#each(question, ({ from, where, values }) => {
        const named = some === null ? '' : ` AND cases.id IN (${some.map(() => '?').join(',')})`;
        const sql = `SELECT ${CHOSEN}, ${column} AS key FROM ${from} WHERE ${where}${named}`;
        return this.#db.all(sql, ...values, ...(some ?? []));
      }),
    );
    return rows.sort(orderOf(question.descending)).map(({ key: _, org, process, first, last, ...row }) => ({
      ...(row as unknown as Selected),
      org: this.#words.text(org as number),
      process: this.#words.text(process as number),
      applicant: `${last} ${first}`.trim(),
    }));
  }

  /** How many there are: no more than COUNTED + 1 are counted. */
  count(question: Question): number {
    let total = 0;
    for (const { from, where, values } of this.#parts(question)) {
      const sql = `SELECT count(*) AS total FROM (SELECT 1 FROM ${from} WHERE ${where} LIMIT ?)`;
      total += this.#db.get(sql, ...values, COUNTED + 1 - total)?.['total'] as number;
      if (total > COUNTED) break;
    }
    return total;
  }

  counters(reaches: readonly Reach[], now: number): Counters {
    return countersOf(this.#db, this.#words, reaches, now);
  }

  /** The case before and the case after this one in that list, which it need not be in; null: not seen at all. */
  neighbours(question: Question, id: Id): { previous: Id | null; next: Id | null } | null {
    const column = SORTS[question.sort];
    const row = this.#db.get(`SELECT org, process, ${column} AS key FROM cases WHERE id = ?`, id);
    if (row === undefined) return null;
    const [org, process] = [this.#words.text(row['org'] as number), this.#words.text(row['process'] as number)];
    const seen = question.reaches.some((one) => one.org === org && (one.processes?.includes(process) ?? true));
    if (!seen) return null;
    const mark = { key: row['key'] as string | number, id };
    const [next] = this.page(question, mark, 1);
    const [previous] = this.page({ ...question, descending: !question.descending }, mark, 1);
    return { previous: previous?.id ?? null, next: next?.id ?? null };
  }

  /** Where the notifications of a case are in its organisation's mailbox, oldest first. */
  noticesOf(org: OrgKey, id: Id): { box: number; sequence: number }[] {
    const sql = 'SELECT box, sequence FROM notice WHERE id = ? AND org = ? ORDER BY sequence';
    return this.#db.all(sql, id, this.#words.number(org)) as { box: number; sequence: number }[];
  }

  /** How far the feeds of these organisations are read. */
  positions(orgs: readonly OrgKey[]): Position[] {
    return orgs.flatMap((org) => {
      const sql = 'SELECT position, at, migrated FROM feed WHERE org = ?';
      const row = this.#db.get(sql, this.#words.number(org));
      return row === undefined ? [] : [{ org, ...(row as { position: number; at: number; migrated: number }) }];
    });
  }

  /** Cases in the file, and when it was rebuilt last, ms. */
  state(): { rows: number; unread: number; rebuilt: number } {
    const row = this.#db.get('SELECT coalesce(sum(cases), 0) AS rows, coalesce(sum(unread), 0) AS unread FROM tally');
    const rebuilt = this.#db.get("SELECT value FROM fact WHERE name = 'rebuilt'")?.['value'] ?? 0;
    return { ...(row as { rows: number; unread: number }), rebuilt: rebuilt as number };
  }

  #each(question: Question, look: (part: Part) => Found[]): Found[] {
    return this.#parts(question).flatMap((part) => look(part));
  }

  #parts(question: Question): Part[] {
    // A status tells whether it is open: the part that cannot hold it is not looked through.
    const { statuses } = question;
    const opens = [true, false].filter(
      (open) =>
        (question.open ?? open) === open &&
        (statuses === null || statuses.some((status) => isOpen(CASE_STATUSES[status] as never) === open)),
    );
    return question.reaches.flatMap((reach) => opens.map((open) => this.#part(question, reach, open)));
  }

  /** A search that finds much is walked in its order, and what it found looked up on the way. */
  #ordered(part: Part): Part {
    const { walked } = part;
    if (walked === undefined) return part;
    const sql = `SELECT count(*) AS found FROM (SELECT 1 FROM ${part.from} WHERE ${part.where} LIMIT ?)`;
    return (this.#db.get(sql, ...part.values, this.#many)?.['found'] as number) < this.#many ? part : walked;
  }

  #part(question: Question, reach: Reach, open: boolean): Part {
    const org = this.#words.number(reach.org);
    const where = ['cases.org = ?', 'cases.open = ?'];
    const values: Value[] = [org, Number(open)];
    const among = (column: string, list: readonly Value[]): void => {
      where.push(`cases.${column} IN (${list.map(() => '?').join(',')})`);
      values.push(...list);
    };
    const when = (text: string, value: Value): void => {
      if (value === null) return;
      where.push(text);
      values.push(value);
    };
    if (question.statuses !== null) among('status', question.statuses);
    if (reach.processes !== null)
      among(
        'process',
        reach.processes.map((code) => this.#words.number(code)),
      );
    when('cases.received >= ?', question.from);
    when('cases.received < ?', question.to);
    when('cases.deadline_key < ?', question.overdue);
    when('cases.deadline_key >= ?', question.soon);
    if (question.assignee === '') when('cases.assignee = ?', 0);
    else if (question.assignee !== null)
      among(
        'assignee',
        [question.assignee, ...(reach.absent ?? [])].map((id) => this.#words.number(id)),
      );
    if (question.unread) where.push('cases.unread = 1');
    const index = `cases INDEXED BY cases_${question.sort}`;
    if (question.words.length === 0) return { from: index, where: where.join(' AND '), values };
    const match = question.words.map((word) => `"${termOf(org, word)}"*`).join(' AND ');
    return {
      from: 'words CROSS JOIN cases ON cases.n = words.rowid',
      where: `words MATCH ? AND ${where.join(' AND ')}`,
      values: [match, ...values],
      walked: {
        from: index,
        where: `${where.join(' AND ')} AND cases.n IN (SELECT rowid FROM words WHERE words MATCH ?)`,
        values: [...values, match],
      },
    };
  }

  #listed(row: Found): Listed {
    const { first, last, files, unread, org, sender, process, assignee, ...rest } = row;
    return {
      ...(rest as unknown as Listed),
      org: this.#words.text(org as number),
      sender: this.#words.text(sender as number),
      process: this.#words.text(process as number),
      firstName: first as string,
      lastName: last as string,
      files: files === '' ? [] : (files as string).split('\n'),
      unread: unread === 1,
      assignee: assignee === 0 ? null : (this.#words.text(assignee as number) as Id),
    };
  }
}

/** Texts as SQLite compares them: by their bytes. */
function compare(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
}

const orderOf = (descending: boolean) => (a: Found, b: Found) =>
  (descending ? -1 : 1) *
  (compare(a['key'] as Value, b['key'] as Value) || compare(a['id'] as Value, b['id'] as Value));
