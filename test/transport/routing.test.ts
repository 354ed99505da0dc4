import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { compileTable } from '#api/server/table.ts';
import type { Request } from '#api/server/types.ts';
import { as, Fixture, route } from './fixture.ts';
import { once, Raw } from './raw.ts';

const echo = (request: Request) => ({
  status: 200,
  json: { method: request.method, called: request.calledMethod, path: request.path, id: request.param('caseId') },
});
const CASE = '/teledossiers/v1/cases/{caseId}';
const ROUTES = [
  route({ method: 'GET', path: CASE, scopes: ['OSL', 'SI', 'ADMIN'], handler: echo }),
  route({ method: 'PATCH', path: CASE, scopes: ['OSL'], override: true, body: 'json', handler: echo }),
  route({ method: 'DELETE', path: CASE, scopes: ['OSL'], handler: () => ({ status: 204 }) }),
  route({ method: 'PUT', path: '/teledossiers/v1/cases/migrate', handler: () => ({ status: 200, json: 'migrated' }) }),
  route({ method: 'POST', path: '/teledossiers/v1/folders', handler: () => ({ status: 201, json: {} }) }),
];

describe('routing', () => {
  let fixture: Fixture;
  const call = (line: string, headers: Record<string, string> = {}, body = '') =>
    once(fixture.port, line, headers, body);
  before(async () => {
    fixture = await Fixture.start(ROUTES);
  });
  after(() => fixture.server.close());

  it('answers with the standard phrase, JSON, and an id of the request', async () => {
    const answer = await call('GET /teledossiers/v1/cases/abc?lite=true', as('SI'));
    assert.equal(answer.phrase, 'OK');
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.match(answer.headers['x-request-id'] ?? '', /^[0-9a-f]{12}-[0-9a-z]+$/);
    assert.deepEqual(JSON.parse(answer.body), {
      method: 'GET',
      called: 'GET',
      path: '/teledossiers/v1/cases/abc',
      id: 'abc',
    });
    assert.equal((await call('POST /teledossiers/v1/folders')).phrase, 'Created');
  });

  it('answers 204 without a body and without a length', async () => {
    const raw = await Raw.open(fixture.port);
    await raw.ask('DELETE /teledossiers/v1/cases/abc', as('OSL'));
    const answer = await raw.answer();
    assert.equal(answer?.phrase, 'No Content');
    assert.equal(answer?.headers['content-length'], undefined);
    assert.equal(answer?.headers['content-type'], undefined);
    await raw.ask('DELETE /teledossiers/v1/cases/abc', as('OSL'));
    assert.equal((await raw.answer())?.status, 204, 'the connection serves the next request');
    raw.drop();
  });

  it('takes a token first, then the scope; and looks at the referential before both', async () => {
    const seen = fixture.fresh;
    const missing = await call('GET /teledossiers/v1/cases/abc');
    assert.equal(missing.status, 401);
    assert.equal(JSON.parse(missing.body).errors[0].code, 900902);
    assert.equal((await call('GET /teledossiers/v1/cases/abc', { Authorization: 'Bearer bad' })).status, 401);
    const foreign = await call('GET /teledossiers/v1/cases/abc', as('DATAPASS'));
    assert.equal(foreign.status, 403);
    assert.deepEqual(JSON.parse(foreign.body), { errors: [{ code: 403, message: 'Unauthorized user' }] });
    assert.equal(foreign.headers['content-type'], 'application/json');
    assert.equal(fixture.fresh, seen + 3);
  });

  it('turns POST with the override header into PATCH, and refuses it without', async () => {
    const patched = await call(
      'POST /teledossiers/v1/cases/abc',
      { ...as('OSL'), 'X-HTTP-Method-Override': 'PATCH' },
      '{}',
    );
    assert.deepEqual(JSON.parse(patched.body).method, 'PATCH');
    assert.deepEqual(JSON.parse(patched.body).called, 'POST');
    const lower = await call(
      'POST /teledossiers/v1/cases/abc',
      { ...as('OSL'), 'x-http-method-override': 'patch' },
      '{}',
    );
    assert.equal(lower.status, 200);
    for (const headers of [as('OSL'), { ...as('OSL'), 'X-HTTP-Method-Override': 'DELETE' }]) {
      const refused = await call('POST /teledossiers/v1/cases/abc', headers, '{}');
      assert.equal(refused.phrase, 'Method Not Allowed');
      assert.deepEqual(JSON.parse(refused.body), { errors: [{ code: 405, message: 'Method not allowed' }] });
      assert.equal(refused.headers['allow'], 'DELETE, GET, PATCH, POST');
    }
    const other = await call('POST /teledossiers/v1/cases/migrate', { 'X-HTTP-Method-Override': 'PATCH' }, '{}');
    assert.equal(other.status, 405);
  });

  it('matches the literal migrate before an id', async () => {
    assert.equal((await call('PUT /teledossiers/v1/cases/migrate')).body, '"migrated"');
    assert.equal((await call('GET /teledossiers/v1/cases/migrate', as('OSL'))).status, 405);
  });

  it('answers unknown paths and methods in the envelope, HEAD without a body', async () => {
    for (const [line, status] of [
      ['GET /', 404],
      ['GET /teledossiers/v1/cases/', 404],
      ['GET /teledossiers/v1/cases/a/b', 404],
      ['GET /TELEDOSSIERS/v1/cases/a', 404],
      ['BREW /coffee', 404],
      ['BREW /teledossiers/v1/cases/abc', 405],
      ['get /teledossiers/v1/cases/abc', 405],
      ['OPTIONS /teledossiers/v1/cases/abc', 405],
      ['TRACE /teledossiers/v1/cases/abc', 405],
    ] as const) {
      const answer = await call(line);
      assert.equal(answer.status, status, line);
      assert.equal(answer.headers['content-type'], 'application/json', line);
      assert.equal(JSON.parse(answer.body).errors[0].code, status, line);
    }
    const head = await call('HEAD /teledossiers/v1/cases/abc');
    assert.equal(head.status, 405);
    assert.equal(head.headers['content-type'], 'application/json');
    assert.equal(head.body, '');
    assert.equal((await call('GET /teledossiers/v1/cases/abc', as('OSL'))).status, 200, 'the process lives');
  });

  it('never lets a path reach another route by tricks of spelling', async () => {
    const tricks = ['//teledossiers/v1/cases/abc', '/./teledossiers/v1/cases/abc', '/x/../teledossiers/v1/cases/abc'];
    for (const path of tricks) assert.equal((await call(`GET ${path}`, as('OSL'))).status, 404, path);
    const dots = await call('GET /teledossiers/v1/cases/%2e%2e%2ffolders', as('OSL'));
    assert.equal(JSON.parse(dots.body).id, '../folders', 'decoded as one segment, left to the check of ids');
    const wrong = await call('GET /teledossiers/v1/cases/%ff%fe', as('OSL'));
    assert.equal(wrong.status, 400);
    const half = await call('GET /teledossiers/v1/cases/%4', as('OSL'));
    assert.equal(half.status, 400);
  });

  it('does not mind a content type or a body where none is read', async () => {
    const types = ['application/json', 'application/x-www-form-urlencoded'];
    for (const type of types) {
      const headers = { ...as('OSL'), 'Content-Type': type };
      assert.equal((await call('GET /teledossiers/v1/cases/abc', headers)).status, 200);
      assert.equal((await call('DELETE /teledossiers/v1/cases/abc', headers)).status, 204);
      assert.equal((await call('DELETE /teledossiers/v1/cases/abc', headers, '{"not": "read')).status, 204);
    }
  });
});

describe('the table', () => {
  const handler = () => ({ status: 204 });
  it('refuses what could not be served', () => {
    const twice = route({ method: 'GET', path: '/a/{b}', handler });
    assert.throws(() => compileTable([twice, twice]), /two routes/);
    assert.throws(() => compileTable([route({ method: 'GET', path: '/a', handler, override: true })]), /only PATCH/);
    assert.throws(
      () => compileTable([route({ method: 'GET', path: '/a', handler, headers: ['Range'] })]),
      /lower-case/,
    );
  });
});
