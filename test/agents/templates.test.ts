import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { MAX_TEMPLATES } from '#engine/domain/records/office.ts';
import { MEAUX, ORLY } from '#test/contract/country.ts';
import type { Json } from '#test/contract/wire.ts';
import { type AgentCaller, isProblem, Portal } from './portal.ts';

const PATH = '/relais/v1/templates';
const TEXT = 'Bonjour, votre dossier {numero} est complet.';

let portal: Portal;
let admin: AgentCaller;
let agent: AgentCaller;
let elsewhere: AgentCaller;
before(async () => {
  portal = await Portal.open();
  admin = await portal.hired('admin@orly.test', ORLY, { role: 'administrator' });
  agent = await portal.hired('agent@orly.test', ORLY);
  elsewhere = await portal.hired('admin@meaux.test', MEAUX, { role: 'administrator' });
});
after(() => portal.stop());

const template = (over: object = {}) => ({ kind: 'message', name: 'Complet', text: TEXT, ...over });

it('are written by administrators, used by agents, and seen by no other organisation', async () => {
  const made = await admin.post(PATH, template({ processCode: 'CERTDC' }));
  assert.equal(made.status, 201, made.text);
  const { id } = made.json;
  assert.deepEqual((await agent.get(PATH)).json, [made.json]);
  assert.deepEqual((await elsewhere.get(PATH)).json, []);
  isProblem(await agent.post(PATH, template()), 403, 'forbidden');
  isProblem(await elsewhere.call('PUT', `${PATH}/${id}`, { json: template() }), 404, 'not-found');
  isProblem(await elsewhere.call('DELETE', `${PATH}/${id}`), 404, 'not-found');
  const changed = await admin.call('PUT', `${PATH}/${id}`, {
    json: template({ kind: 'refusal', name: ' Hors commune ' }),
  });
  assert.equal(changed.json.name, 'Hors commune');
  assert.equal(changed.json.processCode, null);
  assert.equal((await admin.call('DELETE', `${PATH}/${id}`)).status, 204);
  isProblem(await admin.call('DELETE', `${PATH}/${id}`), 404, 'not-found');
  assert.deepEqual((await agent.get(PATH)).json, []);
});

it('have a bounded size and number, and a démarche that exists', async () => {
  for (const over of [
    { text: '' },
    { text: 'x'.repeat(1001) },
    { name: '' },
    { kind: 'letter' },
    { processCode: 'NO' },
  ])
    isProblem(await admin.post(PATH, template(over)), 400, 'form-invalid');
  for (let made = 0; made < MAX_TEMPLATES; made += 1)
    assert.equal((await admin.post(PATH, template({ name: `Modèle ${made}` }))).status, 201);
  isProblem(await admin.post(PATH, template()), 409, 'limit-reached');
  const all: Json[] = (await agent.get(PATH)).json;
  assert.equal(all.length, MAX_TEMPLATES);
});
