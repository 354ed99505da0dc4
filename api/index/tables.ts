/** What the index's file holds. Another version of it is thrown away and made anew: change it with the tables. */
export const VERSION = 5;

/** Columns lists are sorted by, each with the id behind it, so that the order is one. */
export const SORTS = {
  received: 'received',
  deadline: 'deadline_key',
  number: 'number',
  applicant: 'applicant',
  status: 'status_key',
  updated: 'updated',
} as const;
export type Sort = keyof typeof SORTS;

/** Behind each order what filters look at, so that a list reads the rows it shows and no other. */
const orders = Object.entries(SORTS)
  .map(
    ([sort, column]) =>
      `CREATE INDEX cases_${sort} ON cases(${[...new Set(['org', 'open', column, 'id', 'status', 'process', 'unread', 'received', 'deadline_key', 'assignee'])]});`,
  )
  .join('\n');

const counted = (sign: '+' | '-', row: 'new' | 'old'): string => `
  INSERT INTO tally(org, process, status, cases, unread) VALUES(${row}.org, ${row}.process, ${row}.status, ${sign}1, ${sign}${row}.unread)
  ON CONFLICT DO UPDATE SET cases = cases + excluded.cases, unread = unread + excluded.unread;`;

/**
 * `word`: organisations and démarches by number. `feed`: how far each organisation's is read. `notice`: its notifications
 * not deleted. `assignee`: who treats the case, 0: nobody; `leaves`, `target`: when a decision leaves, and its status. `tally`: counters, kept by triggers. `words`: terms
 * (terms.ts), parted by blanks alone, whole words of them asked for by their beginning. `deadline_key` puts those without a deadline last, `status_key` those of
 * one status in the order they came.
 */
export const TABLES = `
CREATE TABLE word(n INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE fact(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE feed(org INTEGER PRIMARY KEY, position INTEGER NOT NULL, at INTEGER NOT NULL, migrated INTEGER NOT NULL);
CREATE TABLE cases(
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, org INTEGER NOT NULL, open INTEGER NOT NULL, sender INTEGER NOT NULL,
  process INTEGER NOT NULL, number TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, applicant TEXT NOT NULL,
  files TEXT NOT NULL, status INTEGER NOT NULL, received INTEGER NOT NULL, deadline INTEGER, updated INTEGER NOT NULL,
  unread INTEGER NOT NULL, attachments INTEGER NOT NULL, due INTEGER, seen INTEGER NOT NULL,
  assignee INTEGER NOT NULL, leaves INTEGER, target INTEGER,
  deadline_key INTEGER NOT NULL AS (coalesce(deadline, 4000000000000000 + received)) STORED,
  status_key INTEGER NOT NULL AS (status * 10000000000000 + received) STORED);
${orders}
CREATE INDEX cases_due ON cases(due) WHERE due IS NOT NULL;
CREATE TABLE notice(org INTEGER, box INTEGER, sequence INTEGER, id TEXT NOT NULL, PRIMARY KEY(org, box, sequence)) WITHOUT ROWID;
CREATE INDEX notice_case ON notice(id, org);
CREATE TABLE tally(
  org INTEGER, process INTEGER, status INTEGER, cases INTEGER NOT NULL, unread INTEGER NOT NULL,
  PRIMARY KEY(org, process, status)) WITHOUT ROWID;
CREATE TRIGGER cases_in AFTER INSERT ON cases BEGIN ${counted('+', 'new')} END;
CREATE TRIGGER cases_out AFTER DELETE ON cases BEGIN ${counted('-', 'old')} END;
CREATE TRIGGER cases_moved AFTER UPDATE OF org, process, status, unread ON cases
  WHEN old.org <> new.org OR old.process <> new.process OR old.status <> new.status OR old.unread <> new.unread
  BEGIN ${counted('-', 'old')} ${counted('+', 'new')} END;
CREATE VIRTUAL TABLE words USING fts5(
  terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
PRAGMA user_version = ${VERSION};
`;
