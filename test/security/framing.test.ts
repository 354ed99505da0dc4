import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Fixture, route } from '#test/transport/fixture.ts';
import { Raw } from '#test/transport/raw.ts';

/** Requests two servers could read in two ways, and addresses that mean something else once decoded. */

const seen: string[] = [];
let fixture: Fixture;
before(async () => {
  const note = (word: string) => {
    seen.push(word);
    return { status: 200, json: word };
  };
  fixture = await Fixture.start([
    route({ method: 'GET', path: '/open', handler: (request) => note(`open${request.query.one('n') ?? ''}`) }),
    route({ method: 'POST', path: '/text', body: 'text', handler: async (request) => note(await request.text()) }),
    route({ method: 'POST', path: '/none', handler: () => note('none') }),
    route({ method: 'GET', path: '/items/{code}', handler: (request) => note(request.param('code')) }),
    route({ method: 'GET', path: '/admin/items', scopes: ['ADMIN'], handler: () => note('admin') }),
  ]);
});
after(() => fixture.server.close());
beforeEach(() => {
  seen.length = 0;
});

async function sends(bytes: string): Promise<{ raw: Raw; status: number | undefined; body: string }> {
  const raw = await Raw.open(fixture.port);
  await raw.send(Buffer.from(bytes, 'latin1'));
  const answer = await raw.answer();
  return { raw, status: answer?.status, body: answer?.body ?? '' };
}

const SMUGGLED = 'GET /open?n=9 HTTP/1.1\r\nHost: a\r\n\r\n';
const CHUNKED = '3\r\nabc\r\n0\r\n\r\n';
const post = (headers: string, body: string, path = '/text'): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n${body}`;

describe('a request whose end two servers could see in two places is refused, and its connection closed', () => {
  const words: Record<string, string> = {
    'two lengths, first short': post('Content-Length: 3\r\nContent-Length: 41', `abc${SMUGGLED}`),
    'two lengths, first long': post('Content-Length: 41\r\nContent-Length: 3', `abc${SMUGGLED}`),
    'the same length twice': post('Content-Length: 3\r\nContent-Length: 3', 'abc'),
    'an empty length': post('Content-Length: ', SMUGGLED),
    'a list of lengths': post('Content-Length: 3, 3', 'abc'),
    'a signed length': post('Content-Length: +3', 'abc'),
    'a hexadecimal length': post('Content-Length: 0x3', 'abc'),
    'a length with more behind it': post('Content-Length: 3x', 'abc'),
    'a length that overflows': post('Content-Length: 18446744073709551619', 'abc'),
    'a space before the colon': post('Content-Length : 3', 'abc'),
    'length and coding': post('Content-Length: 3\r\nTransfer-Encoding: chunked', CHUNKED),
    'coding and length': post('Transfer-Encoding: chunked\r\nContent-Length: 3', CHUNKED),
    'length and a coding nobody knows': post('Content-Length: 3\r\nTransfer-Encoding: xchunked', 'abc'),
    'a coding nobody knows': post('Transfer-Encoding: xchunked', CHUNKED),
    'the coding identity': post('Transfer-Encoding: identity', CHUNKED),
    'a coding within the coding': post('Transfer-Encoding: gzip, chunked', CHUNKED),
    'the coding twice': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', CHUNKED),
    'two codings': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', CHUNKED),
    'a coding behind a control character': post('Transfer-Encoding: \x0bchunked', CHUNKED),
    'a folded header': post('X-A: 1\r\n Transfer-Encoding: chunked\r\nContent-Length: 3', CHUNKED),
    'a folded coding': post('Transfer-Encoding:\r\n chunked', CHUNKED),
    'a line that ends without CR': post('X-A: 1\nTransfer-Encoding: chunked', CHUNKED),
    'a header without colon': post('Content-Length\r\nX-A: 1', 'abc'),
    'a chunk of negative length': post('Transfer-Encoding: chunked', '-3\r\nabc\r\n0\r\n\r\n'),
    'a chunk whose length overflows': post('Transfer-Encoding: chunked', 'ffffffffffffffff3\r\nabc\r\n0\r\n\r\n'),
    'two hosts': 'GET /open HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
    'two credentials':
      'GET /open HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer OSL\r\nAuthorization: Bearer ADMIN\r\n\r\n',
    'an unknown path': post('Content-Length: 3\r\nContent-Length: 41', `abc${SMUGGLED}`, '/unknown'),
    'a wrong method': post('Transfer-Encoding: xchunked', CHUNKED, '/open'),
    'a route without body': post('Content-Length: 0\r\nContent-Length: 38', SMUGGLED, '/none'),
  };
  for (const [name, word] of Object.entries(words)) {
    it(name, async () => {
      const { raw, status, body } = await sends(word);
      // no answer: uWebSockets closes a connection that sends more while one is due
      if (status !== undefined) assert.equal(status, 400, body);
      await raw.closed();
      assert.equal(await raw.answer(), undefined, 'one request, one answer');
      assert.deepEqual(seen, []);
    });
  }
});

it('the refusal is an error like any other', async () => {
  const { raw, body } = await sends(post('Content-Length: 3\r\nContent-Length: 3', 'abc', '/unknown'));
  assert.match(body, /^\{"errors":\[\{"code":400,"message":"Bad Request : [^"]+"\}\]\}$/);
  raw.drop();
});

describe('what a body holds is never taken for the next request', () => {
  for (const path of ['/none', '/unknown', '/open', '/text']) {
    it(`of POST ${path}`, async () => {
      for (const headers of [`Content-Length: ${SMUGGLED.length}`, 'Transfer-Encoding: chunked']) {
        const body = headers.startsWith('C') ? SMUGGLED : `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`;
        const { raw, status } = await sends(post(headers, body, path));
        assert.notEqual(status, undefined);
        await raw.send('GET /open?n=2 HTTP/1.1\r\nHost: a\r\n\r\n');
        assert.equal((await raw.answer())?.body, '"open2"');
        raw.drop();
      }
      assert.equal(seen.includes('open9'), false);
    });
  }
});

describe('what is no request of this server is refused without a route', () => {
  for (const line of [
    'GET http://evil/open HTTP/1.1',
    'GET * HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'CONNECT a:80 HTTP/1.1',
    'GET \\open HTTP/1.1',
    'GET /open HTTP/1.2',
    'GET /open HTTP/2.0',
    'GET  /open HTTP/1.1',
    'GET /op\x01en HTTP/1.1',
    'GET /open?\x00 HTTP/1.1',
    'GET /open\tHTTP/1.1',
    'PRI * HTTP/2.0',
  ]) {
    it(JSON.stringify(line), async () => {
      const { raw, status } = await sends(`${line}\r\nHost: a\r\n\r\n`);
      assert.equal(status === 400 || status === 505, true, String(status));
      await raw.closed();
      assert.deepEqual(seen, []);
    });
  }
});

describe('an address is compared as it is written', () => {
  for (const path of [
    '//open',
    '/./open',
    '/x/../open',
    '/items/../open',
    '/open/',
    '/%6fpen',
    '/open%00',
    '/open%20',
    '/open;a=b',
    '/open#x',
    '/open%3Fn=1',
    '/items/a/b',
    '/items/x/../../admin/items',
    '/OPEN',
    '/%2e%2e/open',
  ]) {
    it(`${path}: 404`, async () => {
      const { raw, status } = await sends(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      assert.equal(status, 404);
      raw.drop();
      assert.deepEqual(seen, []);
    });
  }

  it('a parameter is decoded once, and only after the route is chosen', async () => {
    for (const [path, value] of [
      ['a%2fb', 'a/b'],
      ['a%252fb', 'a%2fb'],
      ['..%2f..%2fadmin%2fitems', '../../admin/items'],
      ['%252e%252e', '%2e%2e'],
    ] as const) {
      const { raw, body } = await sends(`GET /items/${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      assert.equal(JSON.parse(body), value);
      raw.drop();
    }
    for (const wrong of ['%c0%af', '%', '%zz', '%ed%a0%80']) {
      const { raw, status } = await sends(`GET /items/${wrong} HTTP/1.1\r\nHost: a\r\n\r\n`);
      assert.equal(status, 400);
      raw.drop();
    }
  });

  it('an override reaches what the route allows, whatever else is said', async () => {
    for (const value of ['DELETE', 'PATCH, DELETE', 'PATCH\tDELETE']) {
      const { raw, status } = await sends(post(`X-HTTP-Method-Override: ${value}\r\nContent-Length: 0`, '', '/open'));
      assert.equal(status, 405);
      raw.drop();
    }
  });
});
