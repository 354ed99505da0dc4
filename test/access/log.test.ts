import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Registry } from 'prom-client';
import { dayOf, KEPT_DAYS, prune } from '#api/access/days.ts';
import type { Entry } from '#api/access/entry.ts';
import { find } from '#api/access/find.ts';
import { AccessLog } from '#api/access/log.ts';
import { verify } from '#api/access/verify.ts';
import { AccessCounts } from '#engine/telemetry/access.ts';

const scratch = mkdtempSync(join(tmpdir(), 'access-'));
after(() => rmSync(scratch, { recursive: true }));

const DAY_MS = 86_400_000;
const NOON = Date.parse('2026-11-26T12:00:00.000Z');
const key = createSecretKey(Buffer.alloc(32, 7));
const idOf = (n: number): string => `01890a5d-ac96-7b06-8000-${String(n).padStart(12, '0')}`;
const entry = (ms: number, ...cases: number[]): Entry => ({
  at: new Date(ms).toISOString(),
  kind: cases.length === 1 ? 'case' : 'list',
  route: 'GET /x',
  agent: idOf(900),
  org: 'SI-21940000000016-94054',
  session: 'abcdefghijkl',
  cases: cases.map(idOf),
  request: 'r',
});

/** A log with a clock of its own. */
function open(name: string) {
  const folder = join(scratch, name);
  const now = { ms: NOON };
  const counts = AccessCounts.of(new Registry());
  const errors: unknown[] = [];
  const make = () =>
    new AccessLog({ folder, key, clock: () => now.ms, counts, onError: (error) => void errors.push(error) });
  return { folder, now, make, errors, check: () => verify(folder, key, now.ms) };
}
const files = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
const linesOf = (folder: string, name: string): string[] =>
  readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1);
const put = (folder: string, name: string, lines: string[]): void =>
  writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''));

test('entries of one moment share writes, in order, in a file of mode 0600 that goes on after a restart', async () => {
  const { folder, make, check } = open('order');
  for (const from of [0, 300]) {
    const log = make();
    await Promise.all(Array.from({ length: 300 }, (_, n) => log.write(entry(NOON, from + n))));
    await log.close();
  }
  const name = '2026-11-26-1.ndjson';
  assert.deepEqual(files(folder), [name]);
  assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
  const cases = linesOf(folder, name)
    .slice(1)
    .map((line) => JSON.parse(line).cases[0]);
  assert.deepEqual(
    cases,
    Array.from({ length: 600 }, (_, n) => idOf(n)),
  );
  assert.deepEqual(await check(), { files: 1, entries: 600, damages: [] });
});

test('two processes have files of their own; a day has a new file; a clock that goes back stays in it', async () => {
  const { folder, now, make, check } = open('days');
  const [one, two] = [make(), make()];
  await one.write(entry(NOON, 1));
  await two.write(entry(NOON, 2));
  now.ms += DAY_MS;
  await one.write(entry(now.ms, 1));
  now.ms -= DAY_MS;
  await one.write(entry(now.ms, 3));
  await one.close();
  const three = make();
  await three.write(entry(now.ms, 4));
  await Promise.all([two.close(), three.close()]);
  assert.deepEqual(files(folder), ['2026-11-26-1.ndjson', '2026-11-26-2.ndjson', '2026-11-27-1.ndjson']);
  assert.deepEqual(await check(), { files: 3, entries: 5, damages: [] });
});

test('whatever is done to the files is found, but a newest end that is cut between two lines', async () => {
  const { folder, now, make, check } = open('damage');
  const log = make();
  for (const day of [0, 1, 2]) {
    now.ms = NOON + day * DAY_MS;
    for (let n = 0; n < 5; n += 1) await log.write(entry(now.ms, n));
  }
  await log.close();
  const [first, second, third] = files(folder) as [string, string, string];
  const tampered = async (name: string, change: (lines: string[]) => string[]): Promise<number> => {
    const before = linesOf(folder, name);
    put(folder, name, change([...before]));
    const { damages } = await check();
    put(folder, name, before);
    return damages.length;
  };
  const changes: ((lines: string[]) => string[])[] = [
    (lines) => lines.with(3, (lines[3] as string).replace('"kind":"case"', '"kind":"file"')),
    (lines) => lines.toSpliced(3, 1),
    (lines) => lines.toSpliced(3, 0, lines[2] as string),
    (lines) => lines.with(2, lines[3] as string).with(3, lines[2] as string),
    (lines) => lines.slice(1),
    (lines) => lines.with(2, ''),
  ];
  for (const name of [first, second, third])
    for (const [index, change] of changes.entries()) assert.equal(await tampered(name, change), 1, `${name} ${index}`);
  assert.equal(await tampered(first, (lines) => lines.slice(0, -1)), 1);
  assert.equal(await tampered(second, (lines) => lines.slice(0, -2)), 1);
  assert.equal(await tampered(third, (lines) => lines.slice(0, -1)), 0);
  assert.deepEqual((await check()).damages, []);
  const middle = linesOf(folder, second);
  rmSync(join(folder, second));
  assert.match((await check()).damages[0]?.what ?? '', /it follows .*27-1/);
  put(folder, second, middle);
  rmSync(join(folder, first));
  assert.match((await check()).damages[0]?.what ?? '', /26-1\.ndjson, before it, is missing/);
});

test('an end that a crash cut is taken off, and the chain goes on', async () => {
  const { folder, make, check } = open('cut');
  const log = make();
  await log.write(entry(NOON, 1));
  await log.write(entry(NOON, 2));
  await log.close();
  const path = join(folder, '2026-11-26-1.ndjson');
  const whole = readFileSync(path);
  writeFileSync(path, Buffer.concat([whole, Buffer.from('{"at":"2026-11')]));
  assert.deepEqual(await check(), { files: 1, entries: 2, damages: [] });
  const again = make();
  await again.write(entry(NOON, 3));
  await again.close();
  assert.deepEqual(await check(), { files: 1, entries: 3, damages: [] });
});

test('retention removes the days that are over, of all members, and nothing else', async () => {
  const folder = join(scratch, 'kept');
  mkdirSync(folder);
  const day = (back: number): string => dayOf(NOON - back * DAY_MS);
  const old = [`${day(KEPT_DAYS + 1)}-1.ndjson`, `${day(KEPT_DAYS + 400)}-2.ndjson`];
  const kept = [
    `${day(KEPT_DAYS)}-1.ndjson`,
    `${day(0)}-1.ndjson`,
    '1.lock',
    '2020-01-01.ndjson',
    '2020-01-01-x.ndjson',
  ];
  for (const name of [...old, ...kept]) writeFileSync(join(folder, name), '');
  await prune(folder, NOON);
  assert.deepEqual(readdirSync(folder).sort(), kept.sort());
});

test('the first file left may follow a day that is over', async () => {
  const { folder, now, make, check } = open('over');
  const log = make();
  await log.write(entry(now.ms, 1));
  now.ms += DAY_MS;
  await log.write(entry(now.ms, 1));
  now.ms += KEPT_DAYS * DAY_MS;
  await prune(folder, now.ms);
  await log.close();
  assert.deepEqual(files(folder), ['2026-11-27-1.ndjson']);
  assert.deepEqual((await check()).damages, []);
});

test('a disk that is full refuses what waits, and takes what comes when it is not', async () => {
  const { folder, make, errors, check } = open('full');
  mkdirSync(folder);
  const path = join(folder, '2026-11-26-1.ndjson');
  symlinkSync('/dev/full', path);
  const log = make();
  const refused = await Promise.allSettled([1, 2, 3].map((n) => log.write(entry(NOON, n))));
  assert.deepEqual(
    refused.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  assert.match(String(errors[0]), /ENOSPC/);
  rmSync(path);
  await log.write(entry(NOON, 4));
  await log.close();
  assert.deepEqual(await check(), { files: 1, entries: 1, damages: [] });
});

test('pages of a case go back through all files, newest first, each entry once', async () => {
  const { folder, now, make } = open('pages');
  const logs = [make(), make()];
  const expected: string[] = [];
  for (let day = 0; day < 3; day += 1) {
    for (let n = 0; n < 20; n += 1) {
      now.ms = NOON + day * DAY_MS + n * 1000;
      // some bear the same time
      const one = { ...entry(now.ms - (n % 3 === 0 ? 0 : 1000), 1, 2), request: `${day}/${n}` };
      expected.push(one.request);
      await logs[n % 2]?.write(one);
      await logs[0]?.write(entry(now.ms, 2));
    }
  }
  await Promise.all(logs.map((log) => log.close()));
  const seen: string[] = [];
  let before: string | null = '9999';
  while (before !== null) {
    const wish = { caseId: idOf(1), before, since: '', limit: 7, gone: () => false };
    const page = await find(folder, now.ms, wish);
    assert.ok(page.entries.length >= 7 || page.next === null);
    const times = page.entries.map(({ at }) => at);
    assert.deepEqual(times, [...times].sort().reverse());
    seen.push(...page.entries.map(({ request }) => request));
    before = page.next;
  }
  assert.deepEqual(seen.sort(), expected.sort());
  const late = await find(folder, now.ms, {
    caseId: idOf(1),
    before: '9999',
    since: '2026-11-28',
    limit: 100,
    gone: () => false,
  });
  assert.equal(late.entries.length, 20);
});
