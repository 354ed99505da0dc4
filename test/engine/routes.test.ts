import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { routes } from '#api/routes/dead.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { HttpError } from '#api/server/errors.ts';
import type { Route } from '#api/server/types.ts';
import { type Fake, fakeRequest } from '../transport/request.ts';
import { toy, toyBehaviourWith } from './toy.ts';
import { type Api, type Engine, openWorld, until, type World } from './world.ts';

/** What a message may hold of a person, and nobody but its decider should see. */
const SECRET = 424_242;
const faulty = new Set(['p']);
const behaviour = toyBehaviourWith(faulty);

let world: World;
let engine: Engine;
let api: Api;
let table: Route[];
before(async () => {
  world = await openWorld();
  engine = await world.engine('e1', behaviour);
  api = await world.api(behaviour);
  table = routes({ hub: { dead: api.dead } } as unknown as ApiDeps);
  await api.ask(1, toy({ kind: 'post', actor: 's', to: 2, message: { kind: 'add', actor: 'p', value: SECRET } }));
  await until('it is dead', async () => (await api.dead.list({ limit: 1 })).length === 1);
});
after(async () => {
  await engine.stop();
  await world.close();
});

async function call(
  method: Route['method'],
  path: string,
  fake: Fake = {},
): Promise<{ status: number; json: unknown }> {
  const route = table.find((one) => one.method === method && one.path === path);
  assert.ok(route, `${method} ${path}`);
  try {
    const { status, json } = await route.handler(fakeRequest({ method, path, ...fake }));
    return { status, json };
  } catch (error) {
    assert.ok(error instanceof HttpError, String(error));
    return { status: error.status, json: error.message };
  }
}

test('only administrators may', () => {
  for (const { scopes, path } of table) assert.deepEqual(scopes, ['ADMIN'], path);
  assert.equal(table.length, 6);
});

test('letters and parked actors are listed without what the message holds', async () => {
  const letters = await call('GET', '/admin/v1/dead');
  const [letter] = letters.json as { id: string; dateTime: string }[];
  assert.deepEqual([letters.status, letter?.id], [200, '2-1']);
  assert.match(letter?.dateTime ?? '', /^\d{4}-\d{2}-\d{2}T.*\+00:00$/);
  const parked = await call('GET', '/admin/v1/parked', { query: 'partition=2' });
  const [{ dateTime, ...actor } = { dateTime: '' }] = parked.json as { dateTime: string }[];
  assert.ok(dateTime !== '');
  assert.deepEqual(actor, { id: '2-op', actor: 'op', letter: '2-1', draining: false, waiting: 0 });
  assert.doesNotMatch(JSON.stringify([letters.json, parked.json]), new RegExp(String(SECRET)));
  assert.deepEqual((await call('GET', '/admin/v1/dead', { query: 'after=2-1' })).json, []);
  assert.deepEqual((await call('GET', '/admin/v1/dead', { query: 'partition=3' })).json, []);
});

test('wrong queries are refused', async () => {
  for (const query of ['limit=0', 'limit=x', 'partition=-1', 'partition=1.5'])
    assert.equal((await call('GET', '/admin/v1/dead', { query })).status, 400, query);
});

test('a letter is replayed or discarded by its id, once', async () => {
  const replay = (id: string) => call('POST', '/admin/v1/dead/{id}/replay', { params: { id } });
  assert.equal((await replay('2-1')).status, 409);
  faulty.clear();
  assert.equal((await replay('2-2')).status, 204);
  assert.deepEqual(await replay('2-2'), { status: 404, json: 'Dead letter is not found' });
  assert.equal((await call('DELETE', '/admin/v1/dead/{id}', { params: { id: '2-2' } })).status, 404);
  assert.deepEqual(await world.added(2, 'p'), [String(SECRET)]);
});

test('an actor is parked and freed by its id', async () => {
  const params = { id: '2-op' };
  assert.equal((await call('PUT', '/admin/v1/parked/{id}', { params })).status, 204);
  assert.equal((await api.ask(2, toy({ kind: 'add', actor: 'p', value: 1 }))).status, 503);
  assert.equal((await call('DELETE', '/admin/v1/parked/{id}', { params })).status, 204);
  assert.equal((await api.ask(2, toy({ kind: 'add', actor: 'p', value: 1 }))).status, 200);
  assert.equal((await call('PUT', '/admin/v1/parked/{id}', { params: { id: 'p' } })).status, 404);
});
