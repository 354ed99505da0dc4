import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { AGENT_TOKEN_S } from '#api/auth/auth.ts';
import { Tokens } from '#api/auth/tokens.ts';
import type { AgentPass } from '#api/server/types.ts';
import { agentIdOf } from '#engine/domain/records/agent.ts';
import { keyOf, MEAUX, ORLY, pdf } from '#test/contract/country.ts';
import { deposit, notifications } from '#test/contract/hub.ts';
import { call, type Json } from '#test/contract/wire.ts';
import { AGENTS, type AgentCaller, isProblem, ME, Portal, SESSIONS, withToken } from './portal.ts';

/** What an agent's receipts say of its organisation. */
const PLACE = { postalCode: '94310', email: `${ORLY.branchCode}@commune.test`, phoneNumber: '0123456789' };

let portal: Portal;
/** Ada works for Orly on certificates, Eve for Meaux. */
let ada: AgentCaller;
let eve: AgentCaller;
const CASES = '/teledossiers/v1/cases';
const ADA = 'ada@orly.test';
before(async () => {
  portal = await Portal.open();
  await portal.invite(ADA, ORLY, { processCodes: ['CERTDC'], quality: 'adjointe' });
  ada = await portal.working(ADA, ORLY, { given_name: 'Ada', usual_name: 'Exemple' });
  eve = await portal.hired('eve@meaux.test', MEAUX);
});
after(() => portal.stop());

const caseOf = async (plan: Json = {}, sender = portal.world.dgs): Promise<string> =>
  (await deposit(sender, plan)).cases[0].id;
const civil = (): Promise<string> => caseOf({ processCode: 'EtatCivil' }, portal.world.dila);

describe('an agent', () => {
  it('does with a case of its démarche what its organisation’s software does', async () => {
    const id = await caseOf();
    const shown = (await ada.get(`${CASES}/${id}`)).json;
    assert.equal((await ada.get(`${CASES}/${id}/attachments/${shown.attachments[0].id}`)).status, 200);
    assert.equal((await ada.patch(`${CASES}/${id}`, { status: 'IN_PROGRESS' })).status, 204);
    assert.equal((await ada.get(`/relais/v1/cases/${id}/routing`)).status, 200);
    const files = [{ fileName: 'a.pdf', type: 'x', size: 64, mimeType: 'application/pdf' }];
    const asked = { actionType: 'ATTACH_DEPOSIT', notification: true, attachments: files };
    const event = (await ada.post(`${CASES}/${id}/events`, asked)).json;
    const path = `${CASES}/${id}/events/${event.id}`;
    assert.equal((await ada.upload(`${path}/attachments/${event.attachments[0].id}`, pdf(64))).status, 204);
    assert.equal((await ada.patch(path, { status: 'SENT' })).status, 204);
  });

  it('is the author of its events, and its organisation their transmitter, whatever it says', async () => {
    const id = await caseOf();
    const said = { actionType: 'COM_ADD', notification: true, message: 'vu', author: 'Le maire', transmitter: MEAUX };
    const { json } = await ada.post(`${CASES}/${id}/events`, said);
    assert.deepEqual([json.author, json.transmitter], ['Ada Exemple, adjointe', ORLY]);
    const [seen] = (await portal.world.dgs.get(`${CASES}/${id}`)).json.events;
    assert.equal(seen.author, 'Ada Exemple, adjointe');
    const changed = await ada.patch(ME, { quality: 'maire', service: 'Cabinet' });
    assert.equal(changed.json.agent.author, 'Ada Exemple, maire, Cabinet');
    const next = await ada.post(`${CASES}/${id}/events`, said);
    assert.equal(next.json.author, 'Ada Exemple, maire, Cabinet');
    isProblem(await ada.patch(ME, { quality: 'a\nb' }), 400, 'form-invalid');
    const software = await portal.world.orly.post(`${CASES}/${id}/events`, said);
    assert.equal(software.json.author, 'Le maire');
  });

  it('sees nothing of another démarche, or of another organisation', async () => {
    const [own, other] = [await caseOf(), await civil()];
    for (const [who, id] of [
      [ada, other],
      [eve, own],
    ] as const) {
      assert.equal((await who.get(`${CASES}/${id}`)).status, 403);
      assert.equal((await who.patch(`${CASES}/${id}`, { status: 'DONE' })).status, 403);
      const comment = { actionType: 'COM_ADD', notification: true };
      assert.equal((await who.post(`${CASES}/${id}/events`, comment)).status, 403);
    }
  });

  it('reads and deletes the notifications of its démarches only', async () => {
    const [own, other] = [await caseOf(), await civil()];
    const seen = await notifications(ada);
    assert.deepEqual([...new Set(seen.map(({ processCode }) => processCode))], ['CERTDC']);
    const mine = seen.find(({ caseId }) => caseId === own);
    const foreign = (await notifications(portal.world.orlyCivil)).find(({ caseId }) => caseId === other);
    const path = (id: string) => `/teledossiers/v1/notifications/${id}`;
    assert.equal((await eve.remove(path(mine.id))).status, 403);
    assert.equal((await ada.remove(path(foreign.id))).status, 403);
    assert.equal((await ada.remove(path(mine.id))).status, 204);
    assert.equal((await ada.get('/teledossiers/v1/notifications?processCode=EtatCivil')).text, '[]');
  });

  it('habilitated for all, reads all of its organisation’s', async () => {
    const boss = await portal.hired('boss@orly.test', ORLY, { role: 'administrator' });
    for (const id of [await caseOf(), await civil()]) assert.equal((await boss.get(`${CASES}/${id}`)).status, 200);
    const codes = new Set((await notifications(boss)).map(({ processCode }) => processCode));
    assert.deepEqual([...codes].sort(), ['CERTDC', 'EtatCivil']);
  });
});

describe('a token', () => {
  it('lives two minutes, says for whom it is, and prolongs nothing by itself', async () => {
    const { session, clientId } = { session: ada.session, clientId: portal.client.clientId };
    const { json } = await portal.client.post(`${SESSIONS}/token`, { session, organization: ORLY });
    assert.deepEqual(
      [json.expiresIn, json.organization, json.role, json.processCodes, json.idleSeconds, json.organizations.length],
      [120, ORLY, 'agent', ['CERTDC'], 1800, 1],
    );
    const [client, scope, org, , , issued, expires] = JSON.parse(
      Buffer.from(json.token.split('.')[1], 'base64url').toString(),
    );
    assert.deepEqual([client, scope, org, expires - issued], [clientId, 'AGENT', keyOf(ORLY), AGENT_TOKEN_S]);
    assert.equal(json.token.includes(session), false);
  });

  it('is refused for an organisation that is not the agent’s, and without a session', async () => {
    const ask = (body: unknown) => portal.client.post(`${SESSIONS}/token`, body);
    isProblem(await ask({ session: ada.session, organization: MEAUX }), 403, 'forbidden');
    isProblem(await ask({ session: 'wrong', organization: ORLY }), 401, 'session-over');
    isProblem(await ask({ organization: ORLY }), 400, 'form-invalid');
  });

  it('for no organisation yet says who the agent is, and nothing more', async () => {
    const nobody = await portal.working(ADA, undefined);
    const { json } = await nobody.get(ME);
    assert.deepEqual([json.agent.email, json.organization, json.role, json.processCodes], [ADA, null, null, null]);
    assert.deepEqual(json.organizations, [
      { ...ORLY, name: 'Orly', ...PLACE, role: 'agent', processCodes: ['CERTDC'], passkeys: false },
    ]);
    const id = await caseOf();
    for (const path of [`${CASES}/${id}`, '/teledossiers/v1/notifications', AGENTS]) {
      assert.equal((await nobody.get(path)).status, 403, path);
    }
  });

  it('forged, of another agent’s session, or of another scope, is none', async () => {
    const { url, data } = portal.world;
    const master = Buffer.from(readFileSync(join(data, 'master.key'), 'utf8').trim(), 'hex');
    const passOf = ({ token }: AgentCaller): AgentPass => {
      const payload = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString());
      return { agent: payload[7], session: payload[8] };
    };
    const issue = (org: string, pass: AgentPass | undefined, key = master, client = portal.client.clientId) =>
      new Tokens(key, 120).issue(client, { scope: 'AGENT', org, ...(pass && { pass }) }, null, Date.now());
    const [mine, hers] = [passOf(ada), passOf(eve)];
    assert.equal((await withToken(url, issue(keyOf(ORLY), mine))).status, 200);
    const forged = [
      issue(keyOf(ORLY), mine, Buffer.alloc(32, 1)),
      issue(keyOf(ORLY), { agent: mine.agent, session: hers.session }),
      issue(keyOf(MEAUX), mine),
      issue(keyOf(ORLY), { agent: agentIdOf('nobody@orly.test'), session: mine.session }),
      issue(keyOf(ORLY), { agent: mine.agent, session: 'x' }),
      issue(keyOf(ORLY), mine, master, 'no such client'),
      issue(keyOf(ORLY), undefined),
    ];
    for (const token of forged) isProblem(await withToken(url, token), 401, 'token-invalid');
    const [period, payload, mac] = ada.token.split('.') as [string, string, string];
    const changed = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), 2: keyOf(MEAUX) }),
    );
    isProblem(await withToken(url, `${period}.${changed.toString('base64url')}.${mac}`), 401, 'token-invalid');
    isProblem(await withToken(url, portal.client.token), 403, 'forbidden');
  });

  it('of the portal opens and ends sessions, and does nothing else', async () => {
    const id = await caseOf();
    for (const path of [`${CASES}/${id}`, '/teledossiers/v1/notifications', AGENTS, ME, '/admin/v1/clients']) {
      assert.equal((await portal.client.get(path)).status, 403, path);
    }
    for (const path of ['', '/token', '/end']) {
      assert.equal((await ada.post(SESSIONS + path, { session: ada.session })).status, 403);
      assert.equal((await portal.world.admin.post(SESSIONS + path, { session: ada.session })).status, 403);
    }
  });
});

describe('what is taken away is gone with the next request', () => {
  const out = async (agent: AgentCaller) => isProblem(await agent.get(ME), 401, 'token-invalid');
  const idOf = async (agent: AgentCaller): Promise<string> => (await agent.get(ME)).json.agent.id;

  it('a session, and all of an agent’s', async () => {
    const [one, two, three] = [await portal.working(ADA, ORLY), await portal.working(ADA, ORLY), ada];
    assert.equal((await portal.client.post(`${SESSIONS}/end`, { session: one.session })).status, 204);
    await out(one);
    isProblem(await portal.client.post(`${SESSIONS}/token`, { session: one.session }), 401, 'session-over');
    assert.equal((await two.get(ME)).status, 200);
    assert.equal((await portal.client.post(`${SESSIONS}/end`, { session: two.session, everywhere: true })).status, 204);
    for (const agent of [two, three]) await out(agent);
    assert.equal((await eve.get(ME)).status, 200);
    assert.equal((await portal.client.post(`${SESSIONS}/end`, { session: two.session })).status, 204);
  });

  it('a démarche, a place, all access', async () => {
    const { admin } = portal.world;
    const agent = await portal.hired('tom@orly.test', ORLY);
    const id = await idOf(agent);
    const case_ = await caseOf();
    assert.equal((await agent.get(`${CASES}/${case_}`)).status, 200);
    const change = (body: Json) => admin.patch(`${AGENTS}/${id}`, { organization: ORLY, ...body });
    await change({ processCodes: ['EtatCivil'] });
    assert.equal((await agent.get(`${CASES}/${case_}`)).status, 403);
    await change({ processCodes: [] });
    assert.equal((await agent.get('/teledossiers/v1/notifications')).text, '[]');
    await change({ suspended: true });
    await out(agent);
    isProblem(await portal.client.post(`${SESSIONS}/token`, { session: agent.session }), 401, 'session-over');
    await change({ suspended: false });
    const again = await portal.working('tom@orly.test', ORLY);
    await admin.remove(`${AGENTS}/${id}?${new URLSearchParams({ ...ORLY })}`);
    await out(again);
    isProblem(await portal.client.post(`${SESSIONS}/token`, { session: again.session }), 403, 'agent-unknown');
  });

  it('a level that a new role asks for is asked for, in that organisation', async () => {
    await portal.invite('lea@orly.test', ORLY);
    const { id } = await portal.invite('lea@orly.test', MEAUX);
    const lea = await portal.working('lea@orly.test', ORLY, { acr: 'eidas1' });
    await portal.world.admin.patch(`${AGENTS}/${id}`, { organization: ORLY, role: 'administrator' });
    await out(lea);
    const ask = (organization: Json) => portal.client.post(`${SESSIONS}/token`, { session: lea.session, organization });
    const refused = await ask(ORLY);
    isProblem(refused, 403, 'acr-too-low');
    assert.equal(refused.json.acr, 'eidas1-mfa');
    assert.equal((await ask(MEAUX)).status, 200);
  });

  it('the portal itself, revoked', async () => {
    const other = await Portal.enrol(portal.world);
    const session = await portal.session('eve@meaux.test');
    const { token } = (await other.post(`${SESSIONS}/token`, { session, organization: MEAUX })).json;
    const { url, admin } = portal.world;
    assert.equal((await call(url, 'GET', ME, { token })).status, 200);
    await admin.remove(`/admin/v1/clients/${other.clientId}`);
    isProblem(await withToken(url, token), 401, 'token-invalid');
    assert.equal((await eve.get(ME)).status, 200);
  });
});
