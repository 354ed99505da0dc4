import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { Database, Found } from '#engine/sqlite.ts';
import { type CaseRow, folded } from './row.ts';
import type { Position } from './search.ts';
import { termsOf } from './terms.ts';
import { Words } from './words.ts';

/** What a part of a box holds: its notifications with sequences above `after`, up to `to`, and no others. */
export interface BoxPart {
  org: OrgKey;
  box: number;
  after: number;
  to: number;
  notices: { sequence: number; id: Id }[];
}

/** What is written at once, or not at all. */
export interface Batch {
  rows: CaseRow[];
  /** cases that are no longer there, or not seen by their recipient */
  gone: Id[];
  boxes: BoxPart[];
  positions: Position[];
  /** when the records were read, ms */
  seen: number;
  /** writes the words of rows again although they did not change */
  anew: boolean;
}

/** Writes the index's file: one thread of one process. */
export class Writing {
  readonly #db: Database;
  readonly #words: Words;

  constructor(db: Database) {
    this.#db = db;
    this.#words = new Words(db);
  }

  apply(batch: Batch): void {
    try {
      this.#db.transaction(() => this.#apply(batch));
    } catch (error) {
      this.#words.forget();
      throw error;
    }
  }

  /** How far all feeds are read. */
  positions(): Position[] {
    const rows = this.#db.all('SELECT text AS org, position, at, migrated FROM feed JOIN word ON word.n = feed.org');
    return rows as unknown as Position[];
  }

  /** Cases of an organisation that nobody has read since, ms. */
  staleOf(org: OrgKey, before: number): Id[] {
    const rows = this.#db.all('SELECT id FROM cases WHERE org = ? AND seen < ?', this.#words.number(org), before);
    return rows.map(({ id }) => id as Id);
  }

  /** The same of all organisations: those with an id above `after`. */
  stale(before: number, after: string, limit: number): Id[] {
    const sql = 'SELECT id FROM cases WHERE id > ? AND seen < ? ORDER BY id LIMIT ?';
    return this.#db.all(sql, after, before, limit).map(({ id }) => id as Id);
  }

  /** Cases the hub itself has changed since. */
  due(now: number, limit: number): Id[] {
    return this.#db
      .all('SELECT id FROM cases WHERE due < ? ORDER BY due LIMIT ?', now, limit)
      .map(({ id }) => id as Id);
  }

  /** Organisations with unread cases. */
  noticed(): OrgKey[] {
    const rows = this.#db.all('SELECT text FROM word WHERE EXISTS(SELECT 1 FROM notice WHERE notice.org = word.n)');
    return rows.map(({ text }) => text as OrgKey);
  }

  /** Cases of a démarche with an id above `after`. */
  ofProcess(code: string, after: string, limit: number): Id[] {
    const sql = 'SELECT id FROM cases WHERE process = ? AND id > ? ORDER BY id LIMIT ?';
    return this.#db.all(sql, this.#words.number(code), after, limit).map(({ id }) => id as Id);
  }

  /** What is remembered by names that begin so. */
  facts(prefix: string): { name: string; value: number }[] {
    const sql = 'SELECT name, value FROM fact WHERE substr(name, 1, ?) = ?';
    return this.#db.all(sql, prefix.length, prefix) as { name: string; value: number }[];
  }

  /** Remembers a number by name, a moment in ms for instance. */
  note(name: string, value: number): void {
    this.#db.run('INSERT INTO fact VALUES(?, ?) ON CONFLICT DO UPDATE SET value = excluded.value', name, value);
  }

  #apply({ rows, gone, boxes, positions, seen, anew }: Batch): void {
    for (const id of gone) this.#remove(id);
    // Before the rows: a new case is then written once, unread as it is, and not twice into each order.
    for (const box of boxes) this.#box(box);
    for (const row of rows) this.#put(row, seen, anew);
    for (const { org, position, at, migrated } of positions)
      this.#db.run(
        'INSERT INTO feed VALUES(?, ?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, at = excluded.at, migrated = excluded.migrated',
        this.#words.given(org),
        position,
        at,
        migrated,
      );
  }

  #put(row: CaseRow, seen: number, anew: boolean): void {
    const org = this.#words.given(row.org);
    const values = {
      org,
      open: Number(row.open),
      sender: this.#words.given(row.sender),
      process: this.#words.given(row.process),
      number: row.number,
      first: row.firstName,
      last: row.lastName,
      applicant: folded(`${row.lastName} ${row.firstName}`),
      files: row.files.map((name) => name.replaceAll('\n', ' ')).join('\n'),
      status: row.status,
      received: row.received,
      deadline: row.deadline,
      updated: row.updated,
      unread: this.#isUnread(row.id, org),
      attachments: row.attachments,
      due: row.due,
      assignee: row.assignee === null ? 0 : this.#words.given(row.assignee),
      leaves: row.leaves,
      target: row.target,
      seen,
    };
    const names = Object.keys(values);
    const given = Object.values(values);
    const before = this.#db.get('SELECT n, org, number, first, last, files FROM cases WHERE id = ?', row.id);
    const after = before?.['n'] as number | undefined;
    const n =
      after ??
      this.#db.run(
        `INSERT INTO cases(id, ${names.join(', ')}) VALUES(?, ${names.map(() => '?').join(', ')})`,
        row.id,
        ...given,
      );
    if (before !== undefined) {
      this.#db.run(`UPDATE cases SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE n = ?`, ...given, n);
      if (!anew && SEARCHED.every((name) => before[name] === values[name])) return;
      this.#db.run('DELETE FROM words WHERE rowid = ?', n);
    }
    const terms = termsOf(org, [row.number, row.firstName, row.lastName, values.files]);
    this.#db.run('INSERT INTO words(rowid, terms) VALUES(?, ?)', n, terms);
  }

  #remove(id: Id): void {
    const row = this.#db.get('SELECT n FROM cases WHERE id = ?', id);
    this.#db.run('DELETE FROM notice WHERE id = ?', id);
    if (row === undefined) return;
    this.#db.run('DELETE FROM words WHERE rowid = ?', row['n'] as number);
    this.#db.run('DELETE FROM cases WHERE n = ?', row['n'] as number);
  }

  #box({ org, box, after, to, notices }: BoxPart): void {
    const number = this.#words.given(org);
    const kept = new Map(notices.map(({ sequence, id }) => [sequence, id]));
    const before: Found[] = this.#db.all(
      'SELECT sequence, id FROM notice WHERE org = ? AND box = ? AND sequence > ? AND sequence <= ?',
      number,
      box,
      after,
      to,
    );
    const known = new Set(before.map(({ sequence }) => sequence));
    const changed = new Set<string>();
    for (const { sequence, id } of before) {
      if (kept.has(sequence as number)) continue;
      this.#db.run('DELETE FROM notice WHERE org = ? AND box = ? AND sequence = ?', number, box, sequence as number);
      changed.add(id as string);
    }
    for (const [sequence, id] of kept) {
      if (known.has(sequence)) continue;
      this.#db.run('INSERT INTO notice VALUES(?, ?, ?, ?)', number, box, sequence, id);
      changed.add(id);
    }
    for (const id of changed)
      this.#db.run('UPDATE cases SET unread = ? WHERE id = ? AND org = ?', this.#isUnread(id, number), id, number);
  }

  #isUnread(id: string, org: number): number {
    return Number(this.#db.get('SELECT 1 FROM notice WHERE id = ? AND org = ? LIMIT 1', id, org) !== undefined);
  }
}

/** Columns whose words are searched for. */
const SEARCHED = ['org', 'number', 'first', 'last', 'files'] as const;
