import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Challenges } from '#api/agents/passkeys/challenges.ts';
import { keyOf, MEAUX, ORLY } from '#test/contract/country.ts';
import type { Called, Json } from '#test/contract/wire.ts';
import { Authenticator, FLAGS } from './authenticator.ts';
import { AGENTS, AgentCaller, isProblem, ME, Portal, SESSIONS, withToken } from './portal.ts';

/** Orly is an organisation the provider does not reach; Meaux is not. */

const ORIGIN = 'http://localhost:4173';
const PASSKEYS = '/relais/v1/passkeys';
const OWN = `${ME}/passkeys`;
const rule = (org: typeof ORLY) => `/relais/v1/organizations/${keyOf(org)}/passkeys`;

let portal: Portal;
before(async () => {
  portal = await Portal.open({ HUB_PORTAL_URL: ORIGIN });
  const answer = await portal.world.admin.call('PUT', rule(ORLY), { json: { allowed: true } });
  assert.equal(answer.status, 200, answer.text);
});
after(() => portal.stop());

const NAMED = { givenName: 'Ada', familyName: 'Exemple', quality: 'Officière d’état civil' };

/** The link of the last e-mail to that address. */
async function linkTo(address: string): Promise<string> {
  const { mails } = portal.world;
  while (!mails.received.includes(address)) await mails.count(mails.received.length + 1);
  const text = (mails.texts[mails.received.lastIndexOf(address)] as string)
    .replace(/=\r?\n/g, '')
    .replaceAll('=3D', '=');
  return /\/connexion\/invitation\/([\w-]+)/.exec(text)?.[1] ?? '';
}

async function invited(email: string, more: object = {}): Promise<string> {
  await portal.invite(email, ORLY, { ...NAMED, ...more });
  return linkTo(email);
}

const look = (invitation: string): Promise<Called> => portal.client.post(`${PASSKEYS}/invitations`, { invitation });
const enrol = (invitation: string, response: Json): Promise<Called> =>
  portal.client.post(PASSKEYS, { invitation, name: 'Ordinateur', response });

/** Somebody who made a passkey, with the session of that moment. */
async function enrolled(email: string, more: object = {}) {
  const invitation = await invited(email, more);
  const seen = await look(invitation);
  assert.equal(seen.status, 200, seen.text);
  const key = new Authenticator(ORIGIN);
  const answer = await enrol(invitation, key.create(seen.json.options));
  assert.equal(answer.status, 201, answer.text);
  return { key, invitation, session: answer.json.session as string };
}

const challenge = async (): Promise<{ challenge: string }> =>
  (await portal.client.post(`${PASSKEYS}/challenges`, undefined)).json.options;
const signIn = (response: Json): Promise<Called> => portal.client.post(`${SESSIONS}/passkey`, { response });

describe('an invitation', () => {
  it('says who is invited, and how, without being used by it', async () => {
    const invitation = await invited('look@orly.test');
    for (const _ of [1, 2]) {
      const { json, status } = await look(invitation);
      assert.equal(status, 200);
      assert.equal(json.email, 'look@orly.test');
      assert.equal(json.givenName, 'Ada');
      assert.equal(json.organizations.length, 1);
      assert.equal(json.options.rp.id, 'localhost');
      assert.deepEqual(json.options.authenticatorSelection.userVerification, 'required');
      assert.deepEqual(json.options.authenticatorSelection.residentKey, 'required');
    }
  });

  it('makes one passkey, once, and is not in the record nor in its e-mail’s job', async () => {
    const { invitation } = await enrolled('once@orly.test');
    isProblem(await look(invitation), 410, 'invitation-gone');
    const other = new Authenticator(ORIGIN);
    const options = { challenge: 'x', rp: { id: 'localhost' }, user: { id: 'x' } };
    isProblem(await enrol(invitation, other.create(options)), 410, 'invitation-gone');
  });

  it('is good for nobody who altered it', async () => {
    const invitation = await invited('altered@orly.test');
    for (const text of [`${invitation.slice(0, -2)}AA`, invitation.slice(1), 'x', '0'.repeat(76)])
      isProblem(await look(text), 410, 'invitation-gone');
  });

  it('needs a name, for no provider says one', async () => {
    const body = { email: 'nameless@orly.test', role: 'agent', organization: ORLY };
    isProblem(await portal.world.admin.post(AGENTS, body), 400, 'form-invalid');
  });

  it('of an organisation the provider reaches leads to the provider', async () => {
    await portal.invite('plain@meaux.test', MEAUX);
    assert.equal(await linkTo('plain@meaux.test'), '');
  });

  it('is refused to keys of another address, of another page, or whose owner was not verified', async () => {
    const invitation = await invited('wrong@orly.test');
    const { options } = (await look(invitation)).json;
    const key = new Authenticator(ORIGIN);
    for (const wrong of [
      { origin: 'http://localhost:4174' },
      { origin: 'https://localhost.evil.test' },
      { rpId: 'evil.test' },
      { flags: FLAGS.present },
      { type: 'webauthn.get' },
    ]) {
      isProblem(await enrol(invitation, key.create(options, wrong)), 422, 'passkey-invalid');
    }
    const stolen = await challenge();
    isProblem(await enrol(invitation, key.create({ ...options, ...stolen })), 422, 'passkey-invalid');
    assert.equal((await enrol(invitation, key.create(options))).status, 201);
  });
});

describe('a sign-in by a passkey', () => {
  it('opens a session like any other, as an administrator too', async () => {
    const { key } = await enrolled('admin@orly.test', { role: 'administrator' });
    const answer = await signIn(key.get(await challenge()));
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.json.agent.author, 'Ada Exemple, Officière d’état civil');
    const agent = await new AgentCaller(portal.client, answer.json.session, ORLY).login();
    const staff = await agent.get(AGENTS);
    assert.equal(staff.status, 200, staff.text);
    const self = staff.json.find(({ email }: Json) => email === 'admin@orly.test');
    assert.equal(self.passkeys, 1);
    assert.equal(self.hasSignedIn, true);
  });

  it('signs once: a signature that was seen opens nothing', async () => {
    const { key } = await enrolled('replay@orly.test');
    const signed = key.get(await challenge());
    assert.equal((await signIn(signed)).status, 201);
    isProblem(await signIn(signed), 422, 'passkey-invalid');
  });

  it('is refused to another page, an unverified owner, another challenge, an unknown key', async () => {
    const { key } = await enrolled('refused@orly.test');
    for (const wrong of [{ origin: 'https://evil.test' }, { rpId: 'evil.test' }, { flags: FLAGS.present }])
      isProblem(await signIn(key.get(await challenge(), wrong)), 422, 'passkey-invalid');
    isProblem(await signIn(key.get({ challenge: Buffer.alloc(38).toString('base64url') })), 422, 'passkey-invalid');
    isProblem(await signIn(new Authenticator(ORIGIN).get(await challenge())), 403, 'passkey-unknown');
    assert.equal((await signIn(key.get(await challenge()))).status, 201);
  });

  it('is refused when the counter went back: somebody copied the key', async () => {
    const { key } = await enrolled('cloned@orly.test');
    assert.equal((await signIn(key.get(await challenge(), { counter: 9 }))).status, 201);
    isProblem(await signIn(key.get(await challenge(), { counter: 9 })), 409, 'passkey-cloned');
    assert.equal((await signIn(key.get(await challenge(), { counter: 10 }))).status, 201);
  });

  it('makes who tries many wrong signatures wait, and lets others in', async () => {
    const { key } = await enrolled('guessed@orly.test');
    const other = await enrolled('calm@orly.test');
    let last = await signIn(key.get(await challenge(), { origin: 'https://evil.test' }));
    for (let tries = 0; tries < 12 && last.status === 422; tries += 1)
      last = await signIn(key.get(await challenge(), { origin: 'https://evil.test' }));
    isProblem(last, 429, 'too-many-requests');
    assert(last.headers['retry-after']);
    assert.equal((await signIn(other.key.get(await challenge()))).status, 201);
  });

  it('makes an address that tries unknown keys, or wrong signatures, wait; another address does not', async () => {
    const { key } = await enrolled('neighbour@orly.test');
    const from = (address: string, response: Json) => portal.client.post(`${SESSIONS}/passkey`, { response, address });
    const unknown = async (address: string) => from(address, new Authenticator(ORIGIN).get(await challenge()));
    let last = await unknown('203.0.113.7');
    for (let tries = 0; tries < 12 && last.status === 403; tries += 1) last = await unknown('203.0.113.7');
    isProblem(last, 429, 'too-many-requests');
    isProblem(await unknown('203.0.113.8'), 403, 'passkey-unknown');
    isProblem(await unknown('what is no address'), 403, 'passkey-unknown');
    assert.equal((await from('203.0.113.8', key.get(await challenge()))).status, 201);
  });

  it('reaches no organisation the provider reaches', async () => {
    const email = 'both@orly.test';
    const { session } = await enrolled(email);
    await portal.invite(email, MEAUX);
    const body = (organization: object) => ({ session, organization });
    assert.equal((await portal.client.post(`${SESSIONS}/token`, body(ORLY))).status, 200);
    isProblem(await portal.client.post(`${SESSIONS}/token`, body(MEAUX)), 403, 'forbidden');
    const none = await new AgentCaller(portal.client, session).login();
    const { json } = await none.get('/relais/v1/cases');
    assert(json.items.every(({ recipient }: Json) => recipient.branchCode === ORLY.branchCode));
  });

  it('ends, and its sessions, where the platform takes its word back', async () => {
    const { key, session } = await enrolled('until@orly.test');
    const agent = await new AgentCaller(portal.client, session, ORLY).login();
    const say = (allowed: boolean) => portal.world.admin.call('PUT', rule(ORLY), { json: { allowed } });
    assert.equal((await say(false)).json.allowed, false);
    assert.equal((await agent.get(ME)).status, 401);
    isProblem(await signIn(key.get(await challenge())), 403, 'passkeys-off');
    const answer = await say(true);
    assert.equal(answer.json.by, portal.world.admin.clientId);
    assert(answer.json.since);
    assert.equal((await signIn(key.get(await challenge()))).status, 201);
  });
});

describe('an agent’s passkeys', () => {
  it('are several, named, and removed; the last one stays', async () => {
    const { session } = await enrolled('several@orly.test');
    const agent = await new AgentCaller(portal.client, session, ORLY).login();
    const { options } = (await agent.post(`${OWN}/challenges`, undefined)).json;
    assert.equal(options.excludeCredentials.length, 1);
    const second = new Authenticator(ORIGIN);
    const made = second.create(options);
    const added = await agent.post(OWN, { name: 'Téléphone', response: made });
    assert.equal(added.status, 200, added.text);
    isProblem(await agent.post(OWN, { name: 'Téléphone', response: made }), 422, 'passkey-invalid');
    const [first, other] = added.json.passkeys;
    assert.equal(first.current, true);
    assert.equal(other.name, 'Téléphone');
    const renamed = await agent.call('PATCH', `${OWN}/${other.id}`, { json: { name: 'Clé du coffre' } });
    assert.equal(renamed.json.passkeys[1].name, 'Clé du coffre');
    const opened = await signIn(second.get(await challenge()));
    assert.equal(opened.status, 201, opened.text);
    assert.equal((await agent.call('DELETE', `${OWN}/${other.id}`)).json.removable, false);
    // the other one's session is over at its next request
    const body = { session: opened.json.session, organization: ORLY };
    isProblem(await portal.client.post(`${SESSIONS}/token`, body), 401, 'session-over');
    isProblem(await agent.call('DELETE', `${OWN}/${first.id}`), 409, 'last-passkey');
    isProblem(await agent.call('DELETE', `${OWN}/${other.id}`), 404, 'not-found');
  });

  it('that are lost end with a new invitation, once a minute', async () => {
    const { key, session } = await enrolled('lost@orly.test');
    const agent = await new AgentCaller(portal.client, session, ORLY).login();
    const { token } = agent;
    const chief = await portal.hired('chief@meaux.test', MEAUX, { role: 'administrator' });
    const staff = await portal.world.admin.get(`${AGENTS}?${new URLSearchParams({ ...ORLY })}`);
    const { id } = staff.json.find(({ email }: Json) => email === 'lost@orly.test');
    isProblem(await chief.post(`${AGENTS}/${id}/invitation`, {}), 404, 'not-found');
    const again = () => portal.world.admin.post(`${AGENTS}/${id}/invitation`, { organization: ORLY });
    const { mails } = portal.world;
    const before = mails.received.filter((one) => one === 'lost@orly.test').length;
    assert.equal((await again()).json.passkeys, 0);
    isProblem(await again(), 429, 'too-many-requests');
    assert.equal((await withToken(portal.world.url, token ?? '')).status, 401);
    isProblem(await signIn(key.get(await challenge())), 403, 'passkey-unknown');
    while (mails.received.filter((one) => one === 'lost@orly.test').length === before)
      await mails.count(mails.received.length + 1);
    const invitation = await linkTo('lost@orly.test');
    const fresh = new Authenticator(ORIGIN);
    assert.equal((await enrol(invitation, fresh.create((await look(invitation)).json.options))).status, 201);
  });
});

describe('a challenge', () => {
  it('is good for its purpose, its hub and five minutes', () => {
    let now = 1_776_247_200_000;
    const mine = new Challenges(Buffer.alloc(32, 1), () => now);
    const text = mine.make('sign in').toString('base64url');
    assert(mine.isGood('sign in', text));
    assert(!mine.isGood('add x', text));
    assert(!new Challenges(Buffer.alloc(32, 2), () => now).isGood('sign in', text));
    const altered = Buffer.from(text, 'base64url');
    altered[10] = (altered[10] as number) ^ 1;
    assert(!mine.isGood('sign in', altered.toString('base64url')));
    assert(!mine.isGood('sign in', ''));
    now += 5 * 60_000;
    assert(!mine.isGood('sign in', text));
  });
});
