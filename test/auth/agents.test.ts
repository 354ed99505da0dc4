import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AGENT_TOKEN_S } from '#api/auth/auth.ts';
import { type AgentState, agentIdOf, type Membership } from '#engine/domain/records/agent.ts';
import { AuthWorld, HOUR, NOW } from './world.ts';

const TOWN = 'SI-21770288300018-77288';
const CITY = 'SI-21770284000013-77284';
const INVALID = { status: 401, code: 900901 };

const place = (org: string, over: Partial<Membership> = {}): Membership => ({
  org,
  role: 'agent',
  processes: ['EtatCivil'],
  since: NOW,
  absence: null,
  ...over,
});

/** An agent of the town with a session, and its token. */
function agentWorld(over: Partial<AgentState> = {}, org = TOWN, acr = 'eidas1') {
  const world = new AuthWorld();
  world.sender('portal', 's1', { scope: 'PORTAL', organization: '' });
  const id = agentIdOf('ada@melun.test');
  const state: AgentState = {
    id,
    email: 'ada@melun.test',
    subject: 'one',
    givenName: 'Ada',
    familyName: 'Exemple',
    quality: null,
    service: null,
    memberships: [place(TOWN)],
    national: false,
    suspended: null,
    notices: [],
    toldUpTo: null,
    digested: null,
    passkeys: [],
    enrolment: null,
    created: NOW,
    updated: null,
    ...over,
  };
  world.agents.set(id, state);
  world.sessions.set('hash', { agent: id, issued: NOW, acr, amr: [], ends: NOW + HOUR });
  const { token, seconds } = world.access.grantAgent('portal', org, { agent: id, session: 'hash' });
  const confirmed = () => world.access.confirm(world.access.authenticate(`Bearer ${token}`));
  return { world, state, token, seconds, confirmed };
}

test('its token alone lets an agent do nothing', () => {
  const { world, token, seconds, state } = agentWorld();
  assert.equal(seconds, AGENT_TOKEN_S);
  const { caller, rights, scope, client, agent } = world.access.authenticate(`Bearer ${token}`);
  assert.deepEqual([scope, client, rights, agent], ['AGENT', state.id, [], undefined]);
  assert.deepEqual(caller, { scope: 'SI', org: TOWN, processes: [] });
  world.time += AGENT_TOKEN_S * 1000;
  assert.throws(() => world.access.authenticate(`Bearer ${token}`), INVALID);
});

test('confirmed, it acts as SI within its démarches; for all of them, those there are', async () => {
  const one = await agentWorld().confirmed();
  assert.deepEqual(one.caller, { scope: 'SI', org: TOWN, processes: ['EtatCivil'] });
  assert.deepEqual(one.rights, ['read', 'write']);
  assert.equal(one.agent?.membership?.org, TOWN);
  const all = await agentWorld({ memberships: [place(TOWN, { processes: null })] }).confirmed();
  assert.deepEqual(all.caller.processes, ['EtatCivil', 'CERTDC']);
  const none = await agentWorld({ memberships: [place(TOWN), place(CITY)] }, '').confirmed();
  assert.deepEqual([none.caller.processes, none.agent?.membership, none.agent?.memberships.length], [[], null, 2]);
});

test('what its sign-in does not reach is not there', async () => {
  const memberships = [place(TOWN), place(CITY, { role: 'administrator' })];
  const found = await agentWorld({ memberships }, '').confirmed();
  assert.deepEqual(
    found.agent?.memberships.map(({ org }) => org),
    [TOWN],
  );
  await assert.rejects(agentWorld({ memberships }, CITY).confirmed(), INVALID);
  assert.equal((await agentWorld({ memberships }, CITY, 'eidas1-mfa').confirmed()).caller.org, CITY);
  await assert.rejects(agentWorld({ national: true }, TOWN, 'eidas1-mfa').confirmed(), INVALID);
});

const GONE: [name: string, change: (made: ReturnType<typeof agentWorld>) => unknown][] = [
  ['its session', ({ world }) => world.sessions.delete('hash')],
  [
    'its own session',
    ({ world, state }) => {
      world.sessions.set('hash', {
        agent: agentIdOf('eve@melun.test'),
        issued: NOW,
        acr: 'eidas3',
        amr: [],
        ends: NOW,
      });
      return state;
    },
  ],
  ['the agent', ({ world, state }) => world.agents.delete(state.id)],
  ['its place', ({ world, state }) => world.agents.set(state.id, { ...state, memberships: [place(CITY)] })],
  ['its access', ({ world, state }) => world.agents.set(state.id, { ...state, suspended: NOW })],
];
for (const [name, change] of GONE) {
  test(`without ${name}, its token is none`, async () => {
    const made = agentWorld();
    assert.ok(await made.confirmed());
    change(made);
    await assert.rejects(made.confirmed(), INVALID);
  });
}

test('who is no agent is not confirmed', async () => {
  const world = new AuthWorld();
  const software = world.access.authenticate(`Bearer ${world.token(world.sender('osl', 's1'))}`);
  await assert.rejects(world.access.confirm(software), INVALID);
});
