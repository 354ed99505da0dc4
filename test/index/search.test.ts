import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { fileOf, openToRead, openToWrite } from '#api/index/file.ts';
import { type Question, wordsOf } from '#api/index/question.ts';
import type { CaseRow } from '#api/index/row.ts';
import { Search } from '#api/index/search.ts';
import { Writing } from '#api/index/writing.ts';
import type { Id } from '#engine/domain/ids.ts';
import { caseId, fits, keyOf, ORGS, questions, rows } from './rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'index-'));
const written = openToWrite(folder);
const writing = new Writing(written);
const read = openToRead(folder);
assert(read);
// so few that searches here go both ways
const search = new Search(read, 4);
after(() => {
  read.close();
  written.close();
  rmSync(folder, { recursive: true });
});

const NOTHING = { rows: [], gone: [], boxes: [], positions: [], seen: 1, anew: false };
const BOX = 7;
const put = (some: CaseRow[]): void => writing.apply({ ...NOTHING, rows: some });

/** Marks these as unread, and no others, whatever was. */
function unread(some: readonly CaseRow[]): void {
  for (const org of ORGS) {
    const notices = some.filter((row) => row.org === org).map(({ id }, index) => ({ sequence: index + 1, id }));
    writing.apply({ ...NOTHING, boxes: [{ org, box: BOX, after: 0, to: 1_000, notices }] });
  }
}

function empty(): void {
  unread([]);
  writing.apply({ ...NOTHING, gone: writing.stale(2, '', 10_000) });
}

const ids = (some: readonly { id: Id }[]): Id[] => some.map(({ id }) => id);

/** All pages of a list. */
function all(question: Question, limit: number, between = (): void => undefined): Id[] {
  const found: Id[] = [];
  for (let mark: { key: string | number; id: string } | null = null; ; ) {
    const page = search.page(question, mark, limit);
    found.push(...ids(page));
    between();
    if (page.length < limit) return found;
    mark = page.at(-1) as { key: string | number; id: string };
  }
}

/** The rows of a question by a plain predicate, in its order. */
function plain(question: Question, some: readonly CaseRow[], isUnread: (row: CaseRow) => boolean): CaseRow[] {
  const sign = question.descending ? -1 : 1;
  const order = (a: string | number, b: string | number): number =>
    typeof a === 'number' ? a - Number(b) : Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
  return some
    .filter((row) => fits(question, row, isUnread(row)))
    .sort((a, b) => sign * (order(keyOf(question.sort, a), keyOf(question.sort, b)) || order(a.id, b.id)));
}

test('the file is for nobody else on the machine', () => {
  assert.equal(statSync(fileOf(folder)).mode & 0o777, 0o600);
});

test('any filter in any order is what a plain predicate over the same rows gives, page by page', () => {
  fc.assert(
    fc.property(
      fc.array(rows, { maxLength: 40 }),
      fc.array(questions, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 9 }),
      (some, asked, limit) => {
        empty();
        put(some);
        const half = some.filter((_, index) => index % 2 === 0);
        unread(half);
        for (const question of asked) {
          const expected = plain(question, some, (row) => half.includes(row));
          assert.deepEqual(all(question, limit), ids(expected));
          assert.equal(search.count(question), expected.length);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('counters are what the rows say, after every change of them', () => {
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 30 }), fc.array(rows, { maxLength: 30 }), (some, others) => {
      empty();
      put(some);
      unread(some.slice(0, 5));
      // the same cases changed, and some of them gone
      const changed = some.map((row, index) => ({ ...row, ...others[index], id: row.id }));
      put(changed);
      const gone = changed.slice(0, 3);
      writing.apply({ ...NOTHING, gone: ids(gone) });
      const left = changed.slice(3);
      const now = Date.UTC(2026, 0, 4);
      const { tallies, overdue } = search.counters(
        ORGS.map((org) => ({ org, processes: null })),
        now,
      );
      const sum = (list: readonly { cases: number }[]): number => list.reduce((total, { cases }) => total + cases, 0);
      assert.equal(sum(tallies), left.length);
      assert.equal(sum(overdue), left.filter((row) => row.open && row.deadline !== null && row.deadline < now).length);
      for (const status of new Set(left.map((row) => row.status)))
        assert.equal(
          sum(tallies.filter((one) => one.status === status)),
          left.filter((row) => row.status === status).length,
        );
      const marked = tallies.reduce((total, one) => total + one.unread, 0);
      const expected = left.filter((row, index) => index < 2 && some[index + 3]?.org === row.org);
      assert.equal(marked, expected.length);
    }),
    { numRuns: 40 },
  );
});

test('paging gives every row once while new ones arrive, and neighbours walk the same list', () => {
  fc.assert(
    fc.property(fc.array(rows, { minLength: 5, maxLength: 30 }), questions, rows, (some, question, fresh) => {
      empty();
      put(some);
      const asked = { ...question, unread: false };
      const found = all(asked, 3, () => put([{ ...fresh, id: caseId() }]));
      assert.equal(new Set(found).size, found.length, 'none twice');
      const expected = ids(plain(asked, some, () => false));
      const known = new Set(ids(some));
      assert.deepEqual(
        found.filter((id) => known.has(id)),
        expected,
      );
      const list = all(asked, 100);
      for (const [at, id] of list.entries())
        assert.deepEqual(search.neighbours(asked, id), { previous: list[at - 1] ?? null, next: list[at + 1] ?? null });
    }),
    { numRuns: 30 },
  );
});

test('a case of another organisation, or of another démarche, has no neighbours to show', () => {
  empty();
  const [row] = fc.sample(rows, 1) as [CaseRow];
  put([{ ...row, org: ORGS[0], process: 'CERTDC' }]);
  const question = { ...(fc.sample(questions, 1)[0] as Question), statuses: null };
  const seenBy = (org: string, processes: string[] | null) =>
    search.neighbours({ ...question, reaches: [{ org, processes }] }, row.id);
  assert.notEqual(seenBy(ORGS[0], ['CERTDC']), null);
  assert.equal(seenBy(ORGS[0], ['EtatCivil']), null);
  assert.equal(seenBy(ORGS[1], null), null);
});

/** Marks for SQLite's Unicode (6.1), letters for Node: such a word is none of the index's, and finds nothing. */
const APART = /[\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3]/;

test('whatever letters and digits Node knows, a word of them is found', () => {
  empty();
  const [row] = fc.sample(rows, 1) as [CaseRow];
  const everywhere = { ...(fc.sample(questions, 1)[0] as Question), reaches: [{ org: ORGS[0], processes: null }] };
  const question = { ...everywhere, statuses: null, open: null, from: null, to: null, overdue: null, soon: null };
  const letters: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const letter = code >= 0xd800 && code <= 0xdfff ? '' : String.fromCodePoint(code);
    if (/^[\p{L}\p{N}]$/u.test(letter) && !APART.test(letter)) letters.push(letter);
  }
  assert.ok(letters.length > 100_000);
  const each = 500;
  for (let from = 0; from < letters.length; from += each) {
    const name = `a${letters.slice(from, from + each).join('')}b`;
    put([{ ...row, id: caseId(), org: ORGS[0], lastName: name }]);
    const words = wordsOf(name);
    assert.equal(words.length, 1);
    assert.equal(
      search.count({ ...question, unread: false, assignee: null, words }),
      1,
      `from ${name.codePointAt(1)?.toString(16)}`,
    );
  }
  assert.equal(search.count({ ...question, unread: false, assignee: null, words: wordsOf('a\u19b0b') }), 0);
});

test('searches that are no words of the index do no harm', () => {
  empty();
  const [question] = fc.sample(questions, 1) as [Question];
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      search.page({ ...question, words: wordsOf(text) }, null, 5);
    }),
    { numRuns: 300 },
  );
  for (const word of ['Ⰰᦰ〡', 'NEAR', 'AND', 'org', 'o1', 'a"b', "l'été", '*', ''])
    search.count({ ...question, words: wordsOf(word) });
});
