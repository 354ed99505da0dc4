import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type AgentCaller, isProblem, Portal } from '#test/agents/portal.ts';
import { MEAUX, ORLY } from '#test/contract/country.ts';
import { deposit } from '#test/contract/hub.ts';
import type { Called, Json, Partner } from '#test/contract/wire.ts';

const CASES = '/teledossiers/v1/cases';
const DESK = '/relais/v1/cases';
/** Pairs of agents; the issue's own thousand by RELAIS_CONFLICTS=1000. */
const PAIRS = Number(process.env['RELAIS_CONFLICTS'] ?? 200);
const AT_ONCE = 20;

let portal: Portal;
let ada: AgentCaller;
let bob: AgentCaller;
let eve: AgentCaller;
before(async () => {
  portal = await Portal.open();
  await portal.invite('ada@orly.test', ORLY, { processCodes: ['CERTDC'], quality: 'adjointe' });
  ada = await portal.working('ada@orly.test', ORLY, { given_name: 'Ada', usual_name: 'Exemple' });
  bob = await portal.hired('bob@orly.test', ORLY);
  eve = await portal.hired('eve@meaux.test', MEAUX);
});
after(() => portal.stop());

const caseOf = async (): Promise<string> => (await deposit(portal.world.dgs, {})).cases[0].id;
const tagOf = ({ headers }: Called): string => headers.etag ?? assert.fail('no ETag');
const decide = (who: Partner, id: string, json: Json, tag?: string): Promise<Called> =>
  who.call('POST', `${DESK}/${id}/decisions`, { json, ...(tag && { headers: { 'If-Match': tag } }) });
const seen = async (id: string): Promise<Json> => (await portal.world.dgs.get(`${CASES}/${id}`)).json;

describe('two agents in the same second', () => {
  const race = async (nth: number): Promise<void> => {
    const id = await caseOf();
    const [one, other] = await Promise.all([ada.get(`${DESK}/${id}/desk`), bob.get(`${CASES}/${id}`)]);
    assert.equal(tagOf(one), tagOf(other));
    const event = { actionType: 'STATUS_UPDATE', notification: true, caseNewStatus: 'REFUSED', message: 'non' };
    const headers = { 'If-Match': tagOf(other) };
    const answers = await Promise.all([
      decide(ada, id, { statuses: ['IN_PROGRESS', 'DONE'], undoSeconds: nth % 2 }, tagOf(one)),
      bob.call('POST', `${CASES}/${id}/events`, { json: event, headers }),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 412], answers.map(({ text }) => text).join());
    const first = answers[0]?.status === 201;
    if (first && nth % 2) return;
    const { status, events } = await seen(id);
    assert.equal(status, first ? 'DONE' : 'REFUSED');
    assert.equal(events.length, first ? 2 : 1);
  };

  it(`decide once each time, ${PAIRS} times`, async () => {
    for (let from = 0; from < PAIRS; from += AT_ONCE) {
      // an agent's token lives two minutes
      await Promise.all([ada.login(), bob.login()]);
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, PAIRS - from) }, (_, n) => race(from + n)));
    }
  });

  it('decide by PATCH once too, and the contract’s software is asked for nothing', async () => {
    const id = await caseOf();
    const headers = { 'If-Match': tagOf(await ada.get(`${CASES}/${id}`)) };
    assert.equal((await bob.call('PATCH', `${CASES}/${id}`, { json: { status: 'DONE' }, headers })).status, 204);
    const second = await ada.call('PATCH', `${CASES}/${id}`, { json: { status: 'REFUSED' }, headers });
    assert.deepEqual([second.status, second.json.errors[0].code], [412, 412]);
    assert.equal((await portal.world.orly.patch(`${CASES}/${id}`, { status: 'REFUSED' })).status, 204);
  });
});

describe('what is said on a case', () => {
  const say = (id: string, tag: string, status?: string) =>
    ada.call('POST', `${CASES}/${id}/events`, {
      json: {
        ...{ actionType: 'SENDING_MESSAGE', notification: true, message: 'voici' },
        ...(status && { caseNewStatus: status }),
      },
      headers: { 'If-Match': tag },
    });

  it('goes beside a decision that waits, unless it moves the case, and not once that has left', async () => {
    const id = await caseOf();
    const tag = tagOf(await ada.get(`${CASES}/${id}`));
    const { json } = await decide(bob, id, { statuses: ['IN_PROGRESS', 'DONE'], undoSeconds: 60 });
    assert.equal((await say(id, tag)).status, 201);
    assert.equal((await say(id, tag, 'IN_PROGRESS')).status, 412);
    assert.equal((await bob.call('DELETE', `${DESK}/${id}/decisions/${json.id}`)).status, 204);
    assert.equal((await decide(bob, id, { statuses: ['IN_PROGRESS', 'DONE'] })).status, 201);
    assert.equal((await say(id, tag)).status, 412);
    assert.deepEqual(
      (await seen(id)).events.map(({ actionType }: Json) => actionType),
      ['SENDING_MESSAGE', 'STATUS_UPDATE', 'STATUS_UPDATE'],
    );
  });
});

describe('a decision that waits', () => {
  it('is seen by colleagues, leaves in its time, and is its author’s', async () => {
    const id = await caseOf();
    const { json, status } = await decide(ada, id, { statuses: ['IN_PROGRESS', 'DONE'], undoSeconds: 1 });
    assert.deepEqual([status, (await seen(id)).events], [201, []]);
    const { pending } = (await bob.get(`${DESK}/${id}/desk`)).json;
    assert.deepEqual(pending, { id: json.id, status: 'DONE', author: 'Ada Exemple, adjointe', due: json.due });
    isProblem(await decide(bob, id, { statuses: ['REFUSED'] }), 412, 'case-moved');
    for (let n = 0; n < 50 && (await seen(id)).status !== 'DONE'; n += 1) await delay(100);
    const { events } = await seen(id);
    assert.deepEqual(
      events.map(({ caseNewStatus, author }: Json) => [caseNewStatus, author]),
      [
        ['IN_PROGRESS', 'Ada Exemple, adjointe'],
        ['DONE', 'Ada Exemple, adjointe'],
      ],
    );
    assert.equal((await bob.get(`${DESK}/${id}/desk`)).json.pending, null);
    isProblem(await ada.call('DELETE', `${DESK}/${id}/decisions/${json.id}`), 410, 'decision-gone');
  });

  it('is undone by its author or a colleague, and by nobody else', async () => {
    const id = await caseOf();
    for (const who of [ada, bob]) {
      const { json } = await decide(ada, id, { statuses: ['DONE'], undoSeconds: 60 });
      assert.equal((await eve.call('DELETE', `${DESK}/${id}/decisions/${json.id}`)).status, 403);
      assert.equal((await who.call('DELETE', `${DESK}/${id}/decisions/${json.id}`)).status, 204);
    }
    const { status, events } = await seen(id);
    assert.deepEqual([status, events], ['HUBEE_NOTIFIED', []]);
  });

  it('has the form that is asked for', async () => {
    const id = await caseOf();
    for (const json of [{}, { statuses: [] }, { statuses: ['DONE'], undoSeconds: 61 }, { statuses: ['CLOSED'] }]) {
      isProblem(await decide(ada, id, json), 400, 'form-invalid');
    }
  });
});

describe('at their desk, agents', () => {
  it('take, give and release a case, and see who has it', async () => {
    const id = await caseOf();
    const people: Json[] = (await ada.get('/relais/v1/colleagues')).json;
    const idOf = (name: string): string => people.find((one) => one.author.startsWith(name))?.id;
    const [one, other] = [idOf('Ada'), idOf('bob')];
    const give = (who: Partner, json: Json): Promise<Called> => who.call('PUT', `${DESK}/${id}/assignment`, { json });
    assert.equal((await give(ada, { agentId: one, from: null })).status, 204);
    isProblem(await give(bob, { agentId: other, from: null }), 412, 'case-moved');
    assert.equal((await give(ada, { agentId: other, from: one })).status, 204);
    const { assignment } = (await ada.get(`${DESK}/${id}/desk`)).json;
    assert.deepEqual([assignment.agent.id, assignment.by.name], [other, 'Ada Exemple']);
    assert.equal((await give(bob, { agentId: null })).status, 204);
    const [stranger] = (await eve.get('/relais/v1/colleagues')).json;
    isProblem(await give(ada, { agentId: stranger.id }), 422, 'agent-unfit');
    assert.equal((await seen(id)).events.length, 0);
  });

  it('see who else has opened a case', async () => {
    const id = await caseOf();
    const open = (who: Partner): Promise<Called> => who.call('PUT', `${DESK}/${id}/presence`);
    assert.deepEqual((await open(ada)).json.present, []);
    assert.deepEqual((await open(ada)).json.present, []);
    assert.deepEqual(
      (await open(bob)).json.present.map(({ name }: Json) => name),
      ['Ada Exemple'],
    );
    assert.equal((await ada.get(`${DESK}/${id}/desk`)).json.present.length, 1);
    assert.equal((await open(eve)).status, 403);
  });
});
