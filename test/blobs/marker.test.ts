import assert from 'node:assert/strict';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Folder } from './folder.ts';

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

  it('says when it is gone', async () => {
    await rm(folder.blobs, { recursive: true });
    assert.equal((await folder.store.check()).length, 1);
  });
});
