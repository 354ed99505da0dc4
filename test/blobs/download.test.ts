import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Deliveries, rangeOf } from '#api/blobs/download.ts';
import type { Reply } from '#api/server/types.ts';
import { Fixture, route } from '../transport/fixture.ts';
import { fakeRequest } from '../transport/request.ts';
import { Folder, sha256 } from './folder.ts';

async function collect(reply: Reply | undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of reply?.bytes?.read() ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe('downloads', () => {
  let folder: Folder;
  const ask = (name: string, digest: string, range = '') =>
    new Deliveries(folder.store).reply(fakeRequest({ headers: { range } }), name, digest);
  beforeEach(async () => {
    folder = await Folder.make();
  });
  afterEach(() => folder.drop());

  it('give the bytes unchanged, with their digest', async () => {
    for (const size of [20_000, 900_000]) {
      const bytes = Buffer.alloc(size, 'pièce jointe ');
      const reply = await ask(await folder.put(bytes), sha256(bytes));
      assert.equal(reply?.status, 200);
      assert.equal(reply?.headers?.['digest'], sha256(bytes));
      assert.equal(reply?.bytes?.length, size);
      assert.equal((await collect(reply)).equals(bytes), true);
    }
    assert.equal(await ask('p1-1.0.5', ''), undefined);
  });

  it('give one range', async () => {
    const bytes = Buffer.from('0123456789');
    const name = await folder.put(bytes);
    const table: [string, string, string | undefined][] = [
      ['bytes=2-4', '234', 'bytes 2-4/10'],
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=-3', '789', 'bytes 7-9/10'],
      ['bytes=-30', '0123456789', 'bytes 0-9/10'],
      ['bytes=8-100', '89', 'bytes 8-9/10'],
      ['bytes=0-0', '0', 'bytes 0-0/10'],
      ['bytes=4-2', '0123456789', undefined],
      ['bytes=0-1,3-4', '0123456789', undefined],
      ['lines=0-1', '0123456789', undefined],
      ['bytes=-', '0123456789', undefined],
    ];
    for (const [range, text, header] of table) {
      const reply = await ask(name, sha256(bytes), range);
      assert.equal(reply?.status, header === undefined ? 200 : 206, range);
      assert.equal(reply?.headers?.['Content-Range'], header, range);
      assert.equal((await collect(reply)).toString(), text, range);
    }
    for (const range of ['bytes=10-', 'bytes=10-12', 'bytes=-0']) {
      const reply = await ask(name, sha256(bytes), range);
      assert.equal(reply?.status, 416);
      assert.equal(reply?.headers?.['Content-Range'], 'bytes */10');
    }
    assert.deepEqual(rangeOf('bytes=0-', 5), { from: 0, length: 5 });
  });

  it('never complete a file that is not the one received', async () => {
    for (const size of [20_000, 900_000]) {
      const bytes = Buffer.alloc(size, 'x');
      const name = await folder.put(bytes);
      const [path] = (await folder.files()).filter((file) => name.startsWith(file.split('/').at(-1) as string));
      const handle = await open(join(folder.blobs, path as string), 'r+');
      await handle.write('y', size - 10);
      await handle.close();
      const deliveries = new Deliveries(folder.store);
      const handler = async () => (await deliveries.reply(fakeRequest(), name, sha256(bytes))) ?? { status: 404 };
      const fixture = await Fixture.start([route({ method: 'GET', path: '/', handler })]);
      const complete = await fetch(`http://127.0.0.1:${fixture.port}/`)
        .then(
          async (response) => response.status === 200 && (await response.arrayBuffer()).byteLength === size,
          () => false,
        )
        .catch(() => false);
      assert.equal(complete, false);
      assert.match(fixture.faults[0] ?? '', /its digest has changed/);
      await fixture.server.close();
    }
  });
});
