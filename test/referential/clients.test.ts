import assert from 'node:assert/strict';
import { test } from 'node:test';
import { organizationBody, processBody, subscriptionBody } from './bodies.ts';
import { SENDER, TOWN } from './samples.ts';
import { Stack } from './stack.ts';

const ALL = '/admin/v1/clients';

type Row = Record<string, unknown>;
interface Made extends Row {
  clientId: string;
  clientSecret: string;
}
const message = (body: unknown) => (body as { errors?: { message: string }[] }).errors?.[0]?.message;

async function populated() {
  const stack = await Stack.open();
  const admin = await stack.admin();
  await stack.call('POST /referential/v1/organizations', admin, { body: organizationBody() });
  await stack.call('POST /referential/v1/organizations', admin, { body: organizationBody(SENDER) });
  await stack.call('POST /referential/v1/processes', admin, { body: processBody() });
  const { body } = await stack.call('POST /referential/v1/subscriptions', admin, { body: subscriptionBody() });
  const create = async (asked: object): Promise<Made> => {
    const made = await stack.call(`POST ${ALL}`, admin, { body: asked });
    assert.equal(made.status, 201, message(made.body));
    return made.body as Made;
  };
  return { stack, admin, create, subscriptionId: String((body as Row)['id']) };
}

test('a recipient’s client is bound to its subscription; its secret is shown once and stored nowhere', async () => {
  const { stack, admin, create, subscriptionId } = await populated();
  const { clientId, clientSecret, ...rest } = await create({ scope: 'SI', subscriptionId });
  assert.deepEqual(rest, {
    scope: 'SI',
    organization: TOWN,
    subscriptionId,
    processCodes: null,
    rights: null,
    createDateTime: '2026-03-02T09:00:00.000+00:00',
    rotateDateTime: null,
    previousSecretValidUntil: null,
    revokeDateTime: null,
  });
  assert.equal(Buffer.from(clientSecret, 'base64url').length, 32);
  assert.match(clientId, /^[\x21-\x39\x3b-\x7e]+$/);
  assert.ok(await stack.token(clientId, clientSecret, 'SI'));
  const { body, headers } = await stack.call(`GET ${ALL}`, admin);
  assert.deepEqual(body, [{ clientId, ...rest }]);
  assert.equal(headers['Content-Range'], 'Clients 0-0/1');
  for (const text of stack.source.texts.values()) assert.ok(!text.includes(clientSecret));
});

test('answers that show a secret are kept by no cache', async () => {
  const { stack, admin } = await populated();
  const { headers } = await stack.call(`POST ${ALL}`, admin, { body: { scope: 'OSL', organization: SENDER } });
  assert.equal(headers['Cache-Control'], 'no-store');
});

test('a partner’s client has démarches, and rights given apart; both unless told', async () => {
  const { stack, create } = await populated();
  const asked = { scope: 'PARTNER', organization: SENDER, processCodes: ['EtatCivil', 'EtatCivil'] };
  const { clientId, clientSecret, ...both } = await create(asked);
  assert.deepEqual([both['processCodes'], both['rights']], [['EtatCivil'], ['read', 'write']]);
  assert.ok(await stack.token(clientId, clientSecret, 'PARTNER'));
  const one = await create({ ...asked, rights: ['write', 'write'] });
  assert.deepEqual(one['rights'], ['write']);
});

test('a portal’s client has no organization, and its token is of its scope only', async () => {
  const { stack, create } = await populated();
  const { clientId, clientSecret, ...shown } = await create({ scope: 'PORTAL' });
  assert.deepEqual([shown['scope'], shown['organization'], shown['processCodes']], ['PORTAL', null, null]);
  assert.ok(await stack.token(clientId, clientSecret, 'PORTAL'));
});

const REFUSED: [name: string, body: object, expected: RegExp][] = [
  ['no scope', {}, /missing required properties \(\["scope"\]\)/],
  ['an unknown scope', { scope: 'ALL' }, /not found in enum/],
  ['an agent, who signs in', { scope: 'AGENT' }, /not found in enum/],
  ['a recipient without subscription', { scope: 'SI', organization: TOWN }, /\(\["subscriptionId"\]\)/],
  ['a sender without organization', { scope: 'OSL' }, /\(\["organization"\]\)/],
  ['a subscription id that is none', { scope: 'SI', subscriptionId: 'x' }, /"x" is not a valid UUID/],
  [
    'an unknown subscription',
    { scope: 'SI', subscriptionId: '01970000-0000-7640-8000-000000000000' },
    /does not exist/,
  ],
  ['a partner without organization', { scope: 'PARTNER', processCodes: ['EtatCivil'] }, /\(\["organization"\]\)/],
  ['a partner without démarche', { scope: 'PARTNER', organization: SENDER }, /\(\["processCodes"\]\)/],
  ['a partner of no démarche', { scope: 'PARTNER', organization: SENDER, processCodes: [] }, /Array is too short/],
  [
    'a partner of an unknown démarche',
    { scope: 'PARTNER', organization: SENDER, processCodes: ['EtatCivil', 'Rien'] },
    /Process Rien does not exist/,
  ],
  [
    'a partner with a right there is not',
    { scope: 'PARTNER', organization: SENDER, processCodes: ['EtatCivil'], rights: ['delete'] },
    /not found in enum/,
  ],
  [
    'a partner that neither sends nor receives',
    { scope: 'PARTNER', organization: { ...SENDER, type: 'Admin' }, processCodes: ['EtatCivil'] },
    /organization of type OSL or SI/,
  ],
  ['a town as sender', { scope: 'OSL', organization: TOWN }, /organization of type OSL/],
];
for (const [name, body, expected] of REFUSED) {
  test(`refused: ${name}`, async () => {
    const { stack, admin } = await populated();
    const answer = await stack.call(`POST ${ALL}`, admin, { body });
    assert.equal(answer.status, 400);
    assert.match(String(message(answer.body)), expected);
  });
}

test('a rotation: the new secret at once, the old one until the stated time', async () => {
  const { stack, admin, create } = await populated();
  const made = await create({ scope: 'OSL', organization: SENDER });
  const rotated = await stack.call(`POST ${ALL}/${made.clientId}/rotate`, admin, { body: { overlapSeconds: 60 } });
  assert.equal(rotated.status, 200);
  const { clientSecret, previousSecretValidUntil } = rotated.body as Made;
  assert.notEqual(clientSecret, made.clientSecret);
  assert.equal(previousSecretValidUntil, '2026-03-02T09:01:00.000+00:00');
  assert.ok(await stack.token(made.clientId, clientSecret, 'OSL'));
  assert.ok(await stack.token(made.clientId, made.clientSecret, 'OSL'));
  stack.world.now += 60_000;
  await assert.rejects(stack.token(made.clientId, made.clientSecret, 'OSL'), /invalid_client/);
  assert.ok(await stack.token(made.clientId, clientSecret, 'OSL'));
  const day = await stack.call(`POST ${ALL}/${made.clientId}/rotate`, admin);
  assert.equal((day.body as Row)['previousSecretValidUntil'], '2026-03-03T09:01:00.000+00:00');
  const refused = await stack.call(`POST ${ALL}/${made.clientId}/rotate`, admin, { body: { overlapSeconds: -1 } });
  assert.equal(refused.status, 400);
  assert.equal(message((await stack.call(`POST ${ALL}/none/rotate`, admin)).body), 'Client is not found');
});

test('a revocation: secrets and tokens end with its answer', async () => {
  const { stack, admin, create } = await populated();
  const made = await create({ scope: 'ADMIN', organization: { ...TOWN, type: 'Admin' } });
  const token = await stack.token(made.clientId, made.clientSecret, 'ADMIN');
  assert.equal((await stack.call(`GET ${ALL}`, token)).status, 200);
  assert.equal((await stack.call(`DELETE ${ALL}/${made.clientId}`, admin)).status, 204);
  const { status, body } = await stack.call(`GET ${ALL}`, token);
  assert.equal(status, 401);
  assert.equal((body as { errors: { code: number }[] }).errors[0]?.code, 900901);
  await assert.rejects(stack.token(made.clientId, made.clientSecret, 'ADMIN'), /invalid_client/);
  assert.equal((await stack.call(`DELETE ${ALL}/${made.clientId}`, admin)).status, 204);
  assert.equal((await stack.call(`POST ${ALL}/${made.clientId}/rotate`, admin)).status, 400);
  assert.equal((await stack.call(`DELETE ${ALL}/none`, admin)).status, 404);
  const listed = (await stack.call(`GET ${ALL}`, admin)).body as Row[];
  assert.equal(listed[0]?.['revokeDateTime'], '2026-03-02T09:00:00.000+00:00');
});

test('lists: by scope, organization, subscription, and in pages', async () => {
  const { stack, admin, create, subscriptionId } = await populated();
  for (let count = 0; count < 3; count += 1) {
    stack.world.now += 1000;
    await create({ scope: 'OSL', organization: SENDER });
  }
  const recipient = await create({ scope: 'SI', subscriptionId });
  const list = async (query: string) => (await stack.call(`GET ${ALL}?${query}`, admin)).body as Row[];
  assert.equal((await list('scope=OSL')).length, 3);
  assert.deepEqual(
    (await list('scope=SI')).map((row) => row['clientId']),
    [recipient.clientId],
  );
  assert.equal((await list(`subscriptionId=${subscriptionId}`)).length, 1);
  assert.equal((await list(`companyRegister=${SENDER.companyRegister}`)).length, 3);
  assert.equal((await list('offSet=1&maxResult=2')).length, 2);
  assert.equal((await stack.call(`GET ${ALL}?subscriptionId=x`, admin)).status, 400);
  assert.equal((await stack.call(`GET ${ALL}?scope=x`, admin)).status, 400);
});

test('the token endpoint: its headers, and its form of error', async () => {
  const { stack } = await populated();
  const right = await stack.call('POST /token', '', {
    text: 'grant_type=client_credentials&scope=ADMIN&client_id=admin&client_secret=a-secret-of-many-characters',
  });
  assert.equal(right.status, 200);
  assert.equal(right.headers['Cache-Control'], 'no-store');
  const wrong = await stack.call('POST /token', '', {
    text: 'grant_type=client_credentials&scope=ADMIN&client_id=admin',
  });
  assert.equal(wrong.status, 401);
  assert.match(String(wrong.headers['WWW-Authenticate']), /^Basic /);
  assert.deepEqual(wrong.body, {
    error_description: 'A valid OAuth client could not be found for client_id: admin',
    error: 'invalid_client',
  });
});
