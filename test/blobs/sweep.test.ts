import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { open, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { hourOf, minuteOf, type Place, placeOf } from '#api/blobs/names.ts';
import { PACK_MS } from '#api/blobs/pack.ts';
import { SUSPICION_MS, SWEPT_AGE_MS, Sweeper, type Swept } from '#api/blobs/sweep.ts';
import type { Claimed, Deposited } from '#engine/client/claims.ts';
import { Folder } from './folder.ts';

const bytes = (size: number, fill: number): Buffer => Buffer.alloc(size, fill);
const LARGE = 400_000;
const MINUTE_MS = 60_000;

describe('the sweep of uploads that no command named', () => {
  let folder: Folder;
  let [named, queued, turn, looks]: [Set<string>, Set<string>, number, number] = [new Set(), new Set(), 1, 0];
  const look = async (_partition: number, _blobs: readonly Deposited[]): Promise<Claimed> => {
    looks += 1;
    return { turn, named, queued };
  };
  beforeEach(async () => {
    [named, queued, turn, looks] = [new Set(), new Set(), 1, 0];
    folder = await Folder.make();
  });
  afterEach(() => folder.drop());

  /** Files were written at the time of the test's clock. */
  async function age(): Promise<void> {
    for (const path of await folder.files()) {
      const seconds = folder.now / 1000;
      await utimes(join(folder.blobs, path), seconds, seconds);
    }
  }
  const sweep = (with_ = look): Promise<Swept> =>
    new Sweeper({ folder: folder.blobs, store: folder.store, look: with_, clock: () => folder.now }).sweep();
  /** A small blob, one in a file of its own, and another small one; then a day goes by. */
  async function deposit(): Promise<[first: string, large: string, last: string]> {
    const names = [
      await folder.put(bytes(2_000, 1)),
      await folder.put(bytes(LARGE, 2)),
      await folder.put(bytes(3_000, 3)),
    ] as [string, string, string];
    await age();
    folder.now += SWEPT_AGE_MS + 2 * PACK_MS;
    return names;
  }
  const there = async (...names: string[]): Promise<boolean[]> =>
    Promise.all(names.map(async (name) => (await folder.get(name)) !== undefined));
  const marked = async (name: string): Promise<boolean> => {
    const { minute } = placeOf(name) as Place;
    return (await readdir(join(folder.blobs, hourOf(minute)))).includes('swept');
  };

  it('erases what nobody names, keeps what a record names, and looks at that hour no more', async () => {
    const [first, large, last] = await deposit();
    named = new Set([last]);
    deepEqual(await sweep(), { erased: 2, unreadable: 0 });
    deepEqual(await there(first, large, last), [false, false, true]);
    ok(await marked(last));
    named = new Set();
    deepEqual(await sweep(), { erased: 0, unreadable: 0 });
    deepEqual(await there(last), [true]);
  });

  it('leaves alone what is younger than a day, by its name or by its file', async () => {
    const names = await deposit();
    folder.now -= 3 * PACK_MS;
    equal((await sweep()).erased, 0);
    folder.now += 3 * PACK_MS;
    for (const path of await folder.files()) await utimes(join(folder.blobs, path), new Date(), folder.now / 1000);
    equal((await sweep()).erased, 0);
    deepEqual(await there(...names), [true, true, true]);
    equal(await marked(names[0]), false);
  });

  it('keeps what a message names that is not decided, and comes back to it', async () => {
    const [first, large, last] = await deposit();
    queued = new Set([first, large, last]);
    equal((await sweep()).erased, 0);
    equal(await marked(first), false);
    [queued, named] = [new Set(), new Set([first, large, last])];
    equal((await sweep()).erased, 0);
    ok(await marked(first));
    deepEqual(await there(first, large, last), [true, true, true]);
  });

  it('erases only after a second look: what came back meanwhile stays', async () => {
    const names = await deposit();
    let asked = 0;
    const second = async (_partition: number, blobs: readonly Deposited[]): Promise<Claimed> => {
      asked += blobs.length > 0 ? 1 : 0;
      return { turn, named: asked > 1 ? new Set(names) : new Set(), queued };
    };
    equal((await sweep(second)).erased, 0);
    equal(asked, 2);
    deepEqual(await there(...names), [true, true, true]);
  });

  it('erases nothing for a long time where Redis went back', async () => {
    await sweep();
    const names = await deposit();
    turn = 0;
    equal((await sweep()).erased, 0);
    turn = 9;
    equal((await sweep()).erased, 0);
    equal(await marked(names[0]), false);
    folder.now += SUSPICION_MS + MINUTE_MS;
    equal((await sweep()).erased, 3);
  });

  it('takes no damaged piece for an unwanted one, nor what lies behind it', async () => {
    const [first, , last] = await deposit();
    const { pack, minute } = placeOf(first) as Extract<Place, { kind: 'piece' }>;
    const path = join(folder.blobs, hourOf(minute), pack);
    // one bit of the id in the first header
    const file = await open(path, 'r+');
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, 12);
    await file.write(Buffer.of((byte[0] as number) ^ 4), 0, 1, 12);
    await file.close();
    await age();
    folder.now += SWEPT_AGE_MS + minuteOf(2 * MINUTE_MS) * MINUTE_MS;
    const { erased, unreadable } = await sweep();
    equal(erased, 1);
    ok(unreadable > 5_000);
    deepEqual(await there(first, last), [true, true]);
  });

  it('goes on over pieces that were erased before', async () => {
    const [first, large, last] = await deposit();
    await folder.store.remove([first]);
    await age();
    folder.now += SWEPT_AGE_MS + 2 * PACK_MS;
    named = new Set([large]);
    deepEqual(await sweep(), { erased: 1, unreadable: 0 });
    deepEqual(await there(first, large, last), [false, true, false]);
  });

  it('is broken off when a partition does not answer, and erases nothing', async () => {
    const names = await deposit();
    await rejects(
      sweep(() => Promise.reject(new Error('busy'))),
      /busy/,
    );
    equal(looks, 0);
    deepEqual(await there(...names), [true, true, true]);
  });
});
