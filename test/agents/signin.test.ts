import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { routes } from '#api/agents/sessions.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { Problem } from '#api/server/problems.ts';
import { MEAUX, ORLY } from '#test/contract/country.ts';
import { fakeRequest } from '#test/transport/request.ts';
import { AGENTS, isProblem, Portal, SESSIONS } from './portal.ts';

/** What an agent's receipts say of its organisation. */
const PLACE = { postalCode: '94310', email: `${ORLY.branchCode}@commune.test`, phoneNumber: '0123456789' };

let portal: Portal;
before(async () => {
  portal = await Portal.open();
});
after(() => portal.stop());

/** The address the subscriptions of Orly and Meaux name. */
const MAYOR = 'mairie@commune.test';
const MFA = { acr: 'eidas1', amr: ['pwd', 'mfa'] };
/** Another establishment of Orly. */
const OF_ORLY = '21940000000099';

describe('the first administrator', () => {
  it('works for the organisation, by its SIRET, and shows two factors', async () => {
    isProblem(await portal.signIn(MAYOR, MFA), 403, 'siret-missing');
    isProblem(await portal.signIn(MAYOR, { ...MFA, siret: '21990000000040' }), 403, 'agent-unknown');
    isProblem(await portal.signIn('adjoint@commune.test', { ...MFA, siret: OF_ORLY }), 403, 'agent-unknown');
    const weak = await portal.signIn(MAYOR, { siret: OF_ORLY });
    isProblem(weak, 403, 'acr-too-low');
    assert.equal(weak.json.acr, 'eidas1-mfa');
    assert.deepEqual((await portal.world.admin.get(`${AGENTS}?${query(ORLY)}`)).json, []);
  });

  it('is made at its first sign-in, of that organisation only, and is the same at the next', async () => {
    const person = { ...MFA, siret: OF_ORLY, given_name: 'Ada', usual_name: 'Exemple' };
    const all = await Promise.all(
      [1, 2, 3].map(() => portal.signIn(MAYOR.toUpperCase(), { sub: `sub of ${MAYOR}`, ...person })),
    );
    for (const { status, text } of all) assert.equal(status, 201, text);
    const { json, headers } = await portal.signIn(MAYOR, { ...MFA, siret: MEAUX.companyRegister });
    assert.equal(headers['cache-control'], 'no-store');
    const { session, agent, organizations, idleSeconds, endsAt } = json;
    assert.match(session, /^[\w-]{43}$/);
    assert.deepEqual(organizations, [
      { ...ORLY, name: 'Orly', ...PLACE, role: 'administrator', processCodes: null, passkeys: false },
    ]);
    assert.deepEqual(
      [agent.email, agent.givenName, agent.familyName, agent.author, agent.national],
      [MAYOR, 'Ada', 'Exemple', 'Ada Exemple', false],
    );
    assert.equal(idleSeconds, 1800);
    const hours = (Date.parse(endsAt) - Date.now()) / 3_600_000;
    assert.ok(hours > 11.9 && hours < 12.1);
    assert.equal((await portal.world.admin.get(`${AGENTS}?${query(ORLY)}`)).json.length, 1);
  });

  it('once withdrawn, does not come back by itself', async () => {
    const [{ id }] = (await portal.world.admin.get(`${AGENTS}?${query(ORLY)}`)).json;
    assert.equal((await portal.world.admin.remove(`${AGENTS}/${id}?${query(ORLY)}`)).status, 204);
    isProblem(await portal.signIn(MAYOR, { ...MFA, siret: OF_ORLY }), 403, 'agent-unknown');
  });
});

describe('an invited agent', () => {
  it('enters by its verified address, with the level its role asks for', async () => {
    await portal.invite('Bob@Orly.test', ORLY, { processCodes: ['CERTDC'], quality: 'adjoint', service: 'État civil' });
    isProblem(await portal.signIn('bob@orly.test', { email_verified: false }), 403, 'email-unverified');
    isProblem(await portal.signIn('bob@orly.test', { email_verified: undefined }), 403, 'email-unverified');
    for (const acr of ['eidas0', 'eidas0-mfa']) {
      const answer = await portal.signIn('bob@orly.test', { acr, amr: ['mfa'] });
      isProblem(answer, 403, 'acr-too-low');
      assert.equal(answer.json.acr, 'eidas1');
    }
    const { status, json } = await portal.signIn('bob@orly.test', { given_name: 'Bob', usual_name: 'Essai' });
    assert.equal(status, 201);
    assert.equal(json.agent.author, 'Bob Essai, adjoint, État civil');
    assert.deepEqual(json.organizations, [
      { ...ORLY, name: 'Orly', ...PLACE, role: 'agent', processCodes: ['CERTDC'], passkeys: false },
    ]);
    const [seen] = (await portal.world.admin.get(`${AGENTS}?${query(ORLY)}`)).json;
    assert.deepEqual([seen.email, seen.hasSignedIn], ['bob@orly.test', true]);
  });

  it('is one account: another of the same address stays out', async () => {
    isProblem(await portal.signIn('bob@orly.test', { sub: 'another' }), 403, 'agent-unknown');
    assert.equal((await portal.signIn('bob@orly.test')).status, 201);
  });

  it('has the level of its most demanding role asked for', async () => {
    await portal.invite('chef@orly.test', ORLY);
    await portal.invite('chef@orly.test', MEAUX, { role: 'delegate' });
    const weak = await portal.signIn('chef@orly.test');
    isProblem(weak, 403, 'acr-too-low');
    const { json } = await portal.signIn('chef@orly.test', { acr: 'eidas1-mfa' });
    assert.equal(json.organizations.length, 2);
    const { id } = json.agent;
    await portal.world.admin.patch(`${AGENTS}/${id}`, { national: true, organization: ORLY });
    assert.equal((await portal.signIn('chef@orly.test', { acr: 'eidas1-mfa' })).json.acr, 'eidas2');
    assert.equal((await portal.signIn('chef@orly.test', { acr: 'eidas2' })).json.agent.national, true);
  });

  it('is told when it is suspended', async () => {
    const { id } = await portal.invite('zoe@orly.test', ORLY);
    const suspend = (suspended: boolean) =>
      portal.world.admin.patch(`${AGENTS}/${id}`, { suspended, organization: ORLY });
    assert.equal((await suspend(true)).json.suspended, true);
    isProblem(await portal.signIn('zoe@orly.test'), 403, 'agent-suspended');
    assert.equal((await suspend(false)).json.suspended, false);
    assert.equal((await portal.signIn('zoe@orly.test')).status, 201);
  });
});

describe('what is refused', () => {
  it('says so of texts that are not the provider’s, and of a body that is none', async () => {
    const texts = await portal.issuer.texts({ sub: 's', email: 'bob@orly.test', email_verified: true });
    isProblem(await portal.client.post(SESSIONS, { ...texts, userinfo: `${texts.userinfo}x` }), 422, 'sign-in-invalid');
    isProblem(await portal.client.post(SESSIONS, { idToken: texts.idToken }), 400, 'form-invalid');
    isProblem(await portal.client.post(SESSIONS, { ...texts, idToken: 'x'.repeat(20_000) }), 400, 'form-invalid');
  });

  it('without a provider everything of it is', async () => {
    const deps = { provider: undefined, hub: {}, config: {}, auth: {}, log: {} } as unknown as ApiDeps;
    for (const { handler, path } of routes(deps)) {
      const asked = fakeRequest({ method: 'POST', path });
      await assert.rejects(
        async () => handler(asked),
        (error) => error instanceof Problem && error.code === 'sign-in-unconfigured',
        path,
      );
    }
  });
});

const query = (org: typeof ORLY): string => new URLSearchParams({ ...org }).toString();
