import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Exposition } from '#ops/console/exposition.ts';
import { matching, slowestFirst } from '#ops/console/recipients.ts';
import { alarmsOf } from '#ops/console/top/alarms.ts';
import { figuresOf } from '#ops/console/top/figures.ts';
import { paint } from '#ops/console/top/paint.ts';
import { report, screen, type View } from '#ops/console/top/screen.ts';
import { figures, looks, RECIPIENTS } from './figures.ts';

const VIEW: View = {
  columns: 80,
  rows: 24,
  table: 0,
  sort: undefined,
  reversed: false,
  from: 0,
  paused: false,
  everySeconds: 2,
};

const shown = (view: Partial<View> = {}, of = figures()): string[] =>
  screen(of, { ...VIEW, ...view }).map((line) => paint(line, view.columns ?? VIEW.columns, false));

const names = (of: ReturnType<typeof figures>): string[] => alarmsOf(of).map(({ name }) => name);

describe('the screen of ./hub top', () => {
  it('fits its terminal, whatever its size and whatever is wrong', () => {
    const wrong = figures({
      processes: Array.from({ length: 30 }, (_, index) => ({
        url: `http://10.0.0.${index}:8080`,
        error: 'no answer in 2 s',
      })),
    });
    for (const [columns, rows] of [
      [80, 24],
      [120, 40],
      [40, 12],
      [250, 100],
    ] as const)
      for (const seen of [figures(), wrong])
        for (const table of [0, 1, 2, 3]) {
          const lines = shown({ columns, rows, table }, seen);
          equal(lines.length, rows);
          ok(
            lines.every((line) => [...line].length <= columns),
            lines.join('\n'),
          );
        }
  });

  it('says what flows, what waits and who owns what', () => {
    const text = shown().join('\n');
    match(text, /2026-11-26 03:04:09 UTC {2}2\/2 processes answer {2}every 2 s/);
    match(text, /deposits 10\/s {2}requests 500\/s {2}p95 50 ms {2}errors 0\/s {2}in flight 3/);
    match(text, /waiting 12 \(0\.4 s\)/);
    match(text, /redis 10\.0\.0\.1:6379 {2}1\.2 GB of 8\.0 GB {2}aof 3\.0 GB ok/);
    match(text, /disk {2}60 GB of 100 GB free \(60 %\)/);
    match(text, /no alert/);
    match(text, /machine-a:1 {2}live +33 +0 /);
    match(text, /machine-b:2 {2}live +32 +12 /);
  });

  it('lists the silent first, then those that have waited longest; sorts, reverses and scrolls', () => {
    const rows = (view: Partial<View>): string[] =>
      shown({ table: 1, columns: 120, ...view }).filter((line) => line.startsWith('Commune'));
    match(rows({})[0] ?? '', /n° 3 .*silent +3 .*\?/);
    match(rows({})[1] ?? '', /n° 38/);
    match(shown({ table: 1 }).join('\n'), /\[recipients \(21 slow or silent\)\]/);
    match(shown({ table: 1, columns: 120 }).join('\n'), /\d+ more below/);
    match(rows({ sort: 2 })[0] ?? '', /n° 38/);
    match(rows({ sort: 2, reversed: true })[0] ?? '', /n° 0/);
    match(rows({ from: 3 })[0] ?? '', /n° 34/);
  });

  it('cuts a line with an ellipsis, and colours no more than it shows', () => {
    equal(paint(['abc', ['bad', 'defgh'], 'ij'], 6, false), 'abcde…');
    equal(paint(['abc', ['bad', 'defgh'], 'ij'], 6, true), 'abc\x1b[1;31mde…\x1b[0m');
    equal(paint(['abc', ['bad', 'de']], 5, false), 'abcde');
    equal(paint(['a\x1b[2Jb'], 9, false), 'a?[2Jb', 'what comes from outside moves no cursor');
  });

  it('takes no restart, and no process that answers again, for traffic', () => {
    const [before, now] = looks();
    const silent = { ...before, answers: new Map(), metrics: new Exposition([]) };
    equal(figuresOf(now, silent, RECIPIENTS).rates.deposits, undefined);
    const twice = new Map([...now.answers, ['http://10.0.0.3:8080', [...now.answers.values()][0] ?? []]]);
    equal(figuresOf({ ...now, answers: twice }, before, RECIPIENTS).rates.deposits, 10);
  });

  it('prints the whole once, without a limit', () => {
    const lines = report(figures()).map((line) => paint(line, 200, true));
    equal(lines.filter((line) => /^Commune/.test(line)).length, 21);
    equal(lines.filter((line) => /^ *\d+ {2}machine-/.test(line)).length, 65);
  });
});

describe('recipients', () => {
  it('are found by SIREN, SIRET, key or words of their name, whatever their accents', () => {
    const found = (wanted: string): string[] => matching(RECIPIENTS.rows, wanted).map(({ key }) => key);
    const key = 'SI-21770001000003-773';
    deepEqual(found('21770001000003'), [key]);
    deepEqual(found('217 700 010 00003'), [key]);
    deepEqual(found(key), [key]);
    equal(found('217700010').length, 40);
    deepEqual(found('ETIENNE 39'), ['SI-21770001000039-7739']);
    deepEqual(found('nobody'), []);
    deepEqual(
      slowestFirst(RECIPIENTS.rows)
        .slice(0, 2)
        .map(({ name }) => name.slice(-2)),
      [' 3', '38'],
    );
  });
});

describe('the alerts of ./hub top', () => {
  it('are none for a hub that is well', () => {
    deepEqual(names(figures()), []);
  });

  it('name what is wrong, page first', () => {
    const [server] = figures().servers;
    const view = figures();
    const partitions = { now: view.at, members: [], partitions: [...view.partitions], away: [] as number[] };
    const with_ = (change: object) => ({
      ...partitions,
      partitions: view.partitions.map((one, index) => (index === 9 ? { ...one, ...change } : one)),
    });
    const members = [
      { name: 'machine-a:1', silentMs: 1 },
      { name: 'machine-b:2', silentMs: 1 },
    ];
    const cases: [Parameters<typeof figures>, string[]][] = [
      [[{ processes: [] }], ['ScrapeMissing']],
      [[{ partitions: undefined, redisError: 'connect ECONNREFUSED', servers: [] }], ['RedisAof']],
      [[{ partitions: { ...with_({ owner: '' }), members } }], ['PartitionWithoutOwner']],
      [[{ redisError: 'the server of 22 partitions does not answer' }], ['RedisAof']],
      [[{ partitions: { ...with_({ backlog: 9, oldestMs: 60_000 }), members } }], ['BacklogOld']],
      [[{ partitions: { ...with_({ dead: 1, parked: 1 }), members } }], ['DeadLetters', 'DeadLetters']],
      [
        [{ partitions: { ...partitions, members: [{ name: 'machine-a:1', silentMs: 60_000 }, ...members.slice(1)] } }],
        ['LeaseFlapping'],
      ],
      [[{ servers: [{ ...(server as NonNullable<typeof server>), aofOk: false }] }], ['RedisAof']],
      [[{ servers: [{ ...(server as NonNullable<typeof server>), usedMemory: 7e9 }] }], ['RedisMemory']],
      [[{ disk: { free: 1, size: 100 } }], ['DiskFull']],
      [[{}, (n) => `engine_lanes_stuck ${n}`], ['LaneStuck']],
      [[{}, (n) => `relais_http_request_seconds_count{status="503"} ${n}`], ['ApiErrorsBurn']],
      [[{}, (n) => `relais_clock_skew_seconds ${-3 * n}`], ['ClockSkew']],
      [[{}, (n) => `webhook_calls_total{outcome="timeout"} ${n}`], ['WebhooksPaused']],
      [[{}, () => 'nodejs_eventloop_lag_p99_seconds 1.5'], ['EventLoopBlocked']],
    ];
    for (const [change, expected] of cases) deepEqual(names(figures(...change)), expected);
    match(shown({}, figures({ processes: [] })).join('\n'), /!! ScrapeMissing no process of this hub is known/);
  });
});
