import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { projectFolder } from '#ops/place.ts';

/** Lines and columns of the terminal that help must fit. */
const screen = { lines: 24, columns: 120 };

/** What a fresh login shell or cron gives: none of this test's own environment. */
const bare = { HOME: process.env['HOME'] ?? '/', PATH: '/usr/local/bin:/usr/bin:/bin' };

const scratch = mkdtempSync(join(tmpdir(), 'relais hub '));
after(() => rmSync(scratch, { recursive: true }));

function hub(args: string[], options: { cwd?: string; env?: Record<string, string>; path?: string } = {}) {
  const { cwd = projectFolder, env = bare, path = join(projectFolder, 'hub') } = options;
  return spawnSync(path, args, { cwd, env, encoding: 'utf8' });
}

describe('./hub', () => {
  it('shows its help on one screen, with or without the word', () => {
    for (const args of [[], ['help'], ['--help'], ['-h']]) {
      const { status, stdout } = hub(args);
      equal(status, 0);
      const lines = stdout.trimEnd().split('\n');
      ok(lines.length <= screen.lines && lines.every((line) => line.length <= screen.columns), stdout);
      match(stdout, /HUB_REDIS_URL/);
    }
  });

  it('names each command on that screen, and has a text of options and a file for each', () => {
    const named = (folder: string, suffix: string): string[] =>
      readdirSync(join(projectFolder, folder)).map((name) => name.slice(0, -suffix.length));
    const told = named('ops/help', '.txt').sort();
    ok(told.length >= 7);
    deepEqual([...named('ops/commands', '.ts'), 'exec'].sort(), told);
    const shown = hub(['help']).stdout;
    deepEqual([...shown.matchAll(/ {2}([a-z]+) {2,}(?=\S)/g)].map(([, name]) => name).sort(), told);
    for (const name of told) {
      const { status, stdout } = hub(['help', name]);
      equal(status, 0);
      ok(stdout.startsWith(`./hub ${name}`), stdout);
      ok(
        stdout.split('\n').every((line) => line.length <= screen.columns),
        stdout,
      );
      equal(hub([name, '--help']).stdout, stdout);
    }
  });

  it('answers an unknown word with a hint and a non-zero exit', () => {
    const { status, stdout, stderr } = hub(['strat']);
    equal(status, 2);
    equal(stdout, '');
    match(stderr, /unknown command « strat ».*help.*start/);
  });

  it('runs a command with the project’s Node, from another folder and an empty environment', () => {
    const { status, stdout } = hub(['exec', 'node', '-p', 'process.versions.node + " " + process.cwd()'], {
      cwd: tmpdir(),
    });
    equal(status, 0);
    match(stdout, /^22\.\d+\.\d+ /);
    ok(stdout.trim().endsWith(tmpdir()), stdout);
  });

  it('gives the command’s exit code and keeps its arguments whole', () => {
    const { status, stdout } = hub(['exec', 'node', '-e', 'console.log(process.argv[1]); process.exit(7)', 'a b  $c']);
    equal(status, 7);
    equal(stdout, 'a b  $c\n');
  });

  it('refuses exec without a command', () => {
    equal(hub(['exec']).status, 1);
  });

  it('works from a path with spaces', () => {
    const copy = join(scratch, 'a copy');
    mkdirSync(copy);
    for (const name of ['hub', 'package.json', 'package-lock.json', '.npmrc'])
      cpSync(join(projectFolder, name), join(copy, name));
    for (const name of ['ops', 'node_modules', '.hub']) symlinkSync(join(projectFolder, name), join(copy, name));
    const { status, stdout } = hub(['exec', 'node', '-p', '1'], { path: join(copy, 'hub'), cwd: scratch });
    deepEqual([status, stdout], [0, '1\n']);
  });

  it('costs less than a second once the machine is ready', () => {
    // The best of a few: the machine may be busy with something else.
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      equal(hub(['exec', 'true']).status, 0);
      return performance.now() - start;
    });
    ok(Math.min(...times) < 1_000, times.join(' '));
  });
});

describe('./hub test and bench', () => {
  it('name what there is when asked for what there is not', () => {
    const tests = hub(['test', 'nothing']);
    equal(tests.status, 2);
    match(tests.stderr, /no tests in test\/nothing.*toolchain/);
    const bench = hub(['bench', 'nothing']);
    equal(bench.status, 2);
    match(bench.stderr, /no benchmark « nothing »/);
    const list = hub(['bench']).stdout.trimEnd().split('\n');
    ok(list.length > 3 && list.every((line) => /^\w+ +[A-Z][^*]+[.:]/.test(line)), list.join('\n'));
    const sim = hub(['sim', '--bogus']);
    equal(sim.status, 2);
    match(sim.stderr, /^hub: Unknown option '--bogus'.*\n$/);
  });
});

describe('commands that take long', () => {
  const refusals: [string[], RegExp][] = [
    [['bench', 'year', '--bogus'], /year: no option « --bogus »\. There is: --cases=N /],
    [['sim', '--seeds=many'], /^hub: --seeds=many is no whole number from 1\n$/],
    [['sim', '--seeds=0'], /^hub: --seeds=0 is no whole number from 1\n$/],
    [['sim', '--seed=x'], /^hub: --seed=x is no whole number from 0\n$/],
    [['sim', '--only=rain'], /^hub: no fault rain\. There is: lose drop .*\n$/],
    [['sim', '--mutation=rain'], /^hub: no mutation « rain »\. There is: .*\n$/],
    [['sim', '--mutations=rain'], /^hub: no mutation « rain »\. There is: .*\n$/],
    [['sim', '--mutations', '--seeds=3'], /^hub: --mutations goes alone, without --seeds=3\n$/],
    [['chaos', '--bogus'], /^hub: .*--bogus.*There is: --minutes=… .*\n$/],
    [['drill', 'DiskFull', '--bogus'], /^hub: \.\/hub drill DiskFull --bogus: no such drill\..*\n$/],
    [['drill', 'DiskFull', 'report'], /^hub: \.\/hub drill DiskFull report: no such drill\..*\n$/],
    [['drill', 'quiet', '--bogus'], /^hub: .*--bogus.*There is: --minutes=… .*\n$/],
    [['setup', '--bogus'], /^hub: Unknown option '--bogus'\. There is: none\n$/],
    [['upgrade', 'rehearse', '--bogus'], /^hub: Unknown option '--bogus'.*There is: --rounds=… .*\n$/],
    [['upgrade', 'rehearse', '--rounds=x'], /^hub: .*--rounds=x is no number from 1\. There is: .*\n$/],
    [['test', 'toolchain', '--bogus'], /^hub: \.\/hub test takes one name, and « --bogus » is too much\n$/],
  ];
  for (const [words, said] of refusals)
    it(`refuse what they do not know before they start: ${words.join(' ')}`, () => {
      const { status, stdout, stderr } = hub(words);
      deepEqual([status, stdout], [2, '']);
      match(stderr, said);
    });

  it('tell what a benchmark takes, and do not run it', () => {
    const { status, stdout, stderr } = hub(['bench', 'year', '--help']);
    deepEqual([status, stderr], [0, '']);
    match(stdout, /^A year: [\s\S]*--contract=N[\s\S]*--engines=N/);
  });
});

describe('./hub setup without Redis', () => {
  it('names the server of HUB_REDIS_URL instead of looking for one', () => {
    const { status, stdout } = hub(['setup'], { env: { ...bare, HUB_REDIS_URL: 'redis://192.0.2.1:6380' } });
    equal(status, 0);
    match(stdout, /HUB_REDIS_URL/);
  });
});
