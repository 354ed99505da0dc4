import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { VARIABLES } from '#engine/config.ts';
import { executable } from '#ops/debian.ts';
import { projectFolder } from '#ops/place.ts';

const folder = join(projectFolder, 'ops/systemd');
const units = readdirSync(folder).filter((name) => name.endsWith('.service'));
/** Of 10; docs/exploitation.md states what it is. */
const MOST_EXPOSED = 2;

const analyze = executable('systemd-analyze');
const absent = 'NOT CHECKED: systemd-analyze is not on this machine (Debian package systemd)';

describe('the systemd units', () => {
  const root = mkdtempSync(join(tmpdir(), 'relais-systemd-'));
  before(() => {
    const system = join(root, 'etc/systemd/system');
    mkdirSync(system, { recursive: true });
    cpSync(folder, system, { recursive: true });
  });
  after(() => rmSync(root, { recursive: true }));

  /** A unit with the drop-in of all of them, as systemd reads both. */
  const exposure = (unit: string): number => {
    const words = ['security', '--no-pager', '--offline=yes', `--root=${root}`, unit];
    const said = execFileSync(analyze as string, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return Number(/Overall exposure level for \S+: ([\d.]+)/.exec(said)?.[1]);
  };

  for (const unit of units) {
    it(`leave ${unit} little to do wrong, as the guide says`, { skip: analyze === undefined && absent }, () => {
      const found = exposure(unit);
      ok(found <= MOST_EXPOSED, `${unit} is exposed at ${found}`);
      const guide = readFileSync(join(projectFolder, 'docs/exploitation.md'), 'utf8');
      match(guide, new RegExp(`\\*\\*${found.toFixed(1).replace('.', ',')}\\*\\*`), `the guide does not say ${found}`);
    });
  }

  it('have no word systemd does not know', { skip: analyze === undefined && absent }, () => {
    const { stderr } = spawnSync(
      analyze as string,
      ['verify', `--root=${root}`, ...units.map((unit) => unit.replace('@.', '@1.'))],
      {
        encoding: 'utf8',
      },
    );
    deepEqual(
      stderr.split('\n').filter((line) => /unknown|invalid|failed to parse|ignoring/i.test(line)),
      [],
    );
  });

  it('let engines see each other, or they would share a journal', () => {
    const common = readFileSync(join(folder, 'relais-.service.d/10-hardening.conf'), 'utf8');
    for (const unit of ['relais-engine@.service', 'relais-api.service', 'relais-backup.service']) {
      const text = readFileSync(join(folder, unit), 'utf8') + common;
      ok(!/^PrivateUsers=yes$/m.test(text) || !/^ProtectProc=/m.test(text), unit);
    }
  });

  it('give each process a port and a data folder it may have', () => {
    const start = (unit: string): string =>
      /^ExecStart=(.*)$/m.exec(readFileSync(join(folder, unit), 'utf8'))?.[1] ?? '';
    // HUB_PORT of the file that they share is the API's.
    match(start('relais-engine@.service'), / --port=809%i$/);
    for (const unit of ['relais-api.service', 'relais-engine@.service', 'relais-portal.service']) {
      const [, data] = / --data=\/var\/lib\/([\w-]+)/.exec(start(unit)) ?? [];
      match(readFileSync(join(folder, unit), 'utf8'), new RegExp(`^StateDirectory=${data}$`, 'm'), unit);
    }
  });

  it('start words the product has', () => {
    for (const unit of units.filter((name) => name !== 'relais-redis.service')) {
      const [, word] = /^ExecStart=\/opt\/relais\/hub (\w+)/m.exec(readFileSync(join(folder, unit), 'utf8')) ?? [];
      ok(word !== undefined && readdirSync(join(projectFolder, 'ops/help')).includes(`${word}.txt`), unit);
    }
  });
});

describe('the examples of settings', () => {
  const examples = join(projectFolder, 'ops/examples');
  for (const file of readdirSync(examples)) {
    it(`of ${file} name variables of the hub`, () => {
      const names = [...readFileSync(join(examples, file), 'utf8').matchAll(/^(\w+)=/gm)].map(
        ([, name]) => name as string,
      );
      ok(names.length > 0);
      deepEqual(
        names.filter((name) => !(name in VARIABLES)),
        [],
      );
      equal(new Set(names).size, names.length);
    });
  }
});
