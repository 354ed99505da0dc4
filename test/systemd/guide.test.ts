import { deepEqual, equal, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { VARIABLES } from '#engine/config.ts';
import { projectFolder } from '#ops/place.ts';

/** What operators copy from the guides and runbooks: words that the product, its units and its metrics have. */
const read = (path: string): string => readFileSync(join(projectFolder, path), 'utf8');
const RUNBOOKS = 'ops/runbooks';
const GUIDES = ['README.md', 'docs/exploitation.md', 'docs/upgrade.md', 'docs/sizing.md', 'docs/durability.md'];
const pages = [...GUIDES, ...globSync(`${RUNBOOKS}/*.md`, { cwd: projectFolder })].sort();

const FENCE = /^```sh.*\n([\s\S]*?)^```$/gm;
const blocksOf = (page: string): string[] => [...read(page).matchAll(FENCE)].map(([, text]) => text as string);
/** Lines that go on are one. */
const joined = (text: string): string => text.replaceAll('\\\n', ' ');

const units = readdirSync(join(projectFolder, 'ops/systemd')).filter((name) =>
  /\.(?:service|timer|target)$/.test(name),
);
/** `relais-engine@2`, `relais-api`, `relais-*`: as systemctl reads them. */
const isUnit = (word: string): boolean => {
  const name = word.replace(/@[0-9*]+/, '@');
  const names = name.includes('.') ? [name] : [`${name}.service`];
  if (name.endsWith('*')) return units.some((unit) => unit.startsWith(name.slice(0, -1)));
  return names.some((one) => units.includes(one));
};

/** Commands whose first word is one of theirs, and no name. */
const WORDED = new Set(['dead', 'partitions', 'upgrade']);

/** Commands whose words are those of what they run. */
const FREE = new Set(['exec', 'bench']);

/** A name that shows how a mistyped one is met. */
const MISTYPED = 'HUB_JOURNAL_MO';
/** Set by the terminal of the guide, or by the page of runbooks that begins them. */
const OF_TERMINAL = new Set(['HUB_DATA', 'SUDO_USER']);
/** Of the tests alone. */
const OF_TESTS = new Set(['HUB_CONTRACT_CLUSTER']);
/** The partner's own, which no operator has. */
const OF_PARTNERS = new Set(['TOKEN_DU_PARTENAIRE']);
const assigned = (text: string): string[] =>
  [...text.matchAll(/(?:^|[\s;(])(?:export )?([A-Z][A-Z_]*)=/gm)].map(([, name]) => name as string);
const started = new Set(blocksOf(`${RUNBOOKS}/README.md`).flatMap(assigned));

/** What Redis, Prometheus or a version before calls so. */
const NOT_OURS = new Set(['aof_delayed_fsync', 'used_memory', 'predict_linear', 'relais_1']);
const METRIC = /`((?:engine|redis|relais|native|webhook|portal|recipients|aof|used|predict)_[a-z0-9_]+)`/g;

describe('commands of guides and runbooks', () => {
  for (const page of pages) {
    const text = read(page);
    const blocks = blocksOf(page);

    it(`of ${page} are what a shell reads`, () => {
      for (const input of blocks) {
        const { status, stderr } = spawnSync('bash', ['-n'], { input, encoding: 'utf8' });
        equal(status, 0, `${stderr}\n${input}`);
      }
    });

    it(`of ${page} have words and options of ./hub`, () => {
      for (const [, command, words] of joined(text).matchAll(/(?:\.|\/opt\/relais)\/hub ([a-z]+)([^`\n|;)]*)/g)) {
        if (command === 'help') continue;
        const help = join(projectFolder, 'ops/help', `${command}.txt`);
        ok(existsSync(help), `./hub ${command}`);
        const known = readFileSync(help, 'utf8');
        if (FREE.has(command as string)) continue;
        const [, word] = /^ ([a-z]+)(?= |$)/.exec(words ?? '') ?? [];
        if (word !== undefined && WORDED.has(command as string))
          ok(new RegExp(`^  ${word}\\b`, 'm').test(known), `./hub ${command} ${word}`);
        for (const [option] of (words ?? '').replace(/ #.*/, '').matchAll(/--[a-z]+/g))
          ok(known.includes(option), `./hub ${command} ${option}`);
      }
    });

    it(`of ${page} name units of ops/systemd`, () => {
      for (const line of joined(blocks.join(''))
        .split('\n')
        .filter((one) => /\b(?:systemctl|journalctl)\b/.test(one)))
        for (const [word] of line
          .replace(/#.*/, '')
          .matchAll(/(?<![\w/.])relais(?:-[\w@*]*)?(?:\.(?:service|timer|target))?/g))
          ok(isUnit(word), `${word} in: ${line}`);
    });

    it(`of ${page} use variables that are set`, () => {
      for (const block of blocks)
        for (const [, name] of block.matchAll(/\$\{?([A-Z][A-Z_]*)/g)) {
          const known = [...assigned(blocks.join('\n')), ...Object.keys(VARIABLES), ...OF_TERMINAL, ...OF_PARTNERS];
          ok(
            known.includes(name as string) || (page.startsWith(RUNBOOKS) && started.has(name as string)),
            `${name} in:\n${block}`,
          );
        }
      const named = [...text.matchAll(/`(HUB_[A-Z_]+)/g)].map(([, name]) => name as string);
      deepEqual(
        named.filter(
          (name) =>
            !(name in VARIABLES) &&
            !OF_TERMINAL.has(name) &&
            !started.has(name) &&
            !OF_TESTS.has(name) &&
            name !== MISTYPED,
        ),
        [],
      );
    });

    it(`of ${page} name files and metrics that there are`, () => {
      for (const [path] of text.matchAll(/(?<![\w/.-])ops\/[\w./@*-]*\w/g))
        ok(globSync(path, { cwd: projectFolder }).length > 0, path);
      const metrics = read('docs/metrics.md');
      for (const [, name] of text.matchAll(METRIC))
        ok(NOT_OURS.has(name as string) || metrics.includes(`\`${name}\``), `${name} is not in docs/metrics.md`);
    });
  }

  it('look in the logs for lines the product writes', () => {
    const sources = globSync('{api,engine,ops}/**/*.ts', { cwd: projectFolder }).map(read).join('\n');
    const asked = pages.flatMap((page) =>
      [...read(page).matchAll(/grep (?:-E )?'?([a-z]+\.[a-z|.]+)'?$/gm)].flatMap(([, names]) =>
        (names as string).split('|'),
      ),
    );
    ok(asked.length > 3, String(asked));
    deepEqual(
      asked.filter((name) => !sources.includes(`'${name}'`)),
      [],
    );
  });

  it('are run in a terminal that the guide and the runbooks open with the same words', () => {
    const opened = (page: string): string[] => blocksOf(page).filter((block) => block.startsWith('systemd-run --pty'));
    deepEqual(opened('docs/exploitation.md'), opened(`${RUNBOOKS}/README.md`));
    equal(opened('docs/exploitation.md').length, 1);
  });

  it('lead from runbooks to parts that the guide has', () => {
    for (const page of pages.filter((one) => one.startsWith(RUNBOOKS)))
      for (const [, anchor] of read(page).matchAll(/docs\/exploitation\.md#([^)]+)\)/g)) {
        const heads = [...read('docs/exploitation.md').matchAll(/^## (.+)$/gm)].map(([, head]) =>
          (head as string)
            .toLowerCase()
            .replace(/[^\p{L}\p{N}\s-]/gu, '')
            .replaceAll(' ', '-'),
        );
        ok(heads.includes(anchor as string), `${basename(page)}: #${anchor}`);
      }
  });
});
