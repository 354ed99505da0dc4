import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { Compile, type Validator } from 'typebox/compile';
import { share } from '#ops/checks/sample.ts';
import { type AgentCaller, Portal } from '#test/agents/portal.ts';
import { DGS, keyOf, ORLY, pdf, process, subscription } from '#test/contract/country.ts';
import { deposit, type World } from '#test/contract/hub.ts';
import { REFERENTIAL } from '#test/contract/referential.ts';
import { TELEDOSSIERS } from '#test/contract/teledossiers.ts';
import { type Called, call, type Json, type Partner } from '#test/contract/wire.ts';
import { deposit as nativeDeposit, V1 } from '#test/native/calls.ts';
import { arbitraryOf, mutated, queryOf, words } from './arbitrary.ts';

/**
 * Every operation of the published document under random input: never a 5xx but 503 with Retry-After, never a
 * status or a member that is not in the document. A failure prints its seed and path: pass them to `fc.assert`.
 */

/** Per operation: all of them take a minute, or a quarter of it beside everything else. */
const RUNS = 300;
const LIMIT_MS = share(900, 250);

const ROWS = [...TELEDOSSIERS, ...REFERENTIAL];

let portal: Portal;
let agents: AgentCaller[];
let world: World;
let document: Json;
let values: Record<string, string[]>;
before(async () => {
  portal = await Portal.open();
  world = portal.world;
  agents = [
    await portal.hired('admin@orly.test', ORLY, { role: 'administrator' }),
    await portal.working('admin@orly.test', undefined),
  ];
  document = (await call(world.url, 'GET', '/openapi.json')).json;
  values = await known();
});
after(() => portal.stop());

const refer = (reference: string): Json => document.components.schemas[reference.split('/').at(-1) as string];

/** A schema without references that admits no member it does not name. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  if (schema.$ref !== undefined) return closed(refer(schema.$ref));
  const copy = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return copy['properties'] === undefined ? copy : { ...copy, additionalProperties: false };
}

const validators = new Map<Json, Validator>();
function validator(schema: Json): Validator {
  const made = validators.get(schema) ?? Compile(closed(schema));
  validators.set(schema, made);
  return made;
}

/** Ids that exist, so that random calls meet real objects. */
async function known(): Promise<Record<string, string[]>> {
  const complete = await deposit(world.dgs, {});
  const waiting = await deposit(world.dgs, {}, false);
  const path = `/teledossiers/v1/cases/${complete.cases[0].id}/events`;
  const files = [{ fileName: 'a.pdf', type: 'x', size: 64, mimeType: 'application/pdf' }];
  const sent = (await world.orly.post(path, { actionType: 'COM_ADD', notification: true })).json;
  const open = (await world.orly.post(path, { actionType: 'ATTACH_DEPOSIT', notification: true, attachments: files }))
    .json;
  await world.orly.upload(`${path}/${open.id}/attachments/${open.attachments[0].id}`, pdf(64));
  const notes = (await world.orly.get('/teledossiers/v1/notifications')).json;
  return {
    folderId: [complete.id, waiting.id],
    caseId: [complete.cases[0].id, waiting.cases[0].id],
    eventId: [sent.id, open.id],
    attachmentId: [complete.attachments[0].id, waiting.attachments[0].id, open.attachments[0].id],
    notificationId: notes.map(({ id }: Json) => id),
    subscriptionId: [...world.subscriptions.values()],
    consumer: ['logiciel'],
    // one that is nobody's: test/webhooks knows the others
    webhookId: [complete.id],
    code: ['CERTDC'],
    id: [keyOf(ORLY), randomUUID()],
    clientId: ['nobody'],
    decisionId: [sent.id],
    // one that is nobody's: test/desk knows the others
    bulkId: [complete.id],
    exportId: [(await agents[0]!.post('/relais/v1/exports', { format: 'csv' })).json.id],
    slug: [(await agents[0]!.post('/relais/v1/views', { name: 'À voir', filter: 'view=waiting' })).json.slug],
    // ones that are nobody's: test/agents knows the others
    templateId: [complete.id],
    passkeyId: ['0123456789abcdef0123456789abcdef'],
    agentId: [(await portal.invite('autre@orly.test', ORLY)).id],
  };
}

/** Words a path can carry: an empty one, a dot and two dots make it another path. */
const segments = words.filter((word) => !['', '.', '..'].includes(word));

interface Asked {
  path: string;
  body: unknown;
  partner: Partner;
}

/** Bodies of an operation: of its schema, or a good one of the table with a few members changed. */
function bodies(method: string, path: string, operation: Json): fc.Arbitrary<unknown> {
  const content = operation.requestBody?.content;
  if (content?.['application/octet-stream']) return fc.uint8Array({ maxLength: 300 });
  if (content?.[NDJSON]) {
    const line = arbitraryOf('', content[NDJSON].schema, refer);
    const lines = fc.oneof(line, mutated(native({ idempotencyKey: 'k' })), words);
    return fc
      .array(lines, { maxLength: 6 })
      .map((some) => Buffer.from(some.map((one) => `${JSON.stringify(one)}\n`).join('')));
  }
  const schema = content?.['application/json']?.schema;
  if (schema === undefined) return fc.constant(undefined);
  const good =
    path === `${V1}/folders` ? () => native() : ROWS.find((row) => row.path === path && row.method === method)?.body;
  const formed = arbitraryOf('', schema, refer);
  return good === undefined ? formed : fc.oneof(formed, mutated(good()));
}

/** A deposit in one call that is accepted. */
const native = (more: object = {}): Json => ({ ...more, ...nativeDeposit({ to: [ORLY] }) });

function requests(method: string, path: string, operation: Json): fc.Arbitrary<Asked> {
  const ids = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) =>
    fc.oneof(
      { weight: 10, arbitrary: fc.constantFrom(...(values[name as string] as string[])) },
      { weight: 1, arbitrary: fc.uuid() },
      { weight: 1, arbitrary: segments },
    ),
  );
  const queries: string[] = operation.parameters.filter((one: Json) => one.in === 'query').map((one: Json) => one.name);
  const query = fc.record(Object.fromEntries([...queries, 'unknown'].map((name) => [name, queryOf(name)])), {
    requiredKeys: [],
  });
  const scopes: string[] = operation.security[0].client;
  const all = [world.dgs, world.orly, world.admin, world.datapass, portal.client, ...agents];
  const partners = all.filter(({ scope }) => scopes.includes(scope));
  return fc
    .record({
      ids: fc.tuple(...ids),
      query,
      body: bodies(method, path, operation),
      partner: fc.constantFrom(...partners),
    })
    .map((made) => {
      let at = 0;
      const filled = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(made.ids[at++] as string));
      const search = new URLSearchParams(Object.entries(made.query as Record<string, string>)).toString();
      return { path: search === '' ? filled : `${filled}?${search}`, body: made.body, partner: made.partner };
    });
}

const NDJSON = 'application/x-ndjson';

function judgeLines(schema: Json, { text }: Called): void {
  const check = validator(schema);
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const json: Json = JSON.parse(line);
    const right: boolean = check.Check(json);
    assert(right, `${JSON.stringify(check.Errors(json))} in ${line.slice(0, 500)}`);
    assert(json.status < 500, line.slice(0, 500));
  }
}

function judge(operation: Json, answer: Called): void {
  const told = `${answer.status} ${answer.text.slice(0, 500)}`;
  if (answer.status >= 500) {
    assert.equal(answer.status, 503, told);
    assert(answer.headers['retry-after'], told);
  }
  const documented = operation.responses[answer.status];
  assert(documented, `status is in the document: ${told}`);
  const media =
    answer.headers['content-type'] === 'application/problem+json' ? 'application/problem+json' : 'application/json';
  if (documented.content?.[NDJSON] && media === 'application/json') {
    judgeLines(documented.content[NDJSON].schema, answer);
    return;
  }
  const schema = documented.content?.[media]?.schema;
  if (schema === undefined) {
    if (documented.content === undefined) assert.equal(answer.bytes.length, 0, told);
    return;
  }
  const check = validator(schema);
  assert(check.Check(answer.json), `${JSON.stringify(check.Errors(answer.json))} in ${told}`);
}

const send = ({ path, body, partner }: Asked, method: string, headers: Record<string, string>): Promise<Called> => {
  if (body instanceof Uint8Array) return partner.call(method, path, { body, headers });
  return partner.call(method, path, body === undefined ? { headers } : { json: body, headers });
};

test('every operation answers random requests as the document says', async (context) => {
  for (const [path, operations] of Object.entries(document.paths as Json)) {
    for (const [name, operation] of Object.entries(operations as Json) as [string, Json][]) {
      // An answer without an end is read in test/feed.
      if (operation.security.length === 0 || path.endsWith('/stream')) continue;
      const method = name.toUpperCase();
      const overridden = operation.parameters.some((one: Json) => one.name === 'X-HTTP-Method-Override');
      const headers = (): Record<string, string> => ({
        ...(overridden && { 'X-HTTP-Method-Override': 'PATCH' }),
        ...(operation.parameters.some((one: Json) => one.name === 'idempotency-key') && {
          'Idempotency-Key': randomUUID(),
        }),
        ...(operation.requestBody?.content?.[NDJSON] && { 'Content-Type': NDJSON }),
      });
      // an agent's token lives two minutes
      await Promise.all(agents.map((one) => one.login()));
      await context.test(`${method} ${path}`, () =>
        fc.assert(
          fc.asyncProperty(requests(method, path, operation), async (asked) =>
            judge(operation, await send(asked, method, headers())),
          ),
          { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS },
        ),
      );
    }
  }
});

test('the token endpoint answers random bodies in the form of OAuth2', async () => {
  const operation = document.paths['/oauth2/token'].post;
  const types = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain');
  const authorization = fc.oneof(
    words.map((word) => `Basic ${Buffer.from(word).toString('base64')}`),
    fc.constant('Basic ==='),
  );
  // a NUL is no text: the transport refuses it before the endpoint is asked, in its own form
  const texts = fc.oneof(words, fc.json()).filter((text) => !text.includes('\0'));
  await fc.assert(
    fc.asyncProperty(texts, types, authorization, async (body, type, credentials) => {
      const headers = { 'Content-Type': type, Authorization: credentials };
      judge(operation, await call(world.url, 'POST', '/oauth2/token', { body, headers }));
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS },
  );
});

test('the hub goes on: a new démarche is opened, and a deposit goes through', async () => {
  const { admin, dgs } = world;
  assert.equal((await admin.post('/referential/v1/processes', process('AFTER', DGS))).status, 201);
  assert.equal((await admin.post('/referential/v1/subscriptions', subscription('AFTER', ORLY))).status, 201);
  assert.equal((await deposit(dgs, { processCode: 'AFTER' })).globalStatus, 'HUBEE_NOTIFIED');
});
