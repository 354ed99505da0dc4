import assert from 'node:assert/strict';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { chunksOf } from '../transport/request.ts';
import { attachment, Folder, MemoryRegistry, yes } from './folder.ts';

describe('the folder of a hub', () => {
  let folder: Folder;
  beforeEach(async () => {
    folder = await Folder.make();
  });
  afterEach(() => folder.drop());

  it('is marked when new, and ready', async () => {
    assert.deepEqual(await folder.store.check(), []);
    const marker = await readFile(join(folder.blobs, 'hub.id'), 'utf8');
    assert.doesNotMatch(marker, new RegExp(Buffer.alloc(32, 7).toString('hex')), 'the key cannot be read from it');
    await folder.reopen();
    assert.deepEqual(await folder.store.check(), []);
  });

  it("is another hub's under another key", async () => {
    await folder.reopen(Buffer.alloc(32, 8));
    assert.deepEqual(await folder.store.check(), ['the blob folder belongs to another hub']);
  });

  it('is not taken for new when it was seen before: a share that is not mounted', async () => {
    await rename(folder.blobs, join(folder.root, 'unmounted'));
    await mkdir(folder.blobs);
    await folder.reopen();
    assert.match((await folder.store.check())[0] ?? '', /is it mounted/);
    await rm(folder.blobs, { recursive: true });
    await rename(join(folder.root, 'unmounted'), folder.blobs);
    assert.deepEqual(await folder.store.check(), []);
  });

  it('is not marked when it holds something else', async () => {
    const other = await Folder.make();
    await other.drop();
    await mkdir(other.blobs, { recursive: true });
    await writeFile(join(other.blobs, 'thesis.odt'), 'x');
    await other.reopen();
    assert.match((await other.store.check())[0] ?? '', /bears no hub.id/);
    await other.drop();
  });

  it('is not claimed when the hub has one already: it is neither written to, nor searched, nor said to be erased', async () => {
    const name = await folder.put(Buffer.from('bytes'));
    const other = await Folder.make(folder.registry);
    assert.match((await other.store.check())[0] ?? '', /not the one this hub keeps its files in/);
    await assert.rejects(other.store.find(name), { status: 503 });
    await assert.rejects(other.store.write(attachment(0), chunksOf([Buffer.from('x')]), 1, yes), { status: 503 });
    await assert.rejects(other.store.remove([name]), /not the one this hub keeps its files in/);
    assert.deepEqual((await folder.get(name))?.toString(), 'bytes');
    await other.drop();
  });

  it('is not the one of the hub when another was marked first', async () => {
    const registry = new MemoryRegistry();
    const first = await Folder.make(registry);
    const known = registry.name;
    registry.name = undefined;
    const second = await Folder.make(registry);
    registry.name = known;
    await second.reopen();
    assert.deepEqual(await first.store.check(), []);
    assert.match((await second.store.check())[0] ?? '', /give every process the same HUB_BLOBS/);
    await first.drop();
    await second.drop();
  });

  it('goes on when it was marked before folders had names, and becomes the one of the hub', async () => {
    const marker = join(folder.blobs, 'hub.id');
    const old = (await readFile(marker, 'utf8')).split('.')[0] as string;
    await writeFile(marker, `${old}\n`);
    folder.registry.name = undefined;
    await folder.reopen();
    assert.deepEqual(await folder.store.check(), []);
    assert.equal(folder.registry.name, old);
    const other = await Folder.make(folder.registry);
    assert.equal((await other.store.check()).length, 1);
    await other.drop();
  });

  it('says when it is gone', async () => {
    await rm(folder.blobs, { recursive: true });
    assert.equal((await folder.store.check()).length, 1);
  });
});
