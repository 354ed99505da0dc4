import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { Deliveries } from '#api/blobs/download.ts';
import { Uploads } from '#api/blobs/intake.ts';
import { SLAB_BYTES } from '#api/server/slabs.ts';
import type { Request } from '#api/server/types.ts';
import { attachment, Folder, sha256 } from '../blobs/folder.ts';
import { Fixture, route, settled, until } from './fixture.ts';
import { once, Raw } from './raw.ts';

const MB = 1024 * 1024;
const SLABS = 4;

describe('uploads over HTTP', () => {
  let folder: Folder;
  let fixture: Fixture;
  let last = { blob: '', sha256: '' };
  /** told at each chunk by routes that read by hand */
  let onChunk: (request: Request, chunk: Uint8Array) => void | Promise<void> = () => undefined;
  before(async () => {
    folder = await Folder.make();
    const put = async (request: Request) => {
      const intake = new Uploads(folder.store);
      const announced = { id: attachment(folder.now), size: Number(request.param('size')), mimeType: 'text/xml' };
      const { upload, refusal } = await intake.receive(request, announced);
      last = { blob: upload.blob ?? '', sha256: upload.sha256 ?? '' };
      return refusal === null ? { status: 204 } : { status: 400, json: refusal };
    };
    const get = async (request: Request) =>
      (await new Deliveries(folder.store).reply(request, last.blob, last.sha256)) ?? { status: 404, json: null };
    const byHand = async (request: Request) => {
      let bytes = 0;
      for await (const chunk of request.chunks()) {
        bytes += chunk.byteLength;
        await onChunk(request, chunk);
      }
      return { status: 200, json: bytes };
    };
    const some = async (request: Request) => {
      for await (const _ of request.chunks()) break;
      return { status: 200, json: 'enough' };
    };
    const unread = () => ({ status: 404, json: 'unknown' });
    const stream = { body: 'stream', headers: ['digest'] } as const;
    fixture = await Fixture.start(
      [
        route({ method: 'PUT', path: '/file/{size}', ...stream, handler: put }),
        route({ method: 'GET', path: '/file', headers: ['range'], handler: get }),
        route({ method: 'PUT', path: '/hand', ...stream, handler: byHand }),
        route({ method: 'PUT', path: '/some', ...stream, handler: some }),
        route({ method: 'PUT', path: '/unread', ...stream, handler: unread }),
        route({ method: 'PUT', path: '/closed', ...stream, scopes: ['OSL'], handler: put }),
      ],
      { slabs: SLABS, discardBytes: 2 * MB, streamHighBytes: MB, bodyIdleMs: 5000 },
      64 * MB,
    );
  });
  afterEach(async () => {
    onChunk = () => undefined;
    await until(() => fixture.server.inFlight === 0);
    assert.deepEqual(fixture.server.bytesInFlight, { bodies: 0, uploads: 0 });
    assert.equal(fixture.server.watched, 0);
    assert.deepEqual(fixture.faults, []);
  });
  after(async () => {
    await fixture.server.close();
    await folder.drop();
  });

  it('come back byte for byte, sized or chunked, small or large', async () => {
    for (const size of [0, 1, 20_000, 300_000, 5 * MB]) {
      const bytes = Buffer.alloc(size, `é${size} `);
      const url = `http://127.0.0.1:${fixture.port}`;
      for (const chunked of [false, true]) {
        const body = chunked ? new Blob([bytes]).stream() : bytes;
        const headers = { digest: sha256(bytes) };
        const response = await fetch(`${url}/file/${size}`, {
          method: 'PUT',
          body,
          headers,
          duplex: 'half',
        } as RequestInit);
        assert.equal(response.status, 204, `${size} bytes`);
        const back = await fetch(`${url}/file`);
        assert.equal(back.headers.get('digest'), sha256(bytes));
        assert.equal(Buffer.from(await back.arrayBuffer()).equals(bytes), true, `${size} bytes`);
      }
    }
  });

  it('that break off leave no file, and no memory', async () => {
    const files = await folder.files();
    for (const sent of [10_000, 600_000, 3 * MB]) {
      const raw = await Raw.open(fixture.port);
      await raw.ask(`PUT /file/${10 * MB}`, { 'Content-Length': String(10 * MB) }, Buffer.alloc(sent));
      await until(() => fixture.server.inFlight === 1);
      raw.drop();
      await until(() => fixture.server.inFlight === 0);
      assert.equal(fixture.lines.at(-1)?.['status'], 499);
    }
    assert.deepEqual(await folder.files(), files);
  });

  it('of a wrong size are refused, and leave no file', async () => {
    const files = await folder.files();
    for (const [announced, sent] of [
      [10, 11],
      [11, 10],
      [MB, MB + 1],
      [10, MB],
      [MB, 0],
    ] as const) {
      const answer = await once(
        fixture.port,
        `PUT /file/${announced}`,
        { 'Content-Length': String(sent) },
        Buffer.alloc(sent, 65),
      );
      assert.equal(answer.status, 400);
      assert.equal(answer.body, '"Size does not match with attachment meta-data"');
    }
    assert.deepEqual(await folder.files(), files);
  });

  it('nobody wants are read to a limit, so that the answer is seen', async () => {
    for (const path of ['/unread', '/some', '/closed']) {
      const answer = await once(fixture.port, `PUT ${path}`, {}, Buffer.alloc(MB));
      assert.equal(answer.status, { '/unread': 404, '/some': 200, '/closed': 401 }[path]);
      assert.equal(answer.headers['connection'], undefined);
    }
    const raw = await Raw.open(fixture.port);
    await raw.ask('PUT /unread', { 'Content-Length': String(1000 * MB) });
    for (let sent = 0; sent < 8 && !raw.gone; sent += 1) await raw.send(Buffer.alloc(MB));
    await raw.closed();
  });

  it('that stop coming get 408', async () => {
    const files = await folder.files();
    const raw = await Raw.open(fixture.port);
    await raw.ask(`PUT /file/${10 * MB}`, { 'Content-Length': String(10 * MB) }, Buffer.alloc(600_000));
    await until(() => fixture.server.watched === 1);
    await until(() => fixture.server.bytesInFlight.uploads > 0);
    fixture.pass(5000);
    assert.equal((await raw.answer())?.phrase, 'Request Timeout');
    await raw.closed();
    await until(() => fixture.server.inFlight === 0);
    assert.deepEqual(await folder.files(), files);
  });

  it('wait for a slow reader in bounded memory, however long they are', async () => {
    const [size, gate] = [200 * MB, Promise.withResolvers<void>()];
    let peak = 0;
    onChunk = async () => {
      peak = Math.max(peak, fixture.server.bytesInFlight.uploads);
      await gate.promise;
    };
    const raw = await Raw.open(fixture.port);
    await raw.ask('PUT /hand', { 'Content-Length': String(size) });
    const part = Buffer.alloc(MB);
    let sent = 0;
    const sending = (async () => {
      for (; sent < size; sent += MB) await raw.send(part);
    })();
    await until(() => sent > 2 * MB);
    await settled(() => sent);
    assert.equal(sent < size, true, 'the sender is held back');
    gate.resolve();
    assert.equal((await raw.answer())?.body, String(size));
    await sending;
    raw.drop();
    assert.equal(peak < 64 * MB, true, `${peak} bytes in memory`);
  });

  it('get 503 while all together are too many, and those under way go on', async () => {
    const gate = Promise.withResolvers<void>();
    onChunk = () => gate.promise;
    const holder = await Raw.open(fixture.port);
    await holder.ask('PUT /hand', { 'Content-Length': '300000' }, Buffer.alloc(100_000));
    await until(() => fixture.server.bytesInFlight.uploads > 0);
    fixture.uploads.take(64 * MB);
    const refused = await once(fixture.port, 'PUT /hand', {}, Buffer.alloc(10));
    assert.equal(refused.status, 503);
    assert.equal(refused.headers['retry-after'], '1');
    gate.resolve();
    await holder.send(Buffer.alloc(200_000));
    assert.equal((await holder.answer())?.body, '300000');
    fixture.uploads.give(64 * MB);
    holder.drop();
  });

  it('stop at twice the budget when a reader cannot keep up', async () => {
    const never = Promise.withResolvers<void>();
    onChunk = () => never.promise;
    const raw = await Raw.open(fixture.port);
    await raw.ask('PUT /hand', { 'Content-Length': String(SLAB_BYTES * 2) }, Buffer.alloc(SLAB_BYTES));
    await until(() => fixture.server.bytesInFlight.uploads > 0);
    fixture.uploads.take(128 * MB);
    await raw.send(Buffer.alloc(SLAB_BYTES));
    never.resolve();
    assert.equal((await raw.answer())?.status, 503);
    fixture.uploads.give(128 * MB);
    raw.drop();
  });

  it('give Expect: 100-continue its due', async () => {
    const raw = await Raw.open(fixture.port);
    await raw.ask('PUT /file/5', { 'Content-Length': '5', Expect: '100-continue' });
    await until(() => raw.pending.startsWith('HTTP/1.1 100 Continue\r\n\r\n'));
    await raw.send('12345');
    await until(() => raw.pending.includes('HTTP/1.1 204 No Content'));
    raw.drop();
  });
});
