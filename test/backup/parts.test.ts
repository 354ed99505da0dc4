import { deepEqual, equal, rejects, throws } from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import {
  keyName,
  MANIFEST,
  type Manifest,
  PARTS,
  type Part,
  readManifest,
  WrongBackup,
  writeManifest,
} from '#ops/backup/manifest.ts';
import { damages } from '#ops/backup/restore.ts';
import { openKey, passphraseIn, sealKey } from '#ops/backup/seal.ts';
import { mustBeEmpty, NotEmpty } from '#ops/backup/target.ts';
import { nameOf, type Source, Tree } from '#ops/backup/tree.ts';

const root = mkdtempSync(join(tmpdir(), 'relais-parts-'));
after(() => rmSync(root, { recursive: true }));
let [number, folder, from]: [number, string, string] = [0, '', ''];
beforeEach(() => {
  number += 1;
  [folder, from] = [join(root, `to-${number}`), join(root, `from-${number}`)];
  for (const one of [folder, from]) mkdirSync(one);
});
const KEY = Buffer.alloc(32, 7);
const manifest = (entries: Manifest['entries'], format: Manifest['format'] = 2): Manifest => ({
  format,
  at: '2026-11-26T00:00:00.000Z',
  key: keyName(KEY),
  cluster: false,
  journals: true,
  entries,
});
const source = (): Source => ({
  part: 'blobs',
  folder: from,
  wanted: (path) => !path.endsWith('.copy'),
  grows: (path) => !path.endsWith('.gone'),
});

describe('a folder copied twice while it is written to', () => {
  const put = (path: string, text: string) => writeFileSync(join(from, path), text);
  const copied = (path: string) => readFileSync(join(folder, 'blobs', path), 'utf8');

  it('keeps what was overwritten, gets what was added, and leaves what was erased', async () => {
    put('p1', 'wanted');
    put('gone', 'erased');
    put('p1.gone', 'one');
    put('x.copy', 'no');
    const tree = new Tree(source(), folder, undefined);
    await tree.copy();
    put('p1', '000000 and more');
    rmSync(join(from, 'gone'));
    appendFileSync(join(from, 'p1.gone'), 'two');
    put('p2', 'new');
    await tree.copy();
    deepEqual(['p1', 'gone', 'p1.gone', 'p2'].map(copied), ['wanted and more', 'erased', 'one', 'new']);
    deepEqual(
      tree
        .entries()
        .map(({ path }) => path)
        .sort(),
      ['gone', 'p1', 'p1.gone', 'p2'],
    );
    deepEqual(await damages(folder, tree.entries()), []);
  });

  it('links what the backup before has, and never writes into it', async () => {
    put('same', 'same');
    put('grows', 'begun');
    const first = new Tree(source(), folder, undefined);
    await first.copy();
    const before = { folder, entries: new Map(first.entries().map((entry) => [nameOf(entry), entry])) };
    const next = join(root, `next-${number}`);
    const second = new Tree(source(), next, before);
    await second.copy();
    equal(second.written, 0);
    appendFileSync(join(from, 'grows'), ' and ended');
    await second.copy();
    equal(statSync(join(next, 'blobs/same')).ino, statSync(join(folder, 'blobs/same')).ino);
    deepEqual([copied('grows'), readFileSync(join(next, 'blobs/grows'), 'utf8')], ['begun', 'begun and ended']);
    deepEqual(await damages(next, second.entries()), []);
    deepEqual(await damages(folder, first.entries()), []);
  });

  it('tells a file that was cut, changed or taken away', async () => {
    for (const name of ['a', 'b', 'c']) put(name, 'text');
    const tree = new Tree(source(), folder, undefined);
    await tree.copy();
    writeFileSync(join(folder, 'blobs/a'), 'tex');
    writeFileSync(join(folder, 'blobs/b'), 'tent');
    rmSync(join(folder, 'blobs/c'));
    deepEqual((await damages(folder, tree.entries())).sort(), [
      'blobs/a has 3 bytes, not 4',
      'blobs/b has another content',
      'blobs/c: ENOENT',
    ]);
  });
});

describe('the list of a backup', () => {
  const entry = { part: 'blobs', path: 'a', bytes: 1, sha256: 'x', changed: '1' } as const;

  it('is read as it was written', async () => {
    await writeManifest(folder, manifest([entry]), KEY);
    deepEqual(await readManifest(folder, KEY), manifest([entry]));
  });

  it('is read as the version before wrote it, and refused as one to come writes it', async () => {
    await writeManifest(folder, manifest([entry], 1), KEY);
    deepEqual(await readManifest(folder, KEY), manifest([entry], 1));
    await writeManifest(from, manifest([entry], 3 as never), KEY);
    await rejects(readManifest(from, KEY), /none of formats 1, 2: restore it with the version that made it/);
  });

  it('is refused with another key, a changed line, or a path out of it', async () => {
    await writeManifest(folder, manifest([entry]), KEY);
    await rejects(readManifest(folder, Buffer.alloc(32, 8)), /another master key/);
    const path = join(folder, MANIFEST);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"bytes":1', '"bytes":2'));
    await rejects(readManifest(folder, KEY), /was changed since it was written/);
    await writeManifest(from, manifest([{ ...entry, path: '../a' }]), KEY);
    await rejects(readManifest(from, KEY), /names files outside/);
  });
});

describe('where a backup is put back', () => {
  const target = (...kept: Part[]) => ({
    data: from,
    blobs: join(from, 'blobs'),
    redisUrl: '',
    kept: new Set(kept),
  });

  it('is a folder of a hub that lost its Redis, when all that survived is named', async () => {
    for (const name of ['journal', 'blobs', 'access', 'index', 'audit', 'processes']) {
      mkdirSync(join(from, name));
      writeFileSync(join(from, name, 'something'), '');
    }
    for (const name of ['master.key', 'backup.json', 'blobs.seen']) writeFileSync(join(from, name), '');
    await mustBeEmpty(target('journal', 'blobs', 'access', 'jobs'), PARTS);
    await rejects(
      mustBeEmpty(target('journal', 'blobs'), PARTS),
      (error: Error) => error instanceof NotEmpty && /access/.test(error.message) && /index/.test(error.message),
    );
  });
});

describe('the master key in a backup', () => {
  it('opens with its passphrase, and no other', () => {
    sealKey(folder, KEY, 'six words that nobody else would choose');
    deepEqual(openKey(folder, 'six words that nobody else would choose'), KEY);
    throws(() => openKey(folder, 'six words that somebody else would choose'), WrongBackup);
    equal(readFileSync(join(folder, 'master.key.sealed'), 'utf8').includes(KEY.toString('base64url')), false);
  });

  it('is not closed by a short one', () => {
    writeFileSync(join(folder, 'short'), 'secret\n');
    throws(() => passphraseIn(join(folder, 'short')), /must have 20 characters/);
    throws(() => passphraseIn(join(folder, 'none')), /there is no such file/);
  });
});
