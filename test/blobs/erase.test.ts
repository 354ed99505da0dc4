import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type Gone, readJournal } from '#api/blobs/erase.ts';
import { PACK_MS } from '#api/blobs/pack.ts';
import { Folder } from './folder.ts';

const SIZE = 200_000;
const COUNT = 40;
const SECRET = 'Mme Fictive';
const content = (n: number): Buffer => Buffer.alloc(SIZE, `${SECRET} ${n} `);

describe('erasing', () => {
  let folder: Folder;
  let names: string[];
  const pack = async (): Promise<string> =>
    join(folder.blobs, (await folder.files()).find((file) => !file.includes('.')) ?? 'none');
  const sealed = (): void => {
    folder.now += 20 * PACK_MS;
  };
  beforeEach(async () => {
    folder = await Folder.make();
    names = await Promise.all(Array.from({ length: COUNT }, (_, n) => folder.put(content(n))));
  });
  afterEach(() => folder.drop());

  it('overwrites a piece at once, and leaves its neighbours', async () => {
    await folder.store.remove([names[1] as string]);
    assert.equal(await folder.get(names[1] as string), undefined);
    assert.equal((await readFile(await pack())).includes(`${SECRET} 1 `), false);
    for (const n of [0, 2]) assert.equal((await folder.get(names[n] as string))?.equals(content(n)), true);
    const next = await folder.put(Buffer.from('next'));
    assert.equal((await folder.get(next))?.toString(), 'next', 'the pack goes on');
  });

  it('removes a pack with its last piece, though some were named twice', async () => {
    sealed();
    await folder.store.remove(names.slice(0, 20));
    await folder.store.remove([...names.slice(10, 30), ...names.slice(10, 30)]);
    assert.equal((await folder.get(names[30] as string))?.equals(content(30)), true);
    await folder.store.remove(names.slice(30));
    assert.deepEqual(await folder.files(), []);
    await folder.store.remove(names);
    assert.deepEqual(await folder.files(), [], 'again, without effect');
  });

  it('takes nothing for gone that a flipped bit, or a line cut short, would name', async () => {
    await folder.store.remove(names.slice(0, 3));
    const path = await pack();
    const journal = `${path}.gone`;
    const sound = await readFile(journal);
    const gone = await readJournal(path);
    assert.equal(gone.length, 3);
    const isGone = ({ offset, length }: Gone): boolean =>
      gone.some((piece) => piece.offset === offset && length <= piece.length);
    for (let bit = 0; bit < sound.length * 8; bit += 1) {
      const wrong = Buffer.from(sound);
      wrong.writeUInt8(wrong.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      await writeFile(journal, wrong);
      assert.ok((await readJournal(path)).every(isGone), `bit ${bit}`);
    }
    for (let bytes = sound.length - 1; bytes > sound.length - 30; bytes -= 1) {
      await writeFile(journal, Buffer.concat([sound.subarray(0, bytes), sound]));
      assert.ok((await readJournal(path)).every(isGone), `cut after ${bytes} bytes`);
      assert.equal((await readJournal(path)).length, 3, 'what comes behind it is there');
    }
    await writeFile(journal, '56 200\n');
    assert.deepEqual(await readJournal(path), [{ offset: 56, length: 200 }], 'of before there were checksums');
  });

  it('gives the space of a pack mostly gone back to the disk', async () => {
    sealed();
    const before = await stat(await pack());
    await folder.store.remove(names.slice(0, COUNT - 2));
    const after = await stat(await pack());
    assert.equal(after.size, before.size);
    assert.equal(after.blocks * 512 < 4 * SIZE, true, `${after.blocks} blocks are still taken`);
    for (const n of [COUNT - 2, COUNT - 1])
      assert.equal((await folder.get(names[n] as string))?.equals(content(n)), true);
    assert.equal((await readFile(await pack())).includes(`${SECRET} 0 `), false);
    await folder.store.remove(names.slice(COUNT - 2));
    assert.deepEqual(await folder.files(), []);
  });

  it('brings nothing back when several erase at once', async () => {
    sealed();
    const victims = names.filter((_, n) => n % 8 !== 0);
    await Promise.all(victims.map((name) => folder.store.remove([name])));
    for (const name of victims) assert.equal(await folder.get(name), undefined);
    const rest = await readFile(await pack());
    for (const n of names.keys()) assert.equal(rest.includes(`${SECRET} ${n} `), n % 8 === 0, `piece ${n}`);
    for (const n of [0, 8, 16]) assert.equal((await folder.get(names[n] as string))?.equals(content(n)), true);
    assert.equal(
      (await folder.files()).some((file) => file.endsWith('.copy')),
      false,
    );
  });

  it('deletes a file of its own', async () => {
    const name = await folder.put(Buffer.alloc(600_000, 'x'));
    const files = (await folder.files()).length;
    await folder.store.remove([name, name]);
    assert.equal(await folder.get(name), undefined);
    assert.equal((await folder.files()).length, files - 1);
  });
});
