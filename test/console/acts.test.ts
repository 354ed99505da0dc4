import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import {
  appendFileSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { actsKey, actsOf, audited, type Outcome, verifyActs, writtenAfter } from '#ops/console/acts.ts';
import { command } from './command.ts';

const scratch = mkdtempSync(join(tmpdir(), 'relais acts '));
after(() => rmSync(scratch, { recursive: true }));

const KEY = Buffer.alloc(32, 7);
let folders = 0;
const folder = (): string => {
  folders += 1;
  return join(scratch, String(folders));
};
const fileOf = (data: string): string => join(data, 'audit/operations.jsonl');
const done = async (): Promise<Outcome> => ({ state: 'done', note: 'as wished' });
const verdict = (data: string) => verifyActs(data, actsKey(KEY));

describe('the log of what operators do', () => {
  it('says who asked for what before it is done, and how it ended', async () => {
    const data = folder();
    let before = 0;
    await audited(data, KEY, { what: 'dead replay', on: '5-1' }, async () => {
      before = actsOf(data).length;
      return await done();
    });
    await audited(data, KEY, { what: 'dead replay', on: '5-2' }, async () => ({ state: 'refused', note: 'no letter' }));
    const fails = audited(data, KEY, { what: 'partitions release', on: '5' }, () => Promise.reject(new Error('away')));
    await rejects(fails, /away/);
    equal(before, 1);
    const acts = actsOf(data);
    deepEqual(
      acts.map(({ what, on, state, note }) => [what, on, state, note]),
      [
        ['dead replay', '5-1', 'asked', undefined],
        ['dead replay', '5-1', 'done', 'as wished'],
        ['dead replay', '5-2', 'asked', undefined],
        ['dead replay', '5-2', 'refused', 'no letter'],
        ['partitions release', '5', 'asked', undefined],
        ['partitions release', '5', 'failed', 'away'],
      ],
    );
    ok(acts.every(({ user, host, at }) => user !== '' && host !== '' && Date.parse(at) > 0));
    equal(new Set(acts.map(({ act }) => act)).size, 3);
    equal(statSync(fileOf(data)).mode & 0o777, 0o600);
    deepEqual(verdict(data), { acts: 6, damaged: 0 });
  });

  it('finds a line that was changed, removed, put in or moved', async () => {
    const data = folder();
    for (const on of ['1', '2', '3']) await audited(data, KEY, { what: 'dead discard', on }, done);
    const lines = readFileSync(fileOf(data), 'utf8').trimEnd().split('\n');
    const [first, second] = lines as [string, string];
    const wrong: [string[], number][] = [
      [[first.replace('"on":"1"', '"on":"9"'), ...lines.slice(1)], 1],
      [[first, ...lines.slice(2)], 2],
      [[first, first, ...lines.slice(1)], 2],
      [[second, first, ...lines.slice(2)], 1],
      [lines.slice(1), 1],
    ];
    for (const [changed, line] of wrong) {
      writeFileSync(fileOf(data), `${changed.join('\n')}\n`);
      equal(verdict(data).damaged, line);
    }
    writeFileSync(fileOf(data), `${lines.join('\n')}\n`);
    equal(verdict(data).damaged, 0);
    equal(verifyActs(data, actsKey(Buffer.alloc(32, 8))).damaged, 1);
  });

  it('goes on behind a line that a crash cut', async () => {
    const data = folder();
    await audited(data, KEY, { what: 'dead park', on: '1-x' }, done);
    appendFileSync(fileOf(data), '{"at":"2026-1');
    equal(verdict(data).acts, 2);
    await audited(data, KEY, { what: 'dead unpark', on: '1-x' }, done);
    deepEqual(verdict(data), { acts: 4, damaged: 0 });
  });

  it('takes lines of several commands at once, each whole and in its place', async () => {
    const data = folder();
    const env = { HUB_MASTER_KEY: KEY.toString('hex'), HUB_REDIS_URL: 'redis://127.0.0.1:1' };
    // it fails, for there is no such server, and that is written down
    const words = ['--slots=1', '--to=127.0.0.1:2', `--data=${data}`];
    const runs = await Promise.all([1, 2, 3].map(() => command('move', words, env)));
    for (const { status, said } of runs) equal(status, 1, said);
    deepEqual(verdict(data), { acts: 6, damaged: 0 });
    const shown = await command('acts', [`--data=${data}`]);
    match(shown.said, /3 acts/);
    equal(shown.out.match(/move 1 slots \(1\) to 127\.0\.0\.1:2\tfailed: /g)?.length, 3, shown.out);
    const right = await command('acts', ['--verify', `--data=${data}`], env);
    deepEqual([right.status, right.said], [0, 'hub: 6 lines, all as they were written\n']);
    writeFileSync(fileOf(data), readFileSync(fileOf(data), 'utf8').replace('127.0.0.1:2', '127.0.0.1:3'));
    const wrong = await command('acts', ['--verify', `--data=${data}`], env);
    equal(wrong.status, 1);
    match(wrong.said, /line 1, or one before it/);
  });

  it('does nothing that cannot be written down', async () => {
    const data = folder();
    writeFileSync(data, 'a file where a folder should be');
    let ran = false;
    const act = audited(data, KEY, { what: 'dead discard', on: '1-1' }, async () => {
      ran = true;
      return await done();
    });
    await rejects(act, /EEXIST|ENOTDIR/);
    equal(ran, false);
  });

  it('does what counts more than its line, and tells that there is none', async () => {
    const data = folder();
    writeFileSync(data, 'a file where a folder should be');
    const told: string[] = [];
    const act = audited(data, KEY, { what: 'backup', on: 'there' }, done, ({ message }) => told.push(message));
    deepEqual(await act, { state: 'done', note: 'as wished' });
    equal(told.length, 2);
    for (const one of told) match(one, /EEXIST|ENOTDIR/);
    const fails = () => Promise.reject(new Error('away'));
    await rejects(
      audited(data, KEY, { what: 'backup', on: 'there' }, fails, () => undefined),
      /away/,
    );
  });

  it('takes an act that is over, from when it began', async () => {
    const data = folder();
    await audited(data, KEY, { what: 'backup', on: 'there' }, done);
    const began = new Date(Date.now() - 60_000);
    writtenAfter(data, KEY, { what: 'restore', on: 'there', state: 'done', note: 'all of it' }, began);
    const [asked, ended] = actsOf(data).slice(-2);
    deepEqual([asked?.at, asked?.state, asked?.act === ended?.act], [began.toISOString(), 'asked', true]);
    deepEqual([ended?.state, ended?.note], ['done', 'all of it']);
    ok(Date.parse(ended?.at as string) > began.getTime());
    deepEqual(verdict(data), { acts: 4, damaged: 0 });
  });

  it('stays the hub’s own when root writes', {
    skip: process.getuid?.() !== 0 && 'only root gives files away',
  }, async () => {
    const data = folder();
    const [uid, gid] = [61_001, 61_002];
    mkdirSync(data);
    chownSync(data, uid, gid);
    await audited(data, KEY, { what: 'dead park', on: '1-x' }, done);
    const written = ['', ...readdirSync(join(data, 'audit'))].map((name) => statSync(join(data, 'audit', name)));
    ok(written.length >= 3);
    for (const one of written) deepEqual([one.uid, one.gid], [uid, gid]);
  });
});
