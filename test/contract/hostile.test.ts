import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { only } from './acts.ts';
import { DGS, DILA, process as démarche, folder, MEAUX, ORLY, organization, subscription } from './country.ts';
import { deposit, drain, notifications, startHub, type World } from './hub.ts';
import { assertDone, assertError, assertShape } from './shape.ts';
import { type Called, call, type Json, Partner } from './wire.ts';

/** Texts, credentials and subscriptions of partners that are careless, or hostile. */

const API = '/teledossiers/v1';
const FOLDERS = `${API}/folders`;

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());
afterEach(() => drain(world.dgs, world.orly, world.orlyCivil, world.meaux, world.admin));

const statuses = (answers: readonly Called[]): number[] => answers.map(({ status }) => status).sort();

describe('texts that are no honest texts', () => {
  test('codes every object has as a member are codes like others', async () => {
    for (const code of ['__proto__', 'constructor', 'toString']) {
      const sure = async (path: string, body: unknown): Promise<Json> => {
        const answer = await world.admin.post(path, body);
        assert.equal(answer.status, 201, answer.text);
        return answer.json;
      };
      await sure('/referential/v1/processes', démarche(code, DGS));
      assertError(await world.dgs.post(FOLDERS, folder({ processCode: code })), 400, /does not suscribed/);
      const { id: subscriptionId } = await sure('/referential/v1/subscriptions', subscription(code, ORLY));
      const { clientId, clientSecret } = await sure('/admin/v1/clients', { scope: 'SI', subscriptionId });
      const town = await new Partner(world.url, 'SI', clientId, clientSecret).login();
      const made = await deposit(world.dgs, { processCode: code });
      const told = await only(town);
      assert.equal(told.processCode, code);
      assert.equal(told.caseId, made.cases[0].id);
      assert.deepEqual(await notifications(world.orly), []);
      assert.equal((await town.get(`${API}/notifications?processCode=${code}&processPriority=${code}`)).json.length, 1);
      assertDone(await town.remove(`${API}/notifications/${told.id}`));
    }
  });

  test('are given back as they came', async () => {
    const odd = [
      '😀'.repeat(10),
      '\ud800 seul',
      'e\u0301\u202e\u2028',
      '"\\/\b\f\n\r\t',
      '<script>',
      "'; --",
      '%00%0d%0a',
    ];
    const body = folder({ to: odd.map(() => ORLY) });
    for (const [index, text] of odd.entries()) {
      (body.cases[index] as Json).externalId = text;
      (body.cases[index] as Json).partnerAttributes = text;
    }
    const [file] = body.attachments as Json[];
    file.recipients = odd;
    file.fileName = odd.join('');
    const made = await world.dgs.post(FOLDERS, body);
    assert.equal(made.status, 201, made.text);
    assertShape('Folder', made.json);
    for (const seen of [made.json, (await world.dgs.get(`${FOLDERS}/${made.json.id}`)).json]) {
      assert.deepEqual(
        seen.cases.map(({ externalId }: Json) => externalId),
        odd,
      );
      assert.deepEqual(seen.attachments[0].recipients, odd);
      assert.equal(seen.attachments[0].fileName, odd.join(''));
    }
  });

  test('lengths count characters, not bytes', async () => {
    const body = (name: string) => ({ ...folder({}), applicant: { firstName: name, lastName: 'x' } });
    for (const char of ['é', '😀']) {
      assert.equal((await world.dgs.post(FOLDERS, body(char.repeat(255)))).status, 201);
      assertError(await world.dgs.post(FOLDERS, body(char.repeat(256))), 400, /too long/);
    }
    assertError(await world.dgs.post(FOLDERS, body(`e${'\u0301'.repeat(300)}`)), 400, /too long/);
  });

  test('an address with a line break is refused', async () => {
    for (const email of ['"a\r\nBcc: b"@c.fr', 'a@b.fr\r\nBcc: c@d.fr', '"a b"@c.fr', 'a@b.fr,c@d.fr']) {
      assertError(
        await world.admin.post('/referential/v1/subscriptions', subscription('EtatCivil', MEAUX, { email })),
        400,
      );
      assertError(
        await world.admin.post('/referential/v1/organizations', { ...organization(DILA, 'x'), email }),
        400,
        /@body/,
      );
    }
  });

  test('in a path make no header', async () => {
    for (const path of [
      '/referential/v1/organizations/SI-1%0d%0aSet-Cookie:%20a=b',
      `${API}/cases/%0d%0aX-Evil:%201`,
      `${API}/cases/%2e%2e%2ffolders`,
      `${API}/cases/..%2f..%2fadmin`,
      '/referential/v1/processes/%00',
      '/referential/v1/processes/__proto__%0d%0a',
    ]) {
      const answer = await world.admin.get(path);
      assert([400, 404].includes(answer.status), `${path}: ${answer.status}`);
      assert.equal(answer.headers['set-cookie'], undefined);
      assert.equal(answer.headers['x-evil'], undefined);
      assertError(answer, answer.status);
    }
  });
});

describe('credentials', () => {
  const fresh = async (): Promise<Partner> => {
    const made = (await world.admin.post('/admin/v1/clients', { scope: 'OSL', organization: DGS })).json;
    return new Partner(world.url, 'OSL', made.clientId, made.clientSecret).login();
  };

  test('revoked end at once, tokens too', async () => {
    const partner = await fresh();
    assert.equal((await partner.get(`${API}/notifications`)).status, 200);
    assertDone(await world.admin.remove(`/admin/v1/clients/${partner.clientId}`));
    const answer = await partner.get(`${API}/notifications`);
    assert.equal(answer.status, 401);
    assert.equal(answer.json.errors[0].code, 900901);
    await assert.rejects(partner.login(), /401/);
    await assert.rejects(
      fresh().then((other) => Object.assign(other, { clientSecret: 'x' }).login()),
      /401/,
    );
  });

  test('rotated without overlap end at once; tokens live on', async () => {
    const partner = await fresh();
    const turned = await world.admin.post(`/admin/v1/clients/${partner.clientId}/rotate`, { overlapSeconds: 0 });
    assert.equal(turned.status, 200);
    await assert.rejects(partner.login(), /401/);
    assert.equal((await partner.get(`${API}/notifications`)).status, 200);
    await new Partner(world.url, 'OSL', partner.clientId, turned.json.clientSecret).login();
  });

  test('of prototypes are unknown', async () => {
    for (const id of ['__proto__', 'constructor', '', 'x'.repeat(3000)]) {
      const basic = Buffer.from(`${id}:__proto__`).toString('base64');
      const answer = await call(world.url, 'POST', '/token', {
        headers: { Authorization: `Basic ${basic}` },
        body: 'grant_type=client_credentials&scope=OSL',
      });
      assert.equal(answer.status, 401, answer.text);
      assert.equal(answer.json.error, 'invalid_client');
      assert.equal(answer.headers['cache-control'], 'no-store');
    }
  });

  test('a token that was changed is no token', async () => {
    const [period, payload, mac] = world.orly.token.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify([claims[0], 'ADMIN', ...claims.slice(2)])).toString('base64url');
    for (const token of [
      `${period}.${forged}.${mac}`,
      `${period}.${payload}.`,
      `${period}.${payload}`,
      `${period}.${payload}.${mac}x`,
      `${period}x.${payload}.${mac}`,
      `${payload}.${mac}`,
      '..',
    ]) {
      const answer = await call(world.url, 'GET', `${API}/notifications`, { token });
      assert.equal(answer.status, 401, token);
      assert.equal(answer.json.errors[0].code, 900901);
    }
  });
});

describe('a subscription', () => {
  const all = '/referential/v1/subscriptions';
  test('is one per organisation and démarche, refusals apart, and lists last what was refused', async () => {
    const refused = await world.admin.post(
      all,
      subscription('EtatCivil', MEAUX, { status: null, rejectionReason: 'x' }),
    );
    assert.equal(refused.json.status, 'Refusé');
    assert.equal(refused.json.creationDateTime.length, 29);
    const { status: _, ...asked } = subscription('EtatCivil', MEAUX);
    const answers = await Promise.all(Array.from({ length: 4 }, () => world.admin.post(all, asked)));
    assert.deepEqual(statuses(answers), [201, 400, 400, 400]);
    const made = answers.find(({ status }) => status === 201) as Called;
    assert.equal(made.json.status, 'Inactif');
    assertError(
      answers.find(({ status }) => status === 400) as Called,
      400,
      `Subscription EtatCivil for organization SI-${MEAUX.companyRegister}-${MEAUX.branchCode} already exists`,
    );
    const listed = await world.admin.get(`${all}?companyRegister=${MEAUX.companyRegister}&processCode=EtatCivil`);
    assert.equal(listed.headers['content-range'], 'Susbscriptions 0-1/2');
    assert.deepEqual(
      listed.json.map(({ status }: Json) => status),
      ['Inactif', 'Refusé'],
    );
    const [first] = listed.json;
    const { id, creationDateTime: __, ...back } = first;
    const put = await world.admin.put(`${all}/${id}`, {
      ...back,
      status: 'Actif',
      localAdministrator: { email: back.localAdministrator.email },
    });
    assert.equal(put.status, 200, put.text);
    assert.equal(put.json.status, 'Actif');
    assert.equal(put.json.localAdministrator.firstName, 'Ada');
    const { status: ___, ...without } = put.json;
    assert.equal((await world.admin.put(`${all}/${id}`, without)).json.status, 'Actif');
    assertError(await world.admin.put(`${all}/${refused.json.id}`, { ...refused.json, status: 'Actif' }), 400);
    for (const [query, range] of [
      ['&offSet=1', 'Susbscriptions 1-1/2'],
      ['&offSet=9', 'Susbscriptions */2'],
      ['&maxResult=99999999999999999999', 'Susbscriptions 0-1/2'],
      ['&status=Suspendu', 'Susbscriptions */0'],
    ]) {
      const answer = await world.admin.get(
        `${all}?companyRegister=${MEAUX.companyRegister}&processCode=EtatCivil${query}`,
      );
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['content-range'], range);
    }
  });
});
