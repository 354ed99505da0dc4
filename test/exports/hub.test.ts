import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { accessFolder } from '#api/access/days.ts';
import { type AgentCaller, isProblem, Portal } from '#test/agents/portal.ts';
import { MEAUX, ORLY } from '#test/contract/country.ts';
import type { World } from '#test/contract/hub.ts';
import type { Called, Json, Partner } from '#test/contract/wire.ts';
import { batch, line } from '#test/native/calls.ts';

/** Lists as files, through the whole product. */

const EXPORTS = '/relais/v1/exports';
/** One page of the index, and some. */
const MANY = 620;

let portal: Portal;
let world: World;
let clerk: AgentCaller;
let colleague: AgentCaller;
let narrow: AgentCaller;
before(async () => {
  portal = await Portal.open();
  world = portal.world;
  clerk = await portal.hired('clerk@orly.test', ORLY);
  colleague = await portal.hired('colleague@orly.test', ORLY);
  narrow = await portal.hired('narrow@orly.test', ORLY, { processCodes: ['EtatCivil'] });
  const lines = Array.from({ length: MANY }, (_, n) => ({
    ...line({ to: [ORLY] }),
    applicant: { firstName: n === 7 ? '=Zoé' : 'Hélène', lastName: n === 7 ? '=SOMME(A1;B2)' : `Leroux "${n}"` },
  }));
  const made = await batch(world.dgs, lines);
  assert.ok([...made.values()].every(({ status }: Json) => status === 201));
});
after(() => portal.stop());

async function made(who: Partner, query = '', format = 'csv'): Promise<Json> {
  const answer = await who.post(`${EXPORTS}?${query}`, { format });
  assert.ok([201, 202].includes(answer.status), answer.text);
  for (let one = answer.json; ; one = (await who.get(`${EXPORTS}/${one.id}`)).json) {
    if (one.state === 'done' || one.state === 'failed') return one;
    await delay(50);
  }
}
const file = (who: Partner, { id }: Json, headers: Record<string, string> = {}): Promise<Called> =>
  who.call('GET', `${EXPORTS}/${id}/file`, { headers });

const entries = (): Json[] => {
  const folder = accessFolder(world.data);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n').slice(1))
    .map((text) => JSON.parse(text));
};

test('an export has all cases of the filter, once, in the order of the list', async () => {
  const one = await made(clerk, 'view=waiting&sort=number&order=desc');
  assert.equal(one.state, 'done');
  assert.equal(one.rows, MANY);
  assert.equal(one.late, false);
  const { text, headers } = await file(clerk, one);
  assert.equal(headers['content-type'], 'text/csv; charset=utf-8');
  assert.match(
    String(headers['content-disposition']),
    /^attachment; filename="dossiers_\d{4}-\d\d-\d\d_\d\d-\d\d\.csv"$/,
  );
  const [head, ...rows] = text
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split('\r\n');
  assert.equal(head, 'Numéro;Demandeur;Démarche;Attribué à;Reçu le;Échéance;État;Dernier changement');
  const numbers = rows.map((row) => row.split(';')[0] as string);
  assert.equal(new Set(numbers).size, MANY);
  assert.deepEqual(numbers, [...numbers].sort().reverse());
  assert.ok(rows.some((row) => row.includes(`"'=SOMME(A1;B2) =Zoé"`)));
  assert.match(rows[0] as string, /;Démarche CERTDC;;\d\d\/\d\d\/\d{4} \d\d:\d\d;;Nouveau;/);
  const few = await made(clerk, 'view=done');
  assert.equal(few.rows, 0);
});

test('a download that broke goes on: the file keeps its tag and its bytes', async () => {
  const one = await made(clerk, 'q=leroux', 'ods');
  const whole = await file(clerk, one);
  const tag = String(whole.headers['etag']);
  const size = Number(whole.headers['content-length']);
  assert.equal(one.bytes, size);
  const rest = await file(clerk, one, { Range: `bytes=${size - 100}-`, 'If-Range': tag });
  assert.equal(rest.status, 206);
  assert.equal(rest.headers['content-range'], `bytes ${size - 100}-${size - 1}/${size}`);
  assert.equal(rest.headers['content-length'], '100');
  assert.equal((await file(clerk, one, { Range: 'bytes=5-', 'If-Range': '"other"' })).status, 200);
  isProblem(await file(clerk, one, { Range: `bytes=${size}-` }), 416, 'range-unsatisfiable');
});

test('the team sees it, and nobody who may not see each of its cases', async () => {
  const one = await made(clerk, 'view=all');
  const seen = async (who: Partner) => (await who.get(EXPORTS)).json.items.map(({ id }: Json) => id);
  assert.ok((await seen(colleague)).includes(one.id));
  const [item] = (await colleague.get(EXPORTS)).json.items;
  assert.equal(item.by, 'clerk@orly.test');
  assert.equal(item.filter, 'view=all');
  assert.equal((await file(colleague, one)).status, 200);
  // software of the same organisation and démarche
  assert.equal((await file(world.orly, one)).status, 200);
  const stranger = await portal.hired('clerk@meaux.test', MEAUX);
  for (const other of [narrow, stranger, world.orlyCivil, world.meaux]) {
    assert.ok(!(await seen(other)).includes(one.id));
    isProblem(await other.get(`${EXPORTS}/${one.id}`), 404, 'not-found');
    isProblem(await file(other, one), 404, 'not-found');
  }
  const own = await made(narrow, 'view=all');
  assert.equal(own.rows, 0);
});

test('who lost a habilitation since finds it no more', async () => {
  const leaver = await portal.hired('leaver@orly.test', ORLY);
  const one = await made(leaver, 'view=all');
  const { id } = (await world.admin.get(`/relais/v1/agents?${new URLSearchParams({ ...ORLY })}`)).json.find(
    ({ email }: Json) => email === 'leaver@orly.test',
  );
  const changed = await world.admin.patch(`/relais/v1/agents/${id}`, {
    processCodes: ['EtatCivil'],
    organization: ORLY,
  });
  assert.equal(changed.status, 200, changed.text);
  isProblem(await file(leaver, one), 404, 'not-found');
});

test('each download by an agent names its cases in the access log; going on is no other reading', async () => {
  const one = await made(clerk, 'view=waiting');
  const before = entries().length;
  assert.equal((await file(clerk, one)).status, 200);
  await file(clerk, one, { Range: 'bytes=10-' });
  const added = entries().slice(before);
  assert.deepEqual(
    added.map(({ kind, route, part }) => [kind, route, part]),
    [['export', 'GET /relais/v1/exports/{exportId}/file', one.id]],
  );
  assert.equal(new Set(added.flatMap(({ cases }) => cases)).size, MANY);
  await file(world.orly, one);
  assert.equal(entries().length, before + 1);
  await file(colleague, one, { Range: 'bytes=10-' });
  assert.equal(entries().length, before + 2);
});

test('what is asked for wrongly is refused', async () => {
  isProblem(await clerk.post(`${EXPORTS}?limit=3`, {}), 400, 'form-invalid');
  isProblem(await clerk.post(EXPORTS, { format: 'xls' }), 400, 'form-invalid');
  isProblem(await world.dgs.post(EXPORTS, {}), 403, 'forbidden');
});

test('an agent of several organisations exports all of them for itself', async () => {
  await portal.invite('clerk@orly.test', MEAUX);
  const all = await portal.working('clerk@orly.test', undefined);
  const one = await made(all, 'view=waiting');
  const { text } = await file(all, one);
  assert.match(text, /;Démarche;Commune;Attribué à;/);
  assert.match(text, /;Orly;/);
  isProblem(await colleague.get(`${EXPORTS}/${one.id}`), 404, 'not-found');
});

test('digests of a case are those of its files', async () => {
  const [item] = (await world.orly.get('/relais/v1/cases?limit=1')).json.items;
  const { items } = (await world.orly.get(`/relais/v1/cases/${item.caseId}/digests`)).json;
  const read = (await world.orly.get(`/teledossiers/v1/cases/${item.caseId}`)).json;
  assert.deepEqual(
    items.map(({ attachmentId }: Json) => attachmentId),
    read.attachments.map(({ id }: Json) => id),
  );
  const got = await world.orly.get(`/teledossiers/v1/cases/${item.caseId}/attachments/${items[0].attachmentId}`);
  assert.equal(Buffer.from(items[0].sha256, 'hex').toString('base64'), got.headers['digest']);
});
