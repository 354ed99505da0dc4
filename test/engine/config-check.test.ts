import { deepEqual, throws } from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigError, VARIABLES } from '#engine/config.ts';
import { checkEnvironment } from '#engine/config-check.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais-check-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'file');
writeFileSync(file, '');

const saidOf = (env: Record<string, string>): string[] => {
  const said: string[] = [];
  checkEnvironment(env, (line) => said.push(line));
  return said;
};

describe('the environment of a process', () => {
  const wrong: [env: Record<string, string>, words: RegExp][] = [
    [{ HUB_JOURNAL_MO: '100' }, /HUB_JOURNAL_MO is no variable of the hub: is HUB_JOURNAL_MB meant\?/],
    [{ HUB_DURABLITY: 'fsync' }, /is HUB_DURABILITY meant/],
    [{ HUB_POTR: '80' }, /is HUB_PORT meant/],
    [{ HUB_ADMIN_CLIENT_SECRET: 'x' }, /without HUB_ADMIN_CLIENT_ID/],
    [{ HUB_REPLICAS: '2' }, /HUB_REPLICAS promises nothing without HUB_DURABILITY=replicated/],
    [{ HUB_BLOBS: file }, /HUB_BLOBS: .* is a file, not a folder/],
  ];
  for (const [env, words] of wrong)
    it(`is refused with ${Object.keys(env)}`, () =>
      throws(
        () => saidOf(env),
        (error) => error instanceof ConfigError && words.test(error.message),
      ));

  it('is told of names that nobody reads', () => {
    deepEqual(saidOf({ HUB_SOMETHING_ELSE: 'x', OTHER: 'y' }), [
      'HUB_SOMETHING_ELSE is no variable of the hub, and is not read (README.md, Configuration)',
    ]);
  });

  it('is taken with all variables there are', () => {
    const all = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, 'x']));
    deepEqual(saidOf({ ...all, HUB_DURABILITY: 'replicated', HUB_BLOBS: join(folder, 'later') }), []);
  });

  it('is refused with a folder that cannot be written to', {
    skip: process.getuid?.() === 0 && 'root writes everywhere',
  }, () => {
    chmodSync(folder, 0o500);
    try {
      throws(() => saidOf({ HUB_BLOBS: folder }), /cannot be written to by user/);
    } finally {
      chmodSync(folder, 0o700);
    }
  });
});
