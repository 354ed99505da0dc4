import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { parseJson, textOf } from '#api/server/json.ts';
import type { Limits } from '#api/server/limits.ts';
import { as, Fixture, route, until } from './fixture.ts';
import { once, Raw } from './raw.ts';

const KB = 1024;
const LIMITS: Partial<Limits> = {
  jsonBytes: 64 * KB,
  discardBytes: 256 * KB,
  bodyBytesInFlight: 200 * KB,
  bodyIdleMs: 5000,
};
const JSON_TYPE = { 'Content-Type': 'application/json' };
const message = (body: string): string => JSON.parse(body).errors[0].message;

describe('JSON bodies', () => {
  let fixture: Fixture;
  let parsed: unknown[] = [];
  const post = (body: string | Uint8Array, headers: Record<string, string> = JSON_TYPE) =>
    once(fixture.port, 'POST /json', headers, body);
  before(async () => {
    const handler = async (request: { json(): Promise<unknown> }) => {
      parsed.push(await request.json());
      return { status: 201, json: 'ok' };
    };
    fixture = await Fixture.start(
      [
        route({ method: 'POST', path: '/json', body: 'json', handler }),
        route({ method: 'POST', path: '/small', body: 'json', maxBodyBytes: 10, handler }),
        route({ method: 'POST', path: '/closed', body: 'json', scopes: ['OSL'], handler }),
        route({
          method: 'POST',
          path: '/text',
          body: 'text',
          handler: async (r) => ({ status: 200, text: await r.text() }),
        }),
      ],
      LIMITS,
    );
  });
  after(() => fixture.server.close());

  it('parses what is sent, whatever the content type, empty bodies included', async () => {
    parsed = [];
    assert.equal((await post('{"prénom": "Zoé", "n": [1, 2.5, null]}')).status, 201);
    assert.equal((await post('"x"', { 'Content-Type': 'text/plain' })).status, 201);
    assert.equal((await post('')).status, 201);
    assert.equal((await post('  \n')).status, 201);
    assert.equal((await post('\ufeff{"bom":1}')).status, 201);
    assert.deepEqual(parsed, [{ prénom: 'Zoé', n: [1, 2.5, null] }, 'x', undefined, undefined, { bom: 1 }]);
    assert.equal((await once(fixture.port, 'POST /text', {}, 'grant_type=x')).body, 'grant_type=x');
  });

  it('reads chunked bodies, and bodies that come byte by byte', async () => {
    parsed = [];
    const chunked = '5\r\n{"a":\r\n3\r\n 1}\r\n0\r\n\r\n';
    assert.equal((await post(chunked, { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' })).status, 201);
    const raw = await Raw.open(fixture.port);
    const bytes = Buffer.from('{"é": "é"}');
    await raw.ask('POST /json', { 'Content-Length': String(bytes.length) });
    for (const byte of bytes) await raw.send(new Uint8Array([byte]));
    assert.equal((await raw.answer())?.status, 201);
    raw.drop();
    assert.deepEqual(parsed, [{ a: 1 }, { é: 'é' }]);
  });

  it('refuses malformed bodies in the words of the contract, without quoting them', async () => {
    for (const body of ['{"nom": "Dupont",}', '{', 'Dupont', '[1,]', "{'a': 1}", '{"a": NaN}', 'nul']) {
      const answer = await post(body);
      assert.equal(answer.status, 400, body);
      assert.match(
        message(answer.body),
        /^Bad Request : Validation failed\.\n\[ERROR\]\[REQUEST\]\[POST \/json @body\] Unable to parse JSON/,
      );
      assert.doesNotMatch(answer.body, /Dupont/);
    }
  });

  it('refuses wrong UTF-8 and NUL, escaped or not', async () => {
    const wrong = [
      [0x22, 0xff, 0x22],
      [0x22, 0xc3, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ];
    for (const bytes of wrong) {
      const answer = await post(new Uint8Array(bytes));
      assert.equal(answer.status, 400);
      assert.match(message(answer.body), /not valid UTF-8$/);
    }
    for (const body of ['"a\0b"', '"a\\u0000b"', '{"\\u0000": 1}', '"\\\\\\u0000"']) {
      const answer = await post(body);
      assert.equal(answer.status, 400, body);
      assert.match(message(answer.body), /NUL/);
    }
    assert.equal((await post('"a \\\\u0000 that is only a backslash"')).status, 201);
  });

  it('refuses deep nesting before parsing it', async () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    assert.equal((await post(nested(64))).status, 201);
    const deep = await post(nested(65));
    assert.equal(deep.status, 400);
    assert.match(message(deep.body), /nested more than 64 deep/);
    assert.equal((await post('{"a":'.repeat(5000))).status, 400);
    assert.equal((await post(JSON.stringify('[{'.repeat(500)))).status, 201, 'brackets in a text are text');
  });

  it('answers 413 after having read a bounded rest, and keeps nothing', async () => {
    const exact = `"${'a'.repeat(64 * KB - 2)}"`;
    assert.equal((await post(exact)).status, 201);
    const over = await post(`${exact} `);
    assert.equal(over.phrase, 'Payload Too Large');
    assert.match(message(over.body), /65536 bytes/);
    assert.equal((await once(fixture.port, 'POST /small', {}, '"123456789"')).status, 413);
    const raw = await Raw.open(fixture.port);
    await raw.ask('POST /json', { 'Content-Length': '1000000000' });
    for (let sent = 0; sent < 400 * KB && !raw.gone; sent += 50 * KB) await raw.send(Buffer.alloc(50 * KB, 65));
    const cut = await raw.answer();
    if (cut !== undefined) assert.equal(cut.status, 413);
    await raw.closed();
    assert.equal(fixture.server.bytesInFlight.bodies, 0);
  });

  it('answers 401 to a body it will not read, whole or not', async () => {
    const raw = await Raw.open(fixture.port);
    await raw.ask('POST /closed', { 'Content-Length': '20' }, '{"a":');
    await until(() => fixture.server.watched === 1);
    fixture.pass(5000);
    const answer = await raw.answer();
    assert.equal(answer?.status, 401);
    assert.equal(answer?.headers['connection'], 'close');
    await raw.closed();
    const whole = await once(fixture.port, 'POST /closed', as('OSL'), '{}');
    assert.equal(whole.status, 201);
  });

  it('answers 408 when a body stops coming', async () => {
    const raw = await Raw.open(fixture.port);
    await raw.ask('POST /json', { 'Content-Length': '20' }, '{"a":');
    await until(() => fixture.server.bytesInFlight.bodies > 0);
    fixture.pass(4999);
    await raw.send('"b"');
    await until(() => fixture.server.bytesInFlight.bodies > 5);
    fixture.pass(4999);
    assert.equal(fixture.server.inFlight, 1, 'a byte in time gives more time');
    fixture.pass(1);
    const answer = await raw.answer();
    assert.equal(answer?.phrase, 'Request Timeout');
    await raw.closed();
    await until(() => fixture.server.inFlight === 0);
    assert.equal(fixture.server.watched, 0);
    assert.equal(fixture.server.bytesInFlight.bodies, 0);
  });

  it('answers 503 with Retry-After while all bodies together are too many', async () => {
    const holders = await Promise.all(Array.from({ length: 4 }, () => Raw.open(fixture.port)));
    for (const raw of holders) await raw.ask('POST /json', { 'Content-Length': '60001' }, Buffer.alloc(60_000, 32));
    await until(() => fixture.server.bytesInFlight.bodies === 240_000);
    const refused = await post('{}');
    assert.equal(refused.status, 503);
    assert.equal(refused.headers['retry-after'], '1');
    for (const raw of holders) raw.drop();
    await until(() => fixture.server.inFlight === 0);
    assert.equal(fixture.server.bytesInFlight.bodies, 0);
    assert.equal((await post('{}')).status, 201);
  });

  it('forgets a client that leaves in the middle, without a fault', async () => {
    const raw = await Raw.open(fixture.port);
    await raw.ask('POST /json', { 'Content-Length': '20' }, '{"a":');
    await until(() => fixture.server.inFlight === 1 && fixture.server.bytesInFlight.bodies > 0);
    raw.drop();
    await until(() => fixture.server.inFlight === 0);
    assert.equal(fixture.server.watched, 0);
    assert.equal(fixture.server.bytesInFlight.bodies, 0);
    assert.deepEqual(fixture.faults, []);
  });
});

describe('JSON text', () => {
  const called = { calledMethod: 'POST', path: '/x' };
  it('counts nesting outside of texts only', () => {
    assert.deepEqual(parseJson(called, '{"a":"[[[[\\"{{{"}', 1), { a: '[[[["{{{' });
    assert.deepEqual(parseJson(called, '[[],[],[]]', 2), [[], [], []]);
    assert.throws(() => parseJson(called, '[[[]]]', 2), /nested/);
  });
  it('strips one byte order mark', () => {
    assert.equal(textOf(called, Buffer.from('\ufeff{}')), '{}');
  });
});
