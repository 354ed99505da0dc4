import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type AgentCaller, isProblem, Portal } from '#test/agents/portal.ts';
import { ORLY } from '#test/contract/country.ts';
import { deposit } from '#test/contract/hub.ts';
import type { Called, Json } from '#test/contract/wire.ts';

const BULK = '/relais/v1/bulk';
/** Cases of the large job; the issue's own ten thousand by RELAIS_BULK=10000. */
const MANY = Number(process.env['RELAIS_BULK'] ?? 200);

let portal: Portal;
let ada: AgentCaller;
let bob: AgentCaller;
before(async () => {
  portal = await Portal.open();
  ada = await portal.hired('ada@orly.test', ORLY, { processCodes: ['CERTDC'] });
  bob = await portal.hired('bob@orly.test', ORLY);
});
after(() => portal.stop());

const PLAN = ['HUBEE_NOTIFIED', 'SI_RECEIVED', 'IN_PROGRESS'].map((status) => ({
  processCode: 'CERTDC',
  status,
  to: ['DONE'],
}));
const cases = async (count: number): Promise<string[]> => {
  const made: string[] = [];
  for (let n = 0; n < count; n += 20) {
    const some = await Promise.all(
      Array.from({ length: Math.min(20, count - n) }, () => deposit(portal.world.dgs, {})),
    );
    made.push(...some.map((folder) => folder.cases[0].id));
  }
  return made;
};
const ask = (body: Json, query = ''): Promise<Called> => ada.post(`${BULK}${query}`, body);
const statusOf = async (id: string): Promise<string> =>
  (await portal.world.dgs.get(`/teledossiers/v1/cases/${id}`)).json.status;

/** The job once it is over. */
async function over(id: string, states = ['done', 'undone']): Promise<Json> {
  for (let n = 0; n < 600; n += 1) {
    const { json, status } = await ada.get(`${BULK}/${id}`);
    assert.equal(status, 200);
    if (states.includes(json.state)) return json;
    await delay(100);
    if (n % 50 === 49) await ada.login();
  }
  return assert.fail('the job is not over');
}

describe('the same for many cases', () => {
  it('is told before it is done, and done line by line, whatever is closed left out', async () => {
    const ids = await cases(5);
    await portal.world.dgs.patch(`/teledossiers/v1/cases/${ids[0]}`, { status: 'CLOSED' });
    const seen = (await ask({ preview: true, plan: PLAN, cases: ids })).json;
    assert.deepEqual([seen.id, seen.total, seen.excluded], [null, 5, 1]);
    assert.deepEqual(seen.groups.map(({ status, cases: n }: Json) => [status, n]).sort(), [
      ['CLOSED', 1],
      ['HUBEE_NOTIFIED', 4],
    ]);
    const { json, status } = await ask({ plan: PLAN, cases: ids });
    assert.deepEqual([status, json.total, json.excluded], [202, 5, 1]);
    const job = await over(json.id);
    assert.deepEqual([job.counts.done, job.counts.excluded, job.undoUntil], [4, 1, null]);
    assert.deepEqual(await Promise.all(ids.map(statusOf)), ['CLOSED', 'DONE', 'DONE', 'DONE', 'DONE']);
    const [left] = (await ada.get(`${BULK}/${json.id}?result=excluded`)).json.lines;
    assert.deepEqual([left.caseId, left.status], [ids[0], 'CLOSED']);
    isProblem(await bob.get(`${BULK}/${json.id}`), 404, 'not-found');
  });

  it('is undone as far as it has not left', async () => {
    const ids = await cases(4);
    const { id } = (await ask({ plan: PLAN, cases: ids, undoSeconds: 60 })).json;
    const job = await over(id);
    assert.ok(Date.parse(job.undoUntil) > Date.now() + 30_000);
    assert.deepEqual([...new Set(await Promise.all(ids.map(statusOf)))], ['HUBEE_NOTIFIED']);
    assert.equal((await ada.call('DELETE', `${BULK}/${id}`)).status, 202);
    assert.equal((await over(id, ['undone'])).counts.undone, 4);
    const desk = (await ada.get(`/relais/v1/cases/${ids[0]}/desk`)).json;
    assert.equal(desk.pending, null);
  });

  it('says of each case what is its own, in the words of its organisation', async () => {
    const ids = await cases(2);
    const letter = 'Dossier {numero}, reçu le {recu}. {autre}';
    const key = `SI-${ORLY.companyRegister}-${ORLY.branchCode}`;
    const step = { processCode: 'CERTDC', status: 'HUBEE_NOTIFIED', to: ['IN_PROGRESS'] };
    const plan = [
      { ...step, organization: 'SI-21770000000024-77284', letter: 'd’une autre' },
      { ...step, organization: key, letter },
    ];
    const { json } = await ask({ plan, cases: ids, message: 'pour tous' });
    assert.equal((await over(json.id)).counts.done, 2);
    const day = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'Europe/Paris' }).format(Date.now());
    for (const id of ids) {
      const { externalId, events } = (await portal.world.dgs.get(`/teledossiers/v1/cases/${id}`)).json;
      const said = events[0].message.replaceAll('\u00a0', ' ');
      assert.equal(said, `Dossier ${externalId}, reçu le ${day.replace(/^1 /, '1er ')}. {autre}`);
    }
    const nowhere = [{ ...step, organization: 'SI-21770000000024-77284' }];
    const none = (await ask({ preview: true, plan: nowhere, cases: await cases(1) })).json;
    assert.deepEqual([none.total, none.excluded], [1, 1]);
  });

  it('leaves alone what a colleague decided meanwhile', async () => {
    const ids = await cases(2);
    const path = `/relais/v1/cases/${ids[0]}/decisions`;
    assert.equal((await bob.post(path, { statuses: ['SI_INTG_ERROR'], message: 'non', undoSeconds: 60 })).status, 201);
    const { id } = (await ask({ plan: PLAN, cases: ids })).json;
    const { counts } = await over(id);
    assert.deepEqual([counts.done, counts.moved], [1, 1]);
  });

  it('gives cases to a colleague', async () => {
    const ids = await cases(2);
    const people: Json[] = (await ada.get('/relais/v1/colleagues')).json;
    const to = people.find(({ name }) => name.startsWith('bob'))?.id;
    const { id } = (await ask({ assign: to, cases: ids })).json;
    assert.equal((await over(id)).counts.done, 2);
    const listed = (await bob.get('/relais/v1/cases?assignee=me')).json.items;
    assert.deepEqual(listed.map(({ caseId }: Json) => caseId).sort(), ids.toSorted());
    isProblem(await ada.call('DELETE', `${BULK}/${id}`), 409, 'conflict');
  });

  it(`takes a whole filter, ${MANY} cases, without a cap`, async () => {
    await cases(MANY);
    await ada.login();
    const began = performance.now();
    const { json, status } = await ask({ plan: PLAN }, '?view=waiting&processCode=CERTDC');
    const accepted = performance.now() - began;
    assert.equal(status, 202);
    assert.ok(json.total >= MANY);
    const { counts } = await over(json.id);
    const seconds = (performance.now() - began) / 1000;
    assert.ok(counts.done >= MANY, JSON.stringify(counts));
    assert.equal(
      (await ada.get('/relais/v1/cases?view=waiting&processCode=CERTDC')).json.total.count,
      json.total - counts.done,
    );
    console.log(`${json.total} cases: accepted in ${Math.round(accepted)} ms, done in ${seconds.toFixed(1)} s`);
  });
});
