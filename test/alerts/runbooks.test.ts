import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectFolder } from '#ops/place.ts';
import { PROMETHEUS, pages, queriesOf, RUNBOOKS, rules, tool } from './alerts.ts';

const SECTIONS = [
  'Ce que cela veut dire',
  'Qui est touché',
  'Comment en voir plus',
  'Que faire',
  'Comment savoir que c’est fini',
];
const read = (page: string): string => readFileSync(join(RUNBOOKS, `${page}.md`), 'utf8');
const names = [...new Set(rules().map(({ alert }) => alert))].sort();
const FENCE = /^```(.*)\n([\s\S]*?)^```$/gm;

/** What a person reads: no code, no address, no template. */
const prose = (text: string): string =>
  text.replace(FENCE, '').replace(/`[^`\n]*`|\{\{.*?\}\}|\]\([^)]*\)|^\|[-|]+$/gm, 'x');

/** Where French typography is broken: a plain space or none where one that does not break belongs, a straight apostrophe. */
const broken = (text: string): string[] =>
  prose(text).match(/.{0,20}(?: [;:!?»%]|[\p{L}\d)][;!?»%]|« |\p{L}'\p{L}).{0,10}/gu) ?? [];

describe('ops/runbooks', () => {
  it('has a page for each alert, and no other', () => {
    deepEqual(pages(), names);
    const list = read('README');
    for (const name of names) ok(list.includes(`| [${name}](${name}.md) | `), name);
    equal(list.match(/^\| \[/gm)?.length, names.length);
  });

  for (const name of names) {
    const page = read(name);

    it(`${name} answers the five questions`, () => {
      match(page, new RegExp(`^# ${name}\u00a0: .+\n`));
      const parts = page.split(/^## /m).slice(1);
      deepEqual(
        parts.map((part) => part.split('\n')[0]),
        SECTIONS,
      );
      for (const part of parts) ok(part.split('\n').slice(1).join('').trim().length > 40, part);
      const [, , more, act, over] = parts;
      for (const part of [more, act, over]) match(part ?? '', /^```sh/m, 'commands');
      ok(over?.includes(`ALERTS{alertname="${name}"}`));
    });

    it(`${name} names commands, options, pages and files that there are`, () => {
      const blocks = [...page.matchAll(FENCE)];
      equal(page.match(/^ *```/gm)?.length, blocks.length * 2, 'fences begin at the start of a line');
      for (const [, info] of blocks) match(info ?? '', /^sh(?: drill)?$/);
      for (const [, command, words] of page.matchAll(/\.\/hub ([a-z]+)([^`\n|;]*)/g)) {
        const help = join(projectFolder, 'ops/help', `${command}.txt`);
        ok(existsSync(help), `./hub ${command}`);
        const known = readFileSync(help, 'utf8');
        for (const [option] of (words ?? '').matchAll(/--[a-z]+/g))
          ok(known.includes(option), `./hub ${command} ${option}`);
      }
      for (const [, target] of page.matchAll(/\]\(([^)#]+)\)/g))
        ok(existsSync(join(RUNBOOKS, target as string)), target);
      for (const [, target] of page.matchAll(/`(docs\/[^`]+)`/g))
        ok(existsSync(join(projectFolder, target as string)), target);
    });

    it(`${name} is in French, set as French is`, () => {
      deepEqual(broken(page), []);
      match(prose(page), /\b(?:est|sont|ne|les|des)\b/);
    });
  }
});

describe('commands of runbooks', () => {
  it('are what a shell reads', () => {
    for (const name of names)
      for (const [, , input] of read(name).matchAll(FENCE)) {
        const { status, stderr } = spawnSync('bash', ['-n'], { input, encoding: 'utf8' });
        equal(status, 0, `${name}: ${stderr}`);
      }
  });

  it('ask Prometheus what it understands', () => {
    const folder = mkdtempSync(join(tmpdir(), 'relais-queries-'));
    const queries = names.flatMap((name) => queriesOf(name));
    ok(queries.length > 2 * names.length);
    const lines = queries.map((query, at) => `  - { record: 'asked:${at}', expr: '${query.replaceAll("'", "''")}' }\n`);
    try {
      const file = join(folder, 'queries.yml');
      writeFileSync(file, `groups:\n- name: asked\n  rules:\n${lines.join('')}`);
      const { code, text } = tool('promtool', 'check', 'rules', file);
      equal(code, 0, text);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('what people read of an alert', () => {
  it('is in French, set as French is', () => {
    for (const { alert, annotations } of rules()) {
      const { summary = '', impact = '' } = annotations;
      deepEqual([...broken(summary), ...broken(impact)], [], alert);
      match(impact, /(?:^| )(?:le|la|les|un|une|des|aucun|du|de|ce)\b/i, alert);
      match(impact, /\.$/, alert);
    }
  });

  it('is in French in e-mails', () => {
    deepEqual(broken(readFileSync(join(PROMETHEUS, 'courriel.tmpl'), 'utf8').replace(/<[^>]*>/g, ' x ')), []);
  });
});
