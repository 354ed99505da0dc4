import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Fixture, route } from '#test/transport/fixture.ts';
import { Raw } from '#test/transport/raw.ts';

/** Decision record 017: what the HTTP library answers by itself. A change of it must be noticed, and written there. */

let fixture: Fixture;
before(async () => {
  fixture = await Fixture.start([
    route({
      method: 'GET',
      path: '/named',
      headers: ['editorname'],
      // not in the same turn of the event loop, as nearly every answer
      handler: (request) =>
        new Promise((resolve) => {
          setImmediate(() => resolve({ status: 200, json: request.header('editorname') }));
        }),
    }),
  ]);
});
after(() => fixture.server.close());

const get = (headers: string): string => `GET /named HTTP/1.1\r\n${headers}\r\n`;
const HOST = 'Host: hub\r\n';
const many = (count: number): string => Array.from({ length: count }, (_, i) => `x${i}: 1\r\n`).join('');

const ANSWERS: [name: string, request: string, status: number][] = [
  ['headers of more than 64 kB', get(`${HOST}x: ${'a'.repeat(80_000)}\r\n`), 431],
  ['150 headers', get(HOST + many(150)), 431],
  ['no Host', get(''), 400],
  ['length and coding', get(`${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n`), 400],
  ['HTTP/1.0', 'GET /named HTTP/1.0\r\n\r\n', 505],
];

describe('what the HTTP library answers by itself, in HTML', () => {
  for (const [name, request, status] of ANSWERS) {
    it(`${name}: ${status}, and the connection closed`, async () => {
      const raw = await Raw.open(fixture.port);
      await raw.send(Buffer.from(request, 'latin1'));
      await raw.closed();
      const text = raw.pending;
      assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(text, /\r\nConnection: close\r\n\r\n<h1>/);
    });
  }

  it('not for 90 headers, nor for 50 kB of them', async () => {
    for (const headers of [many(90), Array.from({ length: 8 }, (_, i) => `x${i}: ${'a'.repeat(6000)}\r\n`).join('')]) {
      const raw = await Raw.open(fixture.port);
      await raw.send(Buffer.from(get(HOST + headers), 'latin1'));
      assert.equal((await raw.answer())?.status, 200);
      raw.drop();
    }
  });
});

describe('letters outside ASCII in a header', () => {
  const cases: [given: Buffer, seen: string][] = [
    [Buffer.from('Société éditrice'), 'Société éditrice'],
    [Buffer.from('Société éditrice', 'latin1'), 'Société éditrice'],
    [Buffer.from('"Éd"'), '"Éd"'],
    // the library takes their bytes for blanks at both ends
    [Buffer.from('Éd'), 'd'],
    [Buffer.from('dÉ', 'latin1'), 'd'],
  ];
  for (const [given, seen] of cases) {
    it(`${given.toString('hex')} is read as ${seen}`, async () => {
      const raw = await Raw.open(fixture.port);
      await raw.send(
        Buffer.concat([Buffer.from(`GET /named HTTP/1.1\r\n${HOST}editorName: `), given, Buffer.from('\r\n\r\n')]),
      );
      assert.equal((await raw.answer())?.body, JSON.stringify(seen));
      raw.drop();
    });
  }
});

it('a request sent before the last one is answered closes the connection', async () => {
  const raw = await Raw.open(fixture.port);
  await raw.send(Buffer.from(get(HOST) + get(HOST)));
  await raw.closed();
  assert.equal(raw.pending, '');
});
