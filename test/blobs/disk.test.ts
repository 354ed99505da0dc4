import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { PACKED_BYTES } from '#api/blobs/disk.ts';
import { placeOf } from '#api/blobs/names.ts';
import { PACK_BYTES, PACK_MS } from '#api/blobs/pack.ts';
import type { Facts } from '#api/blobs/store.ts';
import type { Chunks } from '#api/server/types.ts';
import { chunksOf } from '../transport/request.ts';
import { attachment, Folder, sha256, yes } from './folder.ts';

const KB = 1024;
const bytesOf = (size: number, seed = 1): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, n) => (n * 31 + seed * 7 + (n >> 8)) & 255));

describe('the blob store on disk', () => {
  let folder: Folder;
  beforeEach(async () => {
    folder = await Folder.make();
  });
  afterEach(() => folder.drop());

  it('gives back what was written, of every size around its limits, also to another process', async () => {
    const sizes = [0, 1, 1023, 1025, 20_000, PACKED_BYTES - 1, PACKED_BYTES, PACKED_BYTES + 1, 3_000_000];
    const written = new Map<string, Buffer>();
    for (const size of sizes) {
      const bytes = bytesOf(size, size);
      const third = Math.ceil(size / 3);
      const name = await folder.put(
        bytes.subarray(0, third),
        bytes.subarray(third, 2 * third),
        bytes.subarray(2 * third),
      );
      written.set(name, bytes);
    }
    await folder.reopen();
    for (const [name, bytes] of written)
      assert.equal((await folder.get(name))?.equals(bytes), true, `${bytes.length} bytes`);
    const kinds = [...written.keys()].map((name) => placeOf(name)?.kind);
    assert.deepEqual(
      kinds,
      sizes.map((size) => (size <= PACKED_BYTES ? 'piece' : 'file')),
    );
    assert.equal(folder.budget.used, 0);
  });

  it('says what the bytes are before they are kept', async () => {
    const seen: Facts[] = [];
    const keep = (facts: Facts): boolean => {
      seen.push(facts);
      return true;
    };
    for (const size of [20_000, 700_000]) {
      const bytes = bytesOf(size);
      const parts = chunksOf([bytes.subarray(0, 600), bytes.subarray(600)]);
      await folder.store.write(attachment(folder.now), parts, size, keep);
      assert.equal(seen.at(-1)?.bytes, size);
      assert.equal(seen.at(-1)?.sha256, sha256(bytes));
      assert.deepEqual(Buffer.from(seen.at(-1)?.head ?? []), bytes.subarray(0, 1024));
    }
  });

  it('leaves nothing of what is refused, too long, or broken off', async () => {
    const big = bytesOf(700_000);
    const no = () => false;
    assert.equal(await folder.store.write(attachment(1), chunksOf([bytesOf(10)]), 10, no), undefined);
    assert.equal(await folder.store.write(attachment(1), chunksOf([big]), big.length, no), undefined);
    let facts: Facts | undefined;
    const keep = (found: Facts): boolean => {
      facts = found;
      return false;
    };
    assert.equal(await folder.store.write(attachment(1), chunksOf([big, big, big, big]), 800_000, keep), undefined);
    assert.equal((facts?.bytes ?? 0) > 800_000, true);
    for (const first of [bytesOf(10), big]) {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield first;
        throw new Error('the client left');
      }
      await assert.rejects(folder.store.write(attachment(1), chunksOf(broken()), 1e6, yes), /the client left/);
      const failing = () => Promise.reject(new Error('the scanner is away'));
      await assert.rejects(folder.store.write(attachment(1), chunksOf([first]), 1e6, failing), /the scanner is away/);
    }
    assert.deepEqual(await folder.files(), []);
    assert.equal(folder.budget.used, 0);
  });

  it('puts blobs that come together into one file, and each where its name says', async () => {
    const contents = Array.from({ length: 300 }, (_, n) => bytesOf(100 + n, n));
    const names = await Promise.all(contents.map((bytes) => folder.put(bytes)));
    assert.equal(new Set(names).size, names.length);
    assert.equal((await folder.files()).length, 1);
    for (const [n, name] of names.entries())
      assert.equal((await folder.get(name))?.equals(contents[n] as Buffer), true);
  });

  it('begins another pack after a minute, after enough bytes, and after a start', async () => {
    await folder.put(bytesOf(10));
    await folder.put(bytesOf(10));
    assert.equal((await folder.files()).length, 1);
    folder.now += PACK_MS;
    await folder.put(bytesOf(10));
    assert.equal((await folder.files()).length, 2);
    await folder.reopen();
    const blob = bytesOf(PACKED_BYTES);
    for (let size = 0; size <= PACK_BYTES; size += blob.length) await folder.put(blob);
    assert.equal((await folder.files()).length, 4);
    assert.match((await folder.files())[0] ?? '', /^2026-11-23T18\/p/);
  });

  it('finds nothing by names it never gave, wherever they point', async () => {
    await writeFile(join(folder.root, 'secret'), 'secret');
    const names = [
      '',
      '../secret',
      'p1-1',
      'p../../secret.0.6',
      'pzzzzzzzz-1.0.1',
      'f../../../secret',
      'hub.id',
      'f1-1./../../../etc/passwd',
    ];
    for (const name of names) assert.equal(await folder.store.find(name), undefined, name);
    await folder.store.remove(names);
    assert.equal(await readFile(join(folder.root, 'secret'), 'utf8'), 'secret');
    const name = await folder.put(bytesOf(100));
    assert.equal(await folder.store.find(`${name.slice(0, -2)}1k`), undefined, 'another length');
    assert.equal(await folder.store.find(name.replace('.0.', '.1.')), undefined, 'another place');
  });

  it('gives parts of a blob', async () => {
    for (const size of [20_000, 700_000]) {
      const bytes = bytesOf(size);
      const stored = await folder.store.find(await folder.put(bytes));
      const parts: Buffer[] = [];
      for await (const chunk of stored?.read({ from: 600, length: 5000 }) ?? []) parts.push(Buffer.from(chunk));
      assert.equal(Buffer.concat(parts).equals(bytes.subarray(600, 5600)), true);
    }
  });

  it('takes what comes faster than it writes at once, in its place', async () => {
    const parts = Array.from({ length: 40 }, (_, n) => bytesOf(64 * KB, n));
    const give: { source?: Chunks } = {};
    const source = chunksOf(
      (async function* () {
        for (const [n, part] of parts.entries()) {
          // every third chunk finds no room to wait
          if (n % 3 === 2 && give.source?.overflow) give.source.overflow(part);
          else yield part;
        }
      })(),
    );
    give.source = source;
    const name = await folder.store.write(attachment(folder.now), source, 1e9, yes);
    assert.equal((await folder.get(name ?? ''))?.equals(Buffer.concat(parts)), true);
    assert.equal(source.overflow, undefined);
  });

  it('refuses to begin while uploads in flight are too many', async () => {
    folder.budget.take(folder.budget.limit);
    await assert.rejects(folder.put(bytesOf(1)), { status: 503 });
    folder.budget.give(folder.budget.limit);
    assert.equal(typeof (await folder.put(bytesOf(1))), 'string');
  });
});
