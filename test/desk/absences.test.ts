import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { standIn, standsFor } from '#api/desk/standin.ts';
import { dayOf } from '#engine/domain/calendar.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { Absence } from '#engine/domain/records/absence.ts';
import type { AgentState } from '#engine/domain/records/agent.ts';
import { AGENTS, type AgentCaller, isProblem, Portal } from '#test/agents/portal.ts';
import { MEAUX, ORLY } from '#test/contract/country.ts';
import { deposit } from '#test/contract/hub.ts';
import type { Json } from '#test/contract/wire.ts';

const ORG = 'SI-21940000000016-94054';
const NOW = 1_776_247_200_000;
const DAY_MS = 86_400_000;

describe('who has the cases of an agent who is away', () => {
  const agents = new Map<string, AgentState>();
  const put = (id: string, absence: Absence | null, over: Partial<AgentState> = {}): void => {
    const membership = { org: ORG, role: 'agent' as const, processes: null, since: NOW, absence };
    agents.set(id, { id: id as Id, memberships: [membership], suspended: null, ...over } as AgentState);
  };
  const referential = { agent: (id: Id) => agents.get(id), agentsOf: () => [...agents.values()] };
  const away = (substitute: string, from = NOW, to = NOW + DAY_MS): Absence => ({
    ...{ from, to, substitute: substitute as Id, by: substitute as Id },
  });
  const of = (id: string, now = NOW) => standIn(referential, id as Id, ORG, now);

  it('is the substitute, from the first moment to the last', () => {
    put('a', away('b'));
    put('b', null);
    assert.equal(of('b'), null);
    assert.equal(of('a', NOW - 1), null);
    assert.deepEqual(of('a'), { agent: 'b', until: NOW + DAY_MS });
    assert.deepEqual(of('a', NOW + DAY_MS - 1), { agent: 'b', until: NOW + DAY_MS });
    assert.equal(of('a', NOW + DAY_MS), null);
    assert.deepEqual(standsFor(referential, 'b' as Id, ORG, NOW), ['a']);
    assert.deepEqual(standsFor(referential, 'b' as Id, ORG, NOW + DAY_MS), []);
  });

  it('is the substitute’s own when that one is away too, and nobody in a circle', () => {
    put('a', away('b'));
    put('b', away('c', NOW, NOW + 2 * DAY_MS));
    put('c', null);
    assert.deepEqual(of('a'), { agent: 'c', until: NOW + DAY_MS });
    assert.deepEqual(standsFor(referential, 'c' as Id, ORG, NOW), ['a', 'b']);
    put('c', away('a'));
    assert.deepEqual(of('a'), { agent: null, until: NOW + DAY_MS });
    assert.deepEqual(standsFor(referential, 'c' as Id, ORG, NOW), []);
  });

  it('is nobody when the substitute has left, or is suspended', () => {
    put('a', away('b'));
    put('b', null, { suspended: NOW });
    assert.equal(of('a')?.agent, null);
    put('b', null, { memberships: [] });
    assert.equal(of('a')?.agent, null);
    agents.delete('b');
    assert.equal(of('a')?.agent, null);
  });
});

describe('an absence', () => {
  let portal: Portal;
  let admin: AgentCaller;
  let ada: AgentCaller;
  let bob: AgentCaller;
  const ids: Record<string, string> = {};
  before(async () => {
    portal = await Portal.open();
    admin = await portal.hired('admin@orly.test', ORLY, { role: 'administrator' });
    ada = await portal.hired('ada@orly.test', ORLY);
    bob = await portal.hired('bob@orly.test', ORLY);
    for (const { email, id } of (await admin.get(AGENTS)).json) ids[email] = id;
  });
  after(() => portal.stop());

  const today = dayOf(Date.now());
  const path = (email: string): string => `${AGENTS}/${ids[email]}/absence`;
  const stretch = (substitute: string, from = today, to = today) => ({ from, to, substituteId: ids[substitute] });
  const say = (who: AgentCaller, email: string, body: object) => who.call('PUT', path(email), { json: body });
  const mine = async (who: AgentCaller): Promise<string[]> =>
    (await who.get('/relais/v1/cases?assignee=me')).json.items.map(({ caseId }: Json) => caseId);

  it('gives an agent’s cases to a colleague at once, new ones too, and back after; the case itself is not touched', async () => {
    const [first, later] = [await deposit(portal.world.dgs, {}), await deposit(portal.world.dgs, {})];
    const assign = (id: string) =>
      admin.call('PUT', `/relais/v1/cases/${id}/assignment`, { json: { agentId: ids['ada@orly.test'] } });
    const [one, two] = [first.cases[0].id, later.cases[0].id];
    assert.equal((await assign(one)).status, 204);
    const before = (await bob.get(`/relais/v1/cases/${one}/desk`)).json;
    assert.equal(before.assignment.replaced, null);
    assert.equal((await say(ada, 'ada@orly.test', stretch('bob@orly.test'))).status, 200);
    assert.equal((await assign(two)).status, 204);
    const desk = (await bob.get(`/relais/v1/cases/${one}/desk`)).json;
    assert.equal(desk.assignment.agent.id, ids['ada@orly.test']);
    assert.equal(desk.assignment.replaced.agent.id, ids['bob@orly.test']);
    assert.equal(desk.assignment.replaced.until, today);
    assert.equal(desk.version, before.version);
    assert.deepEqual((await mine(bob)).sort(), [one, two].sort());
    const { items } = (await bob.get('/relais/v1/cases?assignee=me')).json;
    assert.equal(items[0].assignee.replaced.id, ids['bob@orly.test']);
    const peers = (await admin.get('/relais/v1/colleagues')).json;
    const shown = peers.find(({ id }: Json) => id === ids['ada@orly.test']);
    assert.equal(shown.absence.substituteId, ids['bob@orly.test']);
    // The one who has it meanwhile may take it for good, from whom the case says it is.
    const taken = await bob.call('PUT', `/relais/v1/cases/${two}/assignment`, {
      json: { agentId: ids['bob@orly.test'], from: ids['ada@orly.test'] },
    });
    assert.equal(taken.status, 204, taken.text);
    assert.equal((await ada.call('DELETE', path('ada@orly.test'))).status, 204);
    assert.deepEqual(await mine(bob), [two]);
    assert.deepEqual(await mine(ada), [one]);
  });

  it('is said by the agent or an administrator, and by nobody else', async () => {
    isProblem(await say(bob, 'ada@orly.test', stretch('bob@orly.test')), 403, 'forbidden');
    const said = await say(admin, 'ada@orly.test', stretch('bob@orly.test'));
    assert.equal(said.json.byId, ids['admin@orly.test']);
    isProblem(await bob.call('DELETE', path('ada@orly.test')), 403, 'forbidden');
    assert.equal((await admin.call('DELETE', path('ada@orly.test'))).status, 204);
    const chief = await portal.hired('chief@meaux.test', MEAUX, { role: 'administrator' });
    isProblem(await say(chief, 'ada@orly.test', stretch('bob@orly.test')), 404, 'not-found');
  });

  it('is refused to days that are none, gone or too far apart, and to who cannot stand in', async () => {
    const wrong = [
      stretch('bob@orly.test', '2026-02-30'),
      stretch('bob@orly.test', '2020-01-01', '2020-01-31'),
      stretch('bob@orly.test', today, '2099-01-01'),
      stretch('bob@orly.test', '2099-01-02', '2099-01-01'),
      stretch('ada@orly.test'),
      { ...stretch('bob@orly.test'), substituteId: '00000000-0000-4000-8000-000000000000' },
    ];
    for (const body of wrong) isProblem(await say(ada, 'ada@orly.test', body), 400, 'form-invalid');
  });
});
