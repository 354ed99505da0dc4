import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LENS, MEAUX, ORLY } from '#test/contract/country.ts';
import type { Json } from '#test/contract/wire.ts';
import { AGENTS, type AgentCaller, isProblem, ME, Portal } from './portal.ts';

let portal: Portal;
/** Ada administers Orly, Bob works there, Eve administers Meaux. */
let ada: AgentCaller;
let bob: AgentCaller;
let eve: AgentCaller;
before(async () => {
  portal = await Portal.open();
  ada = await portal.hired('ada@orly.test', ORLY, { role: 'administrator' });
  bob = await portal.hired('bob@orly.test', ORLY);
  eve = await portal.hired('eve@meaux.test', MEAUX, { role: 'administrator' });
});
after(() => portal.stop());

const query = (org: typeof ORLY): string => `?${new URLSearchParams({ ...org })}`;
const idOf = async (agent: AgentCaller): Promise<string> => (await agent.get(ME)).json.agent.id;
const emails = (list: Json[]): string[] => list.map(({ email }) => email);

describe('an administrator', () => {
  it('reads, invites, changes and withdraws the agents of its organisation', async () => {
    assert.deepEqual(emails((await ada.get(AGENTS)).json), ['ada@orly.test', 'bob@orly.test']);
    const asked = { email: 'New@Orly.test', role: 'agent', processCodes: ['CERTDC'], familyName: 'Nouveau' };
    const made = await ada.post(AGENTS, asked);
    assert.equal(made.status, 201, made.text);
    const { id, since, ...shown } = made.json;
    assert.deepEqual(shown, {
      email: 'new@orly.test',
      givenName: null,
      familyName: 'Nouveau',
      quality: null,
      service: null,
      role: 'agent',
      processCodes: ['CERTDC'],
      passkeys: 0,
      absence: null,
      hasSignedIn: false,
      suspended: false,
      national: false,
    });
    assert.ok(Math.abs(Date.parse(since) - Date.now()) < 60_000);
    isProblem(await ada.post(AGENTS, asked), 409, 'agent-exists');
    const changed = await ada.patch(`${AGENTS}/${id}`, { role: 'delegate', processCodes: null, service: 'Accueil' });
    assert.deepEqual(
      [changed.json.role, changed.json.processCodes, changed.json.service],
      ['delegate', null, 'Accueil'],
    );
    assert.equal((await ada.remove(`${AGENTS}/${id}`)).status, 204);
    isProblem(await ada.remove(`${AGENTS}/${id}`), 404, 'not-found');
    assert.deepEqual(emails((await ada.get(AGENTS)).json), ['ada@orly.test', 'bob@orly.test']);
  });

  it('is refused what does not exist, and words that are none', async () => {
    for (const wrong of [
      { email: 'x@orly.test' },
      { email: 'none', role: 'agent' },
      { email: 'x@orly.test', role: 'king' },
      { email: 'x@orly.test', role: 'agent', processCodes: ['Rien'] },
      { email: 'x@orly.test', role: 'agent', familyName: 'a\u0000b' },
    ]) {
      assert.equal((await ada.post(AGENTS, wrong)).status, 400, JSON.stringify(wrong));
    }
    isProblem(await ada.patch(`${AGENTS}/none`, {}), 400, 'form-invalid');
  });

  it('stays as long as it is the last one', async () => {
    const own = `${AGENTS}/${await idOf(ada)}`;
    isProblem(await ada.remove(own), 409, 'last-administrator');
    isProblem(await ada.patch(own, { role: 'agent' }), 409, 'last-administrator');
    assert.equal((await ada.patch(own, { service: 'Mairie' })).status, 200);
  });

  it('has no say elsewhere, nor over what is the platform’s', async () => {
    const [hers, his] = [await idOf(eve), await idOf(bob)];
    isProblem(await ada.patch(`${AGENTS}/${hers}`, { role: 'agent' }), 404, 'not-found');
    isProblem(await ada.remove(`${AGENTS}/${hers}`), 404, 'not-found');
    isProblem(await ada.get(AGENTS + query(MEAUX)), 403, 'forbidden');
    isProblem(await ada.post(AGENTS, { email: 'x@x.test', role: 'agent', organization: MEAUX }), 403, 'forbidden');
    for (const body of [{ suspended: true }, { national: true }]) {
      isProblem(await ada.patch(`${AGENTS}/${his}`, body), 403, 'forbidden');
    }
  });
});

it('an agent, or a delegate, manages nobody', async () => {
  const delegate = await portal.hired('dan@orly.test', ORLY, { role: 'delegate' });
  const id = await idOf(bob);
  for (const who of [bob, delegate]) {
    isProblem(await who.get(AGENTS), 403, 'forbidden');
    isProblem(await who.post(AGENTS, { email: 'x@orly.test', role: 'administrator' }), 403, 'forbidden');
    isProblem(await who.patch(`${AGENTS}/${id}`, { role: 'administrator' }), 403, 'forbidden');
    isProblem(await who.remove(`${AGENTS}/${id}`), 403, 'forbidden');
  }
});

it('one agent of several towns is one person, with a place and rights in each', async () => {
  await portal.invite('bob@orly.test', MEAUX, { processCodes: ['CERTDC'] });
  const both = (await bob.get(ME)).json;
  assert.deepEqual(both.organization, ORLY);
  assert.deepEqual(
    both.organizations.map(({ name, processCodes }: Json) => [name, processCodes]),
    [
      ['Orly', null],
      ['Meaux', ['CERTDC']],
    ],
  );
  const id = await idOf(bob);
  assert.equal((await eve.remove(`${AGENTS}/${id}`)).status, 204);
  assert.equal((await bob.get(ME)).json.organizations.length, 1);
});

describe('ADMIN', () => {
  it('does the same for the organisation it names', async () => {
    const { admin } = portal.world;
    isProblem(await admin.get(AGENTS), 400, 'form-invalid');
    isProblem(await admin.get(`${AGENTS}?type=SI`), 400, 'form-invalid');
    isProblem(await admin.post(AGENTS, { email: 'x@lens.test', role: 'agent' }), 400, 'form-invalid');
    assert.deepEqual((await admin.get(AGENTS + query(LENS))).json, []);
    const { id } = await portal.invite('max@lens.test', LENS, { role: 'administrator' });
    assert.deepEqual(emails((await admin.get(AGENTS + query(LENS))).json), ['max@lens.test']);
    isProblem(await admin.remove(`${AGENTS}/${id}${query(ORLY)}`), 404, 'not-found');
    assert.equal((await admin.remove(`${AGENTS}/${id}${query(LENS)}`)).status, 204);
    const nowhere = { ...LENS, branchCode: '00001' };
    isProblem(
      await admin.post(AGENTS, { email: 'x@x.test', role: 'agent', organization: nowhere }),
      400,
      'form-invalid',
    );
  });
});
