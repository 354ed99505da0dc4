import assert from 'node:assert/strict';
import { test } from 'node:test';
import { organizationBody, processBody } from './bodies.ts';
import { SENDER, TOWN } from './samples.ts';
import { Stack } from './stack.ts';

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/;
const ORGANIZATIONS = '/referential/v1/organizations';
const PROCESSES = '/referential/v1/processes';
const KEY = 'SI-21770288300018-77288';

type Row = Record<string, unknown>;
const errors = (body: unknown) => (body as { errors: { code: number; message: string }[] }).errors;

test('organization: created with every member present, and seen by the next request', async () => {
  const stack = await Stack.open();
  const admin = await stack.admin();
  const { status, body } = await stack.call(`POST ${ORGANIZATIONS}`, admin, {
    body: organizationBody({ createDateTime: 'ignored', unknown: 1 }),
  });
  assert.equal(status, 201);
  const { createDateTime, updateDateTime, ...rest } = body as Row;
  assert.match(String(createDateTime), DATE);
  assert.equal(updateDateTime, createDateTime);
  assert.deepEqual(rest, { ...organizationBody(), code: null, country: null, phoneNumber: null });
  assert.deepEqual((await stack.call(`GET ${ORGANIZATIONS}/${KEY}`, admin)).body, body);
});

test('organization: already there', async () => {
  const stack = await Stack.open();
  const admin = await stack.admin();
  await stack.call(`POST ${ORGANIZATIONS}`, admin, { body: organizationBody() });
  const { status, body } = await stack.call(`POST ${ORGANIZATIONS}`, admin, { body: organizationBody() });
  assert.equal(status, 400);
  assert.deepEqual(body, { errors: [{ code: 400, message: `Organization ${KEY} already exists` }] });
});

test('organization: all missing members in one message, in alphabetical order', async () => {
  const stack = await Stack.open();
  const { status, body } = await stack.call(`POST ${ORGANIZATIONS}`, await stack.admin(), { body: {} });
  assert.equal(status, 400);
  assert.equal(
    errors(body)[0]?.message,
    'Bad Request : Validation failed.\n[ERROR][REQUEST][POST /referential/v1/organizations @body] Object has missing required properties (["branchCode","companyRegister","email","name","postalCode","status","territory","type"])',
  );
});

test('organization: replaced, unknown, or with an id that is none', async () => {
  const stack = await Stack.open();
  const admin = await stack.admin();
  await stack.call(`POST ${ORGANIZATIONS}`, admin, { body: organizationBody() });
  stack.world.now += 1000;
  const put = await stack.call(`PUT ${ORGANIZATIONS}/${KEY}`, admin, { body: organizationBody({ email: null }) });
  assert.equal(put.status, 200);
  assert.equal((put.body as Row)['email'], null);
  assert.notEqual((put.body as Row)['updateDateTime'], (put.body as Row)['createDateTime']);
  const unknown = await stack.call(`GET ${ORGANIZATIONS}/SI-00000000000000-1`, admin);
  assert.deepEqual(unknown.body, { errors: [{ code: 404, message: 'Organization is not found' }] });
  assert.equal((await stack.call(`GET ${ORGANIZATIONS}/SI-123-1`, admin)).status, 400);
});

test('organization lists: filters under both names, order, pages', async () => {
  const stack = await Stack.open();
  const admin = await stack.admin();
  for (let count = 0; count < 30; count += 1) {
    const companyRegister = String(21_000_000_000_000 + count);
    stack.world.now += 1000;
    await stack.call(`POST ${ORGANIZATIONS}`, admin, {
      body: organizationBody({ companyRegister, name: `town ${String((count * 7) % 30).padStart(2, '0')}` }),
    });
  }
  await stack.call(`POST ${ORGANIZATIONS}`, admin, { body: organizationBody({ ...SENDER, name: 'DILA' }) });
  const names = async (query: string) =>
    ((await stack.call(`GET ${ORGANIZATIONS}?${query}`, admin)).body as Row[]).map((row) => row['name']);
  assert.equal((await names('')).length, 25);
  assert.deepEqual(await names('type=OSL'), ['DILA']);
  assert.deepEqual(await names('company_register=21000000000003'), ['town 21']);
  assert.deepEqual(await names('companyRegister=21000000000003'), ['town 21']);
  assert.deepEqual(await names('companyRegister=1'), []);
  assert.deepEqual(await names('type=SI&orderBy=name&offSet=10&maxResult=2'), ['town 10', 'town 11']);
  assert.deepEqual(await names('orderBy=desc(name)&maxResult=1'), ['town 29']);
  assert.deepEqual(await names('maxResult=100000&eventDetails=true').then((all) => all.length), 31);
  assert.equal((await stack.call(`GET ${ORGANIZATIONS}?orderBy=password`, admin)).status, 400);
  assert.equal((await stack.call(`GET ${ORGANIZATIONS}?maxResult=many`, admin)).status, 400);
});

test('a long list comes in batches, complete and in order', async () => {
  const stack = await Stack.open();
  const admin = await stack.admin();
  for (let count = 0; count < 1200; count += 1) {
    const companyRegister = String(21_000_000_000_000 + count);
    await stack.call(`POST ${ORGANIZATIONS}`, admin, { body: organizationBody({ companyRegister }) });
  }
  const { body } = await stack.call(`GET ${ORGANIZATIONS}?orderBy=company_register&maxResult=5000`, admin);
  const registers = (body as Row[]).map((row) => row['companyRegister']);
  assert.equal(registers.length, 1200);
  assert.deepEqual(registers, registers.toSorted());
});

test('process: defaults for older administration clients, all members present', async () => {
  const stack = await Stack.open();
  const admin = await stack.admin();
  const { status, body } = await stack.call(`POST ${PROCESSES}`, admin, { body: processBody() });
  assert.equal(status, 201);
  const { creationDateTime, ...rest } = body as Row;
  assert.match(String(creationDateTime), DATE);
  assert.deepEqual(rest, {
    ...processBody(),
    description: null,
    siAttachmentFormatsEnabled: [],
    messageWithStatus: true,
    authorizedAwaiting: true,
    legalJustification: null,
    updateDateTime: null,
  });
  const again = await stack.call(`POST ${PROCESSES}`, admin, { body: processBody() });
  assert.equal(errors(again.body)[0]?.message, 'Process EtatCivil already exists');
  const put = await stack.call(`PUT ${PROCESSES}/EtatCivil`, admin, { body: { ...(body as Row), isActivated: false } });
  assert.equal(put.status, 200);
  assert.equal((put.body as Row)['isActivated'], false);
  assert.match(String((put.body as Row)['updateDateTime']), DATE);
  assert.equal((await stack.call(`PUT ${PROCESSES}/none`, admin, { body: processBody({ code: 'none' }) })).status, 404);
});

const FAULTS: [name: string, over: object, detail: string][] = [
  ['a delay below zero', { timeBeforeArchiving: -1 }, "[Path '/timeBeforeArchiving'] Numeric instance is lower"],
  ['a status that is none', { statusBeforeFileDeletion: 'OPEN' }, "[Path '/statusBeforeFileDeletion']"],
  ['a boolean as text', { isActivated: 'true' }, "[Path '/isActivated'] Instance type (string)"],
  ['a code of 31 characters', { code: 'x'.repeat(31) }, "[Path '/code'] String"],
  ['a code with half a character', { code: 'EtatCivil\ud800' }, "[Path '/code'] ECMA"],
  ['a code with a comma', { code: 'A,B' }, "[Path '/code'] ECMA"],
  ['a SIRET of 13 digits', { osl: { ...SENDER, companyRegister: '1300091860001' } }, "[Path '/osl/companyRegister']"],
];
for (const [name, over, detail] of FAULTS) {
  test(`process refused: ${name}`, async () => {
    const stack = await Stack.open();
    const { status, body } = await stack.call(`POST ${PROCESSES}`, await stack.admin(), { body: processBody(over) });
    assert.equal(status, 400);
    const prefix = 'Bad Request : Validation failed.\n[ERROR][REQUEST][POST /referential/v1/processes @body] ';
    assert.ok(errors(body)[0]?.message.startsWith(prefix + detail), errors(body)[0]?.message);
  });
}

test('process lists: of one sender, in order; a sender reads its own démarches only', async () => {
  const stack = await Stack.open();
  const admin = await stack.admin();
  const other = { ...SENDER, companyRegister: '13000918600029' };
  for (const osl of [SENDER, other]) {
    await stack.call(`POST ${ORGANIZATIONS}`, admin, { body: organizationBody(osl) });
  }
  await stack.call(`POST ${PROCESSES}`, admin, { body: processBody({ code: 'PACS', attachmentMaxSizeEnabled: 5 }) });
  await stack.call(`POST ${PROCESSES}`, admin, { body: processBody() });
  await stack.call(`POST ${PROCESSES}`, admin, { body: processBody({ code: 'CERTDC', osl: other }) });
  const codes = async (query: string) =>
    ((await stack.call(`GET ${PROCESSES}?${query}`, admin)).body as Row[]).map((row) => row['code']);
  assert.deepEqual(await codes(''), ['CERTDC', 'EtatCivil', 'PACS']);
  assert.deepEqual(await codes(`companyRegister=${SENDER.companyRegister}`), ['EtatCivil', 'PACS']);
  assert.deepEqual(await codes('orderBy=attachment_max_size_enabled'), ['PACS', 'CERTDC', 'EtatCivil']);

  const made = await stack.call('POST /admin/v1/clients', admin, { body: { scope: 'OSL', organization: SENDER } });
  const { clientId, clientSecret } = made.body as { clientId: string; clientSecret: string };
  const sender = await stack.token(clientId, clientSecret, 'OSL');
  assert.equal((await stack.call(`GET ${PROCESSES}/PACS`, sender)).status, 200);
  assert.equal((await stack.call(`GET ${PROCESSES}/CERTDC`, sender)).status, 403);
  assert.equal((await stack.call(`GET ${PROCESSES}/none`, sender)).status, 404);
  assert.equal((await stack.call(`GET ${PROCESSES}`, sender)).status, 403);
});

test('who may call what', async () => {
  const stack = await Stack.open();
  const admin = await stack.admin();
  await stack.call(`POST ${ORGANIZATIONS}`, admin, { body: organizationBody(SENDER) });
  const client = async (scope: string, organization: object) => {
    const made = await stack.call('POST /admin/v1/clients', admin, { body: { scope, organization } });
    const { clientId, clientSecret } = made.body as { clientId: string; clientSecret: string };
    return stack.token(clientId, clientSecret, scope);
  };
  const enrolment = await client('DATAPASS', { ...TOWN, type: 'Admin' });
  const sender = await client('OSL', SENDER);
  const table: [line: string, enrolment: number, sender: number][] = [
    [`GET ${ORGANIZATIONS}`, 200, 403],
    [`POST ${ORGANIZATIONS}`, 400, 403],
    [`PUT ${ORGANIZATIONS}/${KEY}`, 403, 403],
    [`GET ${PROCESSES}`, 403, 403],
    [`POST ${PROCESSES}`, 403, 403],
    ['GET /referential/v1/subscriptions', 403, 200],
    ['POST /referential/v1/subscriptions', 400, 403],
    ['GET /admin/v1/clients', 403, 403],
  ];
  for (const [line, first, second] of table) {
    assert.equal((await stack.call(line, enrolment, { body: {} })).status, first, `DATAPASS ${line}`);
    assert.equal((await stack.call(line, sender, { body: {} })).status, second, `OSL ${line}`);
    assert.equal((await stack.call(line, '', { body: {} })).status, 401, line);
  }
});

test('headers that name a partner’s software have at most 50 characters', async () => {
  const stack = await Stack.open();
  const admin = await stack.admin();
  const call = (length: number) =>
    stack.call(`GET ${ORGANIZATIONS}`, admin, { headers: { editorname: 'x'.repeat(length) } });
  assert.equal((await call(50)).status, 200);
  assert.equal((await call(51)).status, 400);
});
