import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { HEADERS_BYTES } from '#api/server/limits.ts';
import { Server } from '#api/server.ts';
import { as, Fixture, route, until } from './fixture.ts';
import { once, Raw } from './raw.ts';

const KB = 1024;

/** What a new connection meets. */
const knock = (port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.once('connect', () => resolve('taken'));
  });

async function* batches(...some: string[][]) {
  yield* some;
}

async function* lines() {
  yield 'a\n';
}

describe('limits of a request', () => {
  let fixture: Fixture;
  before(async () => {
    const handler = (request: { header(name: string): string }) => ({
      status: 200,
      json: request.header('editorname'),
    });
    fixture = await Fixture.start(
      [
        route({ method: 'GET', path: '/open', headers: ['editorname'], handler }),
        route({ method: 'GET', path: '/closed', scopes: ['OSL'], handler: () => ({ status: 200, json: 1 }) }),
        route({
          method: 'GET',
          path: '/wrong',
          handler: (request) => ({ status: 200, json: request.header('digest') }),
        }),
        route({ method: 'GET', path: '/public', handler: (request) => ({ status: 200, json: request.caller }) }),
        route({
          method: 'GET',
          path: '/bodiless',
          handler: async (request) => ({ status: 200, json: await request.json() }),
        }),
      ],
      { headerBytes: 8 * KB },
    );
  });
  after(() => fixture.server.close());

  it('refuses one header, or an address, that is too long, in the envelope', async () => {
    const fits = await once(fixture.port, 'GET /open', { editorName: 'Mairie (été) x' });
    assert.equal(JSON.parse(fits.body), 'Mairie (été) x');
    const header = await once(fixture.port, 'GET /open', { editorName: 'a'.repeat(8 * KB + 1) });
    assert.equal(header.phrase, 'Request Header Fields Too Large');
    assert.equal(JSON.parse(header.body).errors[0].code, 431);
    const token = await once(fixture.port, 'GET /closed', { Authorization: `Bearer ${'a'.repeat(8 * KB)}` });
    assert.equal(token.status, 431);
    const address = await once(fixture.port, `GET /open?q=${'a'.repeat(8 * KB)}`);
    assert.equal(address.phrase, 'URI Too Long');
    assert.equal(
      (await once(fixture.port, 'GET /open', { Tag: 'a'.repeat(30 * KB) })).status,
      200,
      'others are ignored',
    );
  });

  it('cuts a request whose headers have no end', async () => {
    const answer = await once(fixture.port, 'GET /open', { Tag: 'a'.repeat(HEADERS_BYTES) });
    assert.equal(answer.status, 431);
    assert.equal(answer.headers['connection'], 'close');
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`x-${n}`, '1']));
    assert.equal((await once(fixture.port, 'GET /open', many)).status, 431);
    assert.equal((await once(fixture.port, 'GET /open')).status, 200);
  });

  it('answers 500 to a handler that asks for what its route does not declare', async () => {
    const seen = fixture.faults.length;
    for (const path of ['/wrong', '/public', '/bodiless']) {
      const answer = await once(fixture.port, `GET ${path}`);
      assert.equal(answer.body, '{"errors":[{"code":500,"message":"Internal Server Error"}]}');
    }
    assert.match(
      fixture.faults.slice(seen).join('\n'),
      /declare the header digest\n.*is public.*\n.*declares body none/,
    );
  });

  it('refuses what is no HTTP/1.1, or could be read two ways', async () => {
    const words = [
      'GET /open HTTP/1.1\r\n\r\n',
      'GET /open HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'GET /open HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
      'GET /open HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n',
      'GET /open HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n',
      'GET /open HTTP/1.0\r\nHost: a\r\n\r\n',
      'GET /op\0en HTTP/1.1\r\nHost: a\r\n\r\n',
    ];
    for (const text of words) {
      const raw = await Raw.open(fixture.port);
      await raw.send(text);
      const answer = await raw.answer();
      assert.equal(answer?.status === 400 || answer?.status === 505, true, JSON.stringify(text));
      await raw.closed();
    }
    const raw = await Raw.open(fixture.port);
    await raw.ask('GET /open', { 'Transfer-Encoding': 'chunked' }, 'zz\r\nabc\r\n0\r\n\r\n');
    await raw.closed();
    assert.equal(fixture.server.inFlight, 0);
  });
});

describe('limits of a process', () => {
  it('answers 503 at once beyond the requests it may handle, and serves again after', async () => {
    const gate = Promise.withResolvers<void>();
    const handler = async () => {
      await gate.promise;
      return { status: 204 };
    };
    const fixture = await Fixture.start([route({ method: 'GET', path: '/', handler })], { requestsInFlight: 3 });
    const waiting = await Promise.all(Array.from({ length: 3 }, () => Raw.open(fixture.port)));
    for (const raw of waiting) await raw.ask('GET /');
    await until(() => fixture.server.inFlight === 3);
    const refused = await once(fixture.port, 'GET /');
    assert.equal(refused.phrase, 'Service Unavailable');
    assert.equal(refused.headers['retry-after'], '1');
    assert.equal(JSON.parse(refused.body).errors[0].code, 503);
    gate.resolve();
    for (const raw of waiting) assert.equal((await raw.answer())?.status, 204);
    assert.equal((await once(fixture.port, 'GET /')).status, 204);
    for (const raw of waiting) raw.drop();
    await fixture.server.close();
  });

  it('lets requests in flight end when it closes, serves what a connection brings meanwhile, and takes no other', async () => {
    const gate = Promise.withResolvers<void>();
    const handler = async () => {
      await gate.promise;
      return { status: 200, json: 'done' };
    };
    const fixture = await Fixture.start([route({ method: 'GET', path: '/', handler })]);
    const [late, busy] = [await Raw.open(fixture.port), await Raw.open(fixture.port)];
    await busy.ask('GET /');
    await until(() => fixture.server.inFlight === 1);
    const closed = fixture.server.close();
    await late.ask('GET /');
    await until(() => fixture.server.inFlight === 2);
    assert.equal(await knock(fixture.port), 'ECONNREFUSED');
    gate.resolve();
    for (const raw of [busy, late]) {
      const answer = await raw.answer();
      assert.equal(answer?.body, '"done"');
      assert.equal(answer?.headers['connection'], 'close');
    }
    await closed;
    for (const raw of [busy, late]) await raw.closed();
  });

  it('ends each connection with its answer once it is drained, whatever the answer is, and takes new ones', async () => {
    const fixture = await Fixture.start([
      route({ method: 'GET', path: '/whole', handler: async () => ({ status: 200, json: 'all' }) }),
      route({ method: 'GET', path: '/none', handler: async () => ({ status: 204 }) }),
      route({
        method: 'GET',
        path: '/list',
        handler: async () => ({ status: 200, items: batches(['1'], ['2'], ['3']) }),
      }),
      route({ method: 'GET', path: '/short', handler: async () => ({ status: 200, items: batches(['1']) }) }),
      route({
        method: 'GET',
        path: '/lines',
        handler: async () => ({ status: 200, type: 'text/plain', lines: lines() }),
      }),
      route({ method: 'GET', path: '/let', scopes: ['OSL'], handler: async () => ({ status: 204 }) }),
    ]);
    const kept = await Raw.open(fixture.port);
    await kept.ask('GET /whole');
    assert.equal((await kept.answer())?.headers['connection'], undefined);
    fixture.server.drain();
    for (const path of ['/whole', '/none', '/list', '/short', '/lines', '/let', '/nothing']) {
      const raw = path === '/whole' ? kept : await Raw.open(fixture.port);
      await raw.ask(`GET ${path}`);
      const answer = await raw.answer();
      assert.equal(answer?.headers['connection'], 'close', path);
      raw.drop();
    }
    await fixture.server.close();
    assert.deepEqual(fixture.faults, []);
  });

  it('says that a port is taken', async () => {
    const fixture = await Fixture.start([]);
    const other = new Fixture([]);
    await assert.rejects(other.server.listen('127.0.0.1', fixture.port), { name: 'PortTaken' });
    await fixture.server.close();
    assert.equal(other.server instanceof Server, true);
  });

  it('never mixes answers up when requests are sent without waiting', async () => {
    const handler = async (request: { param(name: string): string }) => {
      await new Promise(setImmediate);
      return { status: 200, json: request.param('n') };
    };
    const fixture = await Fixture.start([route({ method: 'GET', path: '/{n}', scopes: ['OSL'], handler })]);
    const raw = await Raw.open(fixture.port);
    const line = (n: number): string =>
      `GET /${n} HTTP/1.1\r\nHost: a\r\nAuthorization: ${as('OSL')['Authorization']}\r\n\r\n`;
    await raw.send([1, 2, 3].map(line).join(''));
    // uWebSockets closes a connection whose client pipelines while an answer is due (RFC 9112 §9.3.2: it must retry)
    assert.equal(await raw.answer(), undefined);
    await until(() => fixture.server.inFlight === 0);
    const patient = await Raw.open(fixture.port);
    for (const n of [1, 2, 3]) {
      await patient.send(line(n));
      assert.equal((await patient.answer())?.body, `"${n}"`);
    }
    patient.drop();
    assert.deepEqual(fixture.faults, []);
    await fixture.server.close();
  });
});
