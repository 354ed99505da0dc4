import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { allRoutes } from '#api/routes.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Route } from '#api/server/types.ts';
import { deriveKey } from '#engine/client/keys.ts';
import { Portal } from '#test/agents/portal.ts';
import { MEAUX, ORLY } from '#test/contract/country.ts';
import { deposit, enrolPartners, notifications, type World } from '#test/contract/hub.ts';
import { type Called, call, type Json } from '#test/contract/wire.ts';
import { type Given, PARTNERS, type Row, SIGNED_IN, statusFor, WHO } from './callers.ts';
import { ROWS } from './rows.ts';
import { Things } from './things.ts';

/** Every route, every kind of caller, on objects of one exchange: what `rows.ts` says is what the hub does. */

/** Reading the table of routes calls no handler. */
const routes = allRoutes({ auth: {} } as unknown as ApiDeps);
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

let portal: Portal;
let world: World;
let people: Awaited<ReturnType<typeof enrolPeople>>;
let things: Things;
let partners: Awaited<ReturnType<typeof enrolPartners>>;
before(async () => {
  portal = await Portal.open();
  world = portal.world;
  things = new Things(world);
  partners = await enrolPartners(world.admin);
  people = await enrolPeople();
});
after(() => portal.stop());

async function enrolPeople() {
  await portal.invite('none@orly.test', ORLY);
  return {
    orlyAgent: await portal.hired('certdc@orly.test', ORLY, { processCodes: ['CERTDC'] }),
    meauxAgent: await portal.hired('admin@meaux.test', MEAUX, { role: 'administrator' }),
    orlyCivilAgent: await portal.hired('civil@orly.test', ORLY, { processCodes: ['EtatCivil'] }),
    agentOfNone: await portal.working('none@orly.test', undefined),
  };
}

function send(
  route: Route,
  { params = {}, json, query, bytes, headers }: Given,
  token: string | undefined,
  override = false,
) {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? assert.fail(name));
  const target = query === undefined ? path : `${path}?${query}`;
  return call(world.url, override ? 'POST' : route.method, target, {
    ...(token !== undefined && { token }),
    ...(json !== undefined && { json }),
    ...(bytes !== undefined && { body: bytes }),
    headers: { ...headers, ...(override && { 'X-HTTP-Method-Override': 'PATCH' }) },
  });
}

function isRefusal(answer: Called, status: number, code: number): void {
  assert.equal(answer.status, status, answer.text);
  if (answer.headers['content-type'] === 'application/problem+json') {
    assert.equal(answer.json.status, status);
    return;
  }
  assert.equal(answer.json.errors[0].code, code);
  if (status === 403) assert.equal(answer.text, '{"errors":[{"code":403,"message":"Unauthorized user"}]}');
}

it('the table has exactly the routes of the API', () => {
  assert.deepEqual(Object.keys(ROWS).sort(), routes.map(nameOf).sort());
  for (const { expected, partners: theirs, agents } of Object.values(ROWS)) {
    assert.equal(expected.split(' ').length, WHO.length);
    if (theirs !== undefined) assert.equal(theirs.split(' ').length, PARTNERS.length);
    if (agents !== undefined) assert.equal(agents.split(' ').length, SIGNED_IN.length);
  }
});

describe('who may call what', () => {
  for (const route of routes) {
    const row = ROWS[nameOf(route)] as Row;
    const given = async (): Promise<Given> => (await row?.given?.(things)) ?? {};
    for (const override of route.override ? [false, true] : [false]) {
      it(`${nameOf(route)}${override ? ' by POST' : ''}`, async () => {
        // an agent's token lives two minutes
        await Promise.all(Object.values(people).map((one) => one.login()));
        const callers = { ...world, ...partners, ...people, portal: portal.client };
        for (const who of [...WHO, ...PARTNERS, ...SIGNED_IN]) {
          const answer = await send(route, await given(), callers[who].token, override);
          const expected = statusFor(row, who);
          assert.equal(answer.status, expected, `${who}: ${answer.text}`);
          if (expected === 403) isRefusal(answer, 403, 403);
        }
      });
    }
    if (route.scopes === 'public') continue;

    it(`${nameOf(route)}: without a token that is good now, 401 before anything is looked at`, async () => {
      const genuine = await given();
      const none = Object.fromEntries([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name as string, 'x']));
      for (const [token, code] of await badTokens()) {
        for (const one of [genuine, { params: none }, { params: none, json: [] }]) {
          isRefusal(await send(route, one, token), 401, code);
        }
      }
    });
  }
});

/** Tokens of an administrator that are not: none, changed, of another key, revoked. */
let tokens: [string | undefined, number][] | undefined;
async function badTokens(): Promise<[string | undefined, number][]> {
  if (tokens) return tokens;
  const [period, payload, mac] = world.admin.token.split('.') as [string, string, string];
  const key = deriveKey(randomBytes(32), `access tokens ${Number.parseInt(period, 36)}`);
  const foreign = createHmac('sha256', key).update(`${period}.${payload}`).digest('base64url');
  const { json } = await world.admin.post('/admin/v1/clients', { scope: 'ADMIN', organization: ADMINS });
  const basic = Buffer.from(`${json.clientId}:${json.clientSecret}`).toString('base64');
  const body = 'grant_type=client_credentials&scope=ADMIN';
  const headers = { Authorization: `Basic ${basic}` };
  const { access_token: revoked } = (await call(world.url, 'POST', '/token', { headers, body })).json;
  assert.equal((await call(world.url, 'GET', '/admin/v1/clients', { token: revoked })).status, 200);
  await world.admin.remove(`/admin/v1/clients/${json.clientId}`);
  tokens = [
    [undefined, 900902],
    ['', 900902],
    [`${period}.${payload}.${foreign}`, 900901],
    [`${period}.${payload}.${mac}`.slice(0, -1), 900901],
    [revoked, 900901],
  ];
  return tokens;
}
const ADMINS = { type: 'Admin', companyRegister: '13000000000017', branchCode: '00000' };

describe('lists hold what is the caller’s', () => {
  it('notifications, pairs to purge, subscriptions', async () => {
    const folder = await deposit(world.dgs, {});
    const { id } = folder.cases[0];
    await world.dgs.patch(`/teledossiers/v1/cases/${id}`, { status: 'CLOSED' });
    const told = async (who: 'dgs' | 'dila' | 'orly' | 'meaux' | 'orlyCivil' | 'admin') =>
      (await notifications(world[who])).some(({ caseId }) => caseId === id);
    const pairs = async (who: (typeof WHO)[number]) =>
      (await world[who].get('/teledossiers/v1/attachmentsIdsForPurge')).json.some((one: Json) => one.case_id === id);
    for (const who of ['dila', 'meaux', 'orlyCivil'] as const) {
      assert.equal(await told(who), false, who);
      assert.equal(await pairs(who), false, who);
    }
    assert.deepEqual([await told('orly'), await told('dgs'), await told('admin')], [true, false, false]);
    assert.deepEqual([await pairs('orly'), await pairs('dgs'), await pairs('admin')], [true, true, true]);
    const seen = (await world.dila.get('/referential/v1/subscriptions?maxResult=5000')).json;
    assert.deepEqual([...new Set(seen.map(({ processCode }: Json) => processCode))], ['EtatCivil']);
  });

  it('a filter widens nothing', async () => {
    await deposit(world.dgs, {});
    for (const query of ['processCode=CERTDC', 'processPriority=CERTDC', 'processCode=CERTDC,EtatCivil']) {
      assert.deepEqual((await world.orlyCivil.get(`/teledossiers/v1/notifications?${query}`)).json, []);
    }
    assert.deepEqual((await world.dila.get('/referential/v1/subscriptions?processCode=CERTDC')).json, []);
  });

  it('a migration by one démarche leaves the cases of the others', async () => {
    const { caseId } = await things.delivered();
    const body = { organizationSource: ADDRESS.orly, organizationTarget: ADDRESS.lens };
    assert.deepEqual((await world.orlyCivil.put('/teledossiers/v1/cases/migrate', body)).json, { caseUpdated: 0 });
    assert.equal((await world.orly.get(`/teledossiers/v1/cases/${caseId}`)).status, 200);
  });
});

const ADDRESS = {
  orly: { type: 'SI', companyRegister: '21940000000016', branchCode: '94054' },
  lens: { type: 'SI', companyRegister: '21620000000032', branchCode: '62498' },
};
