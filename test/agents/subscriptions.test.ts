import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { keyOf, MEAUX, ORLY } from '#test/contract/country.ts';
import { deposit, notifications } from '#test/contract/hub.ts';
import type { Json } from '#test/contract/wire.ts';
import { type AgentCaller, isProblem, Portal } from './portal.ts';

const PATH = '/relais/v1/subscriptions';
const DAY_MS = 86_400_000;

let portal: Portal;
/** Ada administers Orly, Bob works there. */
let ada: AgentCaller;
let bob: AgentCaller;
let certdc: string;
before(async () => {
  portal = await Portal.open();
  ada = await portal.hired('ada@orly.test', ORLY, { role: 'administrator' });
  bob = await portal.hired('bob@orly.test', ORLY);
  certdc = `${PATH}/${portal.world.subscriptions.get(`CERTDC|${keyOf(ORLY)}`)}`;
});
after(() => portal.stop());

const read = async (): Promise<Json> =>
  (await bob.get(PATH)).json.find(({ processCode }: Json) => processCode === 'CERTDC');

describe('the subscriptions of an organisation', () => {
  it('are read by those who work there, and changed by its administrators only', async () => {
    const codes = (await bob.get(PATH)).json.map(({ processCode }: Json) => processCode);
    assert.deepEqual(codes.sort(), ['CERTDC', 'EtatCivil']);
    isProblem(await bob.patch(certdc, { status: 'Suspendu' }), 403, 'forbidden');
    const others = portal.world.subscriptions.get(`CERTDC|${keyOf(MEAUX)}`);
    isProblem(await ada.patch(`${PATH}/${others}`, { status: 'Suspendu' }), 404, 'not-found');
  });

  it('change their e-mail and frequency, and nothing else by it', async () => {
    const before = await read();
    const answer = await ada.patch(certdc, { email: 'accueil@orly.test', notificationFrequency: 'aucune' });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(await read(), { ...before, email: 'accueil@orly.test', notificationFrequency: 'aucune' });
    await ada.patch(certdc, { email: null, notificationFrequency: 'unitaire' });
    assert.equal((await read()).email, null);
  });

  it('are suspended, wait for a day, and are activated at once', async () => {
    assert.equal((await ada.patch(certdc, { status: 'Suspendu' })).json.status, 'Suspendu');
    const day = new Date(Date.now() + 3 * DAY_MS).toISOString();
    const planned = (await ada.patch(certdc, { activateDateTime: day })).json;
    assert.deepEqual([planned.status, Date.parse(planned.activateDateTime)], ['Inactif', Date.parse(day)]);
    assert.equal((await ada.patch(certdc, { activateDateTime: null })).json.activateDateTime, null);
    assert.equal((await ada.patch(certdc, { status: 'Actif' })).json.status, 'Actif');
    isProblem(await ada.patch(certdc, { activateDateTime: day }), 409, 'conflict');
  });

  it('notify every unfinished case again when they pass to the API', async () => {
    const open = (await deposit(portal.world.dgs, {})).cases[0].id;
    const done = (await deposit(portal.world.dgs, {})).cases[0].id;
    await bob.patch(`/teledossiers/v1/cases/${open}`, { status: 'IN_PROGRESS' });
    await bob.patch(`/teledossiers/v1/cases/${done}`, { status: 'DONE' });
    for (const { id } of await notifications(portal.world.orly)) {
      await bob.remove(`/teledossiers/v1/notifications/${id}`);
    }
    const answer = await ada.patch(certdc, { accessMode: 'API' });
    assert.deepEqual([answer.status, answer.json.accessMode], [200, 'API'], answer.text);
    const told = (await notifications(portal.world.orly)).map(({ caseId, eventId }) => [caseId, eventId]);
    assert.deepEqual(
      told.filter(([id]) => id === open || id === done),
      [[open, null]],
    );
  });
});
