import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { HttpError } from '#api/server/errors.ts';
import { Fixture, route } from '#test/transport/fixture.ts';
import { type Answer, once } from '#test/transport/raw.ts';

/** What a browser may make of an answer: nothing but data. */

let fixture: Fixture;
before(async () => {
  const page = Buffer.from('<script>alert(1)</script>');
  const bytes = {
    length: page.length,
    read: async function* () {
      yield page;
    },
  };
  fixture = await Fixture.start([
    route({ method: 'GET', path: '/data', handler: () => ({ status: 200, json: 1 }) }),
    route({ method: 'GET', path: '/file', handler: () => ({ status: 200, bytes }) }),
    route({
      method: 'GET',
      path: '/list',
      handler: () => ({
        status: 200,
        items: (async function* () {
          yield ['1'];
        })(),
      }),
    }),
    route({ method: 'GET', path: '/done', handler: () => ({ status: 204 }) }),
    route({
      method: 'GET',
      path: '/kept',
      handler: () => ({ status: 200, json: 1, headers: { 'Cache-Control': 'max-age=60' } }),
    }),
    route({ method: 'GET', path: '/fault', handler: () => assert.fail('inside') }),
    route({ method: 'GET', path: '/closed', scopes: ['OSL'], handler: () => ({ status: 200, json: 1 }) }),
    route({
      method: 'GET',
      path: '/teapot',
      handler: () => {
        throw new HttpError(418, '<b>');
      },
    }),
  ]);
});
after(() => fixture.server.close());

const get = (path: string): Promise<Answer> => once(fixture.port, `GET ${path}`);

it('every answer is of the type it says', async () => {
  for (const path of ['/data', '/file', '/list', '/done', '/kept', '/fault', '/closed', '/teapot', '/unknown']) {
    assert.equal((await get(path)).headers['x-content-type-options'], 'nosniff', path);
  }
});

it('in errors and files nothing runs, whatever is in them', async () => {
  for (const path of ['/file', '/fault', '/closed', '/teapot', '/unknown']) {
    const policy = (await get(path)).headers['content-security-policy'] ?? '';
    for (const part of ["default-src 'none'", "frame-ancestors 'none'", 'sandbox'])
      assert.equal(policy.includes(part), true);
  }
  assert.equal((await get('/file')).headers['content-type'], 'application/octet-stream');
});

it('nobody keeps an answer on its way, unless its route says so', async () => {
  for (const path of ['/data', '/file', '/list', '/done', '/fault', '/closed']) {
    assert.equal((await get(path)).headers['cache-control'], 'no-store', path);
  }
  assert.equal((await get('/kept')).headers['cache-control'], 'max-age=60');
});
