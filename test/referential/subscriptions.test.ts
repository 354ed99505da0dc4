import assert from 'node:assert/strict';
import { test } from 'node:test';
import { organizationBody, processBody, subscriptionBody } from './bodies.ts';
import { SENDER, TOWN } from './samples.ts';
import { Stack } from './stack.ts';

const ALL = '/referential/v1/subscriptions';
const UNKNOWN = '01970000-0000-7640-8000-000000000000';

type Row = Record<string, unknown>;
const message = (body: unknown) => (body as { errors?: { message: string }[] }).errors?.[0]?.message;

async function populated(): Promise<{ stack: Stack; admin: string }> {
  const stack = await Stack.open();
  const admin = await stack.admin();
  await stack.call('POST /referential/v1/organizations', admin, { body: organizationBody() });
  await stack.call('POST /referential/v1/organizations', admin, { body: organizationBody(SENDER) });
  await stack.call('POST /referential/v1/processes', admin, { body: processBody() });
  return { stack, admin };
}

test('created, with every member present and the name of the subscriber', async () => {
  const { stack, admin } = await populated();
  const { status, body } = await stack.call(`POST ${ALL}`, admin, { body: subscriptionBody() });
  assert.equal(status, 201);
  const { id, creationDateTime, ...rest } = body as Row;
  assert.match(String(id), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(creationDateTime, '2026-03-02T09:00:00.000+00:00');
  assert.deepEqual(rest, {
    ...subscriptionBody(),
    subscriber: { ...TOWN, name: 'Mairie de Melun' },
    accessMode: null,
    status: 'Inactif',
    email: null,
    delegationActor: null,
    activateDateTime: null,
    validateDateTime: null,
    rejectDateTime: null,
    endDateTime: null,
    updateDateTime: null,
    rejectionReason: null,
  });
  assert.deepEqual((await stack.call(`GET ${ALL}/${id}`, admin)).body, body);
});

test('refused in the words clients search for', async () => {
  const { stack, admin } = await populated();
  const refused = async (body: object) => {
    const answer = await stack.call(`POST ${ALL}`, admin, { body });
    assert.equal(answer.status, 400);
    return message(answer.body);
  };
  assert.equal(
    await refused({}),
    'Bad Request : Validation failed.\n[ERROR][REQUEST][POST /referential/v1/subscriptions @body] Object has missing required properties (["datapassId","localAdministrator","notificationFrequency","processCode","subscriber"])',
  );
  assert.match(String(await refused(subscriptionBody({ localAdministrator: { email: 'camille' } }))), /email'\] ECMA/);
  assert.match(String(await refused(subscriptionBody({ status: 'actif' }))), /possible values/);
  assert.match(String(await refused(subscriptionBody({ activateDateTime: 'demain' }))), /RFC 3339/);
  await stack.call(`POST ${ALL}`, admin, { body: subscriptionBody() });
  assert.equal(
    await refused(subscriptionBody()),
    'Subscription EtatCivil for organization SI-21770288300018-77288 already exists',
  );
});

test('what an enrolment client does after «already exists»: the first of the list, sent back with Actif', async () => {
  const { stack, admin } = await populated();
  await stack.call(`POST ${ALL}`, admin, { body: subscriptionBody({ rejectionReason: 'incomplet' }) });
  stack.world.now += 1000;
  await stack.call(`POST ${ALL}`, admin, { body: subscriptionBody() });
  const { body, headers } = await stack.call(
    `GET ${ALL}?companyRegister=${TOWN.companyRegister}&processCode=EtatCivil`,
    admin,
  );
  const [first, last] = body as [Row, Row];
  assert.deepEqual([first['status'], last['status']], ['Inactif', 'Refusé']);
  assert.equal(headers['Content-Range'], 'Susbscriptions 0-1/2');

  const { id, creationDateTime, ...rest } = first;
  stack.world.now += 1000;
  const sent = { ...rest, localAdministrator: { email: 'Camille.FICTIF@melun.test' }, status: 'Actif' };
  const put = await stack.call(`PUT ${ALL}/${id}`, admin, { body: sent });
  assert.equal(put.status, 200);
  const expected = { ...first, status: 'Actif', updateDateTime: '2026-03-02T09:00:02.000+00:00' };
  assert.deepEqual(put.body, expected);
  assert.deepEqual((await stack.call(`GET ${ALL}/${id}`, admin)).body, expected);
  const { status: _, ...silent } = sent;
  assert.equal(((await stack.call(`PUT ${ALL}/${id}`, admin, { body: silent })).body as Row)['status'], 'Actif');
});

const ACTORS: [name: string, given: unknown, answered: unknown][] = [
  ['null', null, null],
  ['all members null', { email: null, firstName: null, type: null, companyRegister: null, branchCode: null }, null],
  ['an empty object', {}, null],
  [
    'an editor',
    { type: 'EDT', companyRegister: '13000918600011', branchCode: '00000' },
    { type: 'EDT', companyRegister: '13000918600011', branchCode: '00000' },
  ],
  [
    'a person',
    { email: 'dominique@agence.test', lastName: 'Fictif' },
    {
      email: 'dominique@agence.test',
      firstName: null,
      lastName: 'Fictif',
      function: null,
      phoneNumber: null,
      mobileNumber: null,
    },
  ],
];
for (const [name, given, answered] of ACTORS) {
  test(`delegation actor: ${name}`, async () => {
    const { stack, admin } = await populated();
    const { status, body } = await stack.call(`POST ${ALL}`, admin, {
      body: subscriptionBody({ delegationActor: given }),
    });
    assert.equal(status, 201, message(body));
    assert.deepEqual((body as Row)['delegationActor'], answered);
  });
}

test('dates of any offset come in, milliseconds and +00:00 go out; the day of activation counts at once', async () => {
  const { stack, admin } = await populated();
  const activateDateTime = '2026-03-02T23:30:00.1+01:00';
  const { body } = await stack.call(`POST ${ALL}`, admin, { body: subscriptionBody({ activateDateTime }) });
  assert.equal((body as Row)['activateDateTime'], '2026-03-02T22:30:00.100+00:00');
  assert.equal((body as Row)['status'], 'Actif');
});

async function many(stack: Stack, admin: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const subscriber = { ...TOWN, branchCode: String(index) };
    stack.world.now += 1000;
    await stack.call('POST /referential/v1/organizations', admin, { body: organizationBody(subscriber) });
    const over = { subscriber, datapassId: 1000 - index, status: index % 3 === 0 ? 'Suspendu' : 'Actif' };
    const delegationActor = index === 4 ? { email: 'Dominique@agence.test' } : null;
    const made = await stack.call(`POST ${ALL}`, admin, { body: subscriptionBody({ ...over, delegationActor }) });
    assert.equal(made.status, 201, message(made.body));
  }
}

test('lists: filters, order and Content-Range', async () => {
  const { stack, admin } = await populated();
  await many(stack, admin, 30);
  await stack.call('POST /referential/v1/processes', admin, { body: processBody({ code: 'PACS' }) });
  await stack.call(`POST ${ALL}`, admin, { body: subscriptionBody({ processCode: 'PACS' }) });
  const list = async (query: string) => {
    const { status, body, headers } = await stack.call(`GET ${ALL}${query}`, admin);
    assert.equal(status, 200, message(body));
    return { ids: (body as Row[]).map((row) => row['datapassId']), range: headers['Content-Range'] };
  };
  assert.deepEqual((await list('')).range, 'Susbscriptions 0-24/31');
  assert.equal((await list('?offSet=25')).range, 'Susbscriptions 25-30/31');
  assert.equal((await list('?offSet=40')).range, 'Susbscriptions */31');
  assert.equal((await list('?processCode=none')).range, 'Susbscriptions */0');
  assert.equal((await list('?processCode=PACS&processCode=EtatCivil')).range, 'Susbscriptions 0-24/31');
  assert.equal((await list('?processCode=PACS,none')).range, 'Susbscriptions 0-0/1');
  assert.equal((await list('?status=Suspendu')).range, 'Susbscriptions 0-9/10');
  assert.deepEqual((await list('?delegationActorEmail=dominique@agence.test')).ids, [996]);
  assert.deepEqual((await list('?processCode=EtatCivil&orderBy=asc(datapass_id)&maxResult=2')).ids, [971, 972]);
  assert.deepEqual((await list('?processCode=EtatCivil&orderBy=desc(datapass_id)&maxResult=2')).ids, [1000, 999]);
  assert.deepEqual((await list('?processCode=EtatCivil&maxResult=2')).ids, [1000, 999]);
  assert.equal((await list('?maxResult=5000')).ids.length, 31);
});

const FAULTS: [query: string, place: string, detail: RegExp][] = [
  ['processType=x', 'query.processType', /^Query parameter 'processType' is unexpected on path "\/subscriptions"$/],
  ['maxResult=x', 'query.maxResult', /allowed: \["integer"\]/],
  ['offSet=-1', 'query.offSet', /lower than the required minimum/],
  ['companyRegister=123', 'query.companyRegister', /does not match input string/],
  ['orderBy=asc(password)', 'query.orderBy', /not found in enum/],
  ['orderBy=asc(status', 'query.orderBy', /does not match input string/],
  ['orderBy=asc(constructor)', 'query.orderBy', /not found in enum/],
  ['delegationActorEmail=x', 'query.delegationActorEmail', /does not match input string/],
];
for (const [query, place, detail] of FAULTS) {
  test(`lists refuse ${query}`, async () => {
    const { stack, admin } = await populated();
    const { status, body } = await stack.call(`GET ${ALL}?${query}`, admin);
    assert.equal(status, 400);
    const prefix = `Bad Request : Validation failed.\n[ERROR][REQUEST][GET /referential/v1/subscriptions @${place}] `;
    const text = String(message(body));
    assert.ok(text.startsWith(prefix), text);
    assert.match(text.slice(prefix.length), detail);
  });
}

test('ids: none, unknown, and those of another sender', async () => {
  const { stack, admin } = await populated();
  const made = await stack.call(`POST ${ALL}`, admin, { body: subscriptionBody() });
  const id = (made.body as Row)['id'];
  const wrong = await stack.call(`GET ${ALL}/23133`, admin);
  assert.equal(
    message(wrong.body),
    'Bad Request : Validation failed.\n[ERROR][REQUEST][GET /referential/v1/subscriptions/23133 @path.subscriptionId] Input string "23133" is not a valid UUID',
  );
  assert.equal(message((await stack.call(`GET ${ALL}/${UNKNOWN}`, admin)).body), 'Subscription is not found');
  assert.equal((await stack.call(`PUT ${ALL}/${UNKNOWN}`, admin, { body: subscriptionBody() })).status, 404);

  const sender = async (organization: object) => {
    await stack.call('POST /referential/v1/organizations', admin, { body: organizationBody(organization) });
    const client = await stack.call('POST /admin/v1/clients', admin, { body: { scope: 'OSL', organization } });
    const { clientId, clientSecret } = client.body as { clientId: string; clientSecret: string };
    return stack.token(clientId, clientSecret, 'OSL');
  };
  const own = await sender(SENDER);
  const other = await sender({ ...SENDER, companyRegister: '13000918600029' });
  assert.equal((await stack.call(`GET ${ALL}/${id}`, own)).status, 200);
  assert.equal((await stack.call(`GET ${ALL}/${id}`, other)).status, 403);
  assert.equal((await stack.call(`GET ${ALL}/${UNKNOWN}`, other)).status, 404);
  assert.equal(
    (await stack.call(`GET ${ALL}?processCode=EtatCivil`, own)).headers['Content-Range'],
    'Susbscriptions 0-0/1',
  );
  assert.equal(
    (await stack.call(`GET ${ALL}?processCode=EtatCivil`, other)).headers['Content-Range'],
    'Susbscriptions */0',
  );
});
