import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileOf, lock, openToRead, openToWrite } from '#api/index/file.ts';
import { VERSION } from '#api/index/tables.ts';

/** Two versions of the index's tables in one data folder: each writes its own file, and leaves the other's. */
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'index-versions-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('the file of another version stays as it is for a week after it was written last', () => {
  const other = fileOf(folder, VERSION + 1);
  writeFileSync(other, 'of the next version');
  openToWrite(folder).close();
  assert.ok(existsSync(other));
  openToRead(folder)?.close();
  const long = Date.now() / 1_000 - 8 * 86_400;
  utimesSync(other, long, long);
  // Still written, by its journal.
  writeFileSync(`${other}-wal`, 'lately');
  openToWrite(folder).close();
  assert.ok(existsSync(other));
  utimesSync(`${other}-wal`, long, long);
  openToWrite(folder).close();
  assert.deepEqual([existsSync(other), existsSync(`${other}-wal`), existsSync(fileOf(folder))], [false, false, true]);
});

test('who writes one version keeps nobody from writing the other', () => {
  const held = lock(folder);
  assert.ok(held);
  assert.equal(lock(folder), undefined);
  const other = lock(folder, VERSION + 1);
  assert.ok(other);
  for (const one of [held, other]) one.close();
});
