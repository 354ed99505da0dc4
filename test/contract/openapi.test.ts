import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startHub, type World } from './hub.ts';
import { REFERENTIAL } from './referential.ts';
import { SHAPES } from './shapes.ts';
import { TELEDOSSIERS } from './teledossiers.ts';
import { call, type Json } from './wire.ts';

/** `/openapi.json` says what the table says: endpoints, scopes, statuses, members. */

let world: World;
let document: Json;
before(async () => {
  world = await startHub();
  document = (await call(world.url, 'GET', '/openapi.json')).json;
});
after(() => world.stop());

/** Shapes of the table that are components under the same name. */
const NAMED = [
  'OrganizationIdentifier',
  'Applicant',
  'Attachment',
  'FolderAttachment',
  'FolderCase',
  'Folder',
  'Case',
  'Event',
  'Notification',
  'Organization',
  'Process',
  'Subscription',
  'IdsForPurge',
  'Migrated',
];

const ROWS = [...TELEDOSSIERS, ...REFERENTIAL];
const operation = (method: string, path: string): Json => document.paths[path]?.[method.toLowerCase()];

test('is OpenAPI 3.1, with an operation id of its own for each operation', () => {
  assert.equal(document.openapi, '3.1.0');
  const ids = Object.values(document.paths as Json).flatMap((path: Json) =>
    Object.values(path).map((one: Json) => one.operationId),
  );
  assert.equal(new Set(ids).size, ids.length);
});

test('refers to nothing that is not there', () => {
  const text = JSON.stringify(document);
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    assert(document.components.schemas[name as string], name);
  }
});

for (const row of ROWS) {
  test(`describes ${row.method} ${row.path}`, () => {
    const found = operation(row.method, row.path);
    assert(found, 'operation');
    // partners too, and agents, whom the contract does not know, for what happens to a case; agents for its news, and the démarche's name
    const partners = row.path.startsWith('/teledossiers/v1/cases/{caseId}') ? ['PARTNER', 'AGENT'] : [];
    const news = row.path.startsWith('/teledossiers/v1/notifications');
    const process = row.method === 'GET' && row.path === '/referential/v1/processes/{code}';
    const agents = news || process ? ['AGENT'] : [];
    assert.deepEqual([...found.security[0].client].sort(), [...row.scopes, ...partners, ...agents].sort());
    const expected = [row.ok, 400, 401, 403, 500, ...(row.unknown ? [404] : [])];
    for (const status of expected) assert(found.responses[status], `status ${status}`);
    assert.equal(found.responses[204]?.content, undefined);
    if (row.override) {
      const post = operation('POST', row.path);
      assert(post.responses[405]);
      assert(post.parameters.some(({ name, required }: Json) => name === 'X-HTTP-Method-Override' && required));
    }
  });
}

/** Never there unless somebody asked for it through the native API: the contract's clients see what they know. */
const OURS: Record<string, string[]> = {
  Process: ['hold', 'timeBeforeDeadline'],
  NewProcess: ['hold', 'timeBeforeDeadline'],
};

test('requires of requests and answers what the table requires', () => {
  const schemas = document.components.schemas;
  for (const name of NAMED) {
    const shown = Object.keys(schemas[name].properties).filter((property) => !OURS[name]?.includes(property));
    assert.deepEqual(shown.sort(), Object.keys(SHAPES[name] ?? {}).sort(), name);
  }
  for (const row of ROWS.filter(({ missing }) => missing !== undefined)) {
    const { schema } = operation(row.method, row.path).requestBody.content['application/json'];
    const named = schema.$ref ? schemas[schema.$ref.split('/').at(-1)] : schema;
    assert.deepEqual([...named.required].sort(), row.missing, row.path);
  }
});

test('describes the token endpoints', () => {
  for (const path of ['/oauth2/token', '/token']) {
    const { security, requestBody, responses } = operation('POST', path);
    assert.deepEqual(security, []);
    assert.deepEqual(Object.keys(requestBody.content), ['application/x-www-form-urlencoded', 'application/json']);
    for (const status of [400, 401, 408, 413, 429, 503]) {
      const { schema } = responses[status].content['application/json'];
      assert.equal(schema.$ref, '#/components/schemas/TokenError');
    }
  }
});

test('describes headers that are part of answers, and refusals of any request', () => {
  const file = operation('GET', '/teledossiers/v1/cases/{caseId}/attachments/{attachmentId}').responses;
  assert.deepEqual(Object.keys(file[200].headers), ['digest']);
  assert.deepEqual(Object.keys(file[206].headers), ['digest', 'Content-Range']);
  assert.deepEqual(Object.keys(file[416].headers), ['Content-Range']);
  assert.ok(operation('GET', '/referential/v1/subscriptions').responses[200].headers['Content-Range']);
  for (const path of Object.values(document.paths) as Json[]) {
    for (const { responses } of Object.values(path) as Json[]) assert.ok(responses[414] && responses[431]);
  }
});
