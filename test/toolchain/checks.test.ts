import { deepEqual, equal, match } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { verdict } from '#ops/checks/audit.ts';
import { isAllowed, licenceFaults } from '#ops/checks/licences.ts';

describe('licences', () => {
  it('are those that put no condition on our own code', () => {
    for (const good of ['MIT', 'Apache-2.0', '(MIT AND Zlib)', 'MIT OR GPL-3.0-only', '(GPL-2.0-only OR MIT)']) {
      equal(isAllowed(good), true, good);
    }
    for (const bad of [
      'GPL-3.0-only',
      'AGPL-3.0',
      'MIT AND GPL-3.0-only',
      'SSPL-1.0',
      'UNLICENSED',
      '',
      'SEE LICENSE IN x',
    ]) {
      equal(isAllowed(bad), false, bad);
    }
  });

  it('of fonts may be the fonts’ own, of nothing else', () => {
    const license = 'MIT AND OFL-1.1';
    const packages = { 'node_modules/@expo-google-fonts/a': { license }, 'node_modules/b': { license } };
    deepEqual(
      licenceFaults({ packages }, () => undefined).map((fault) => fault.slice(0, 14)),
      ['node_modules/b'],
    );
  });

  it('must be known, in the lock or where it is installed; builds for other platforms have their package’s', () => {
    const faults = licenceFaults(
      {
        packages: {
          '': {},
          'node_modules/a': { license: 'MIT' },
          'node_modules/b': { license: 'GPL-3.0-only' },
          'node_modules/c': {},
          'node_modules/d': {},
          'node_modules/e': { optional: true, os: ['darwin'] },
          'node_modules/f': { optional: true },
        },
      },
      (path) => (path === 'node_modules/c' ? 'ISC' : undefined),
    );
    deepEqual(
      faults.map((fault) => fault.slice(13, 14)),
      ['b', 'd', 'f'],
    );
  });
});

describe('vulnerabilities', () => {
  const report = (counts: Record<string, number>, names: string[]) =>
    JSON.stringify({
      metadata: { vulnerabilities: counts },
      vulnerabilities: Object.fromEntries(names.map((name) => [name, {}])),
    });

  it('of high severity fail, lower ones are said', () => {
    equal(verdict(report({ high: 1 }, ['left-pad'])).failed, true);
    equal(verdict(report({ critical: 1, high: 0 }, ['left-pad'])).failed, true);
    match(verdict(report({ high: 1 }, ['left-pad'])).says, /left-pad/);
    equal(verdict(report({ moderate: 3, high: 0 }, ['a'])).failed, false);
    equal(verdict(report({ high: 0 }, [])).says, 'none known');
  });

  it('are not claimed absent when the registry does not answer', () => {
    for (const output of ['', 'npm error', '{"message":"405 Method Not Allowed"}', '{"error":{"code":"ENOTFOUND"}}']) {
      deepEqual(verdict(output), {
        failed: false,
        says: 'NOT CHECKED: the registry did not answer. Known vulnerabilities were not looked for',
      });
    }
  });
});
