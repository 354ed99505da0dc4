import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DILA, LENS, ORLY, subscription } from '#test/contract/country.ts';
import { deposit, notifications, startHub, type World } from '#test/contract/hub.ts';
import { type Json, Partner } from '#test/contract/wire.ts';
import { deposit as nativeDeposit } from '#test/native/calls.ts';
import { holdIndex } from './held.ts';

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

const CASES = '/relais/v1/cases';

async function list(partner: Partner, query = ''): Promise<Json> {
  const answer = await partner.get(`${CASES}?${query}`);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.late, false);
  return answer.json;
}
const idsOf = (answer: Json): string[] => answer.items.map(({ caseId }: Json) => caseId);

/** A deposit in one call by this person. @returns id of its case */
async function of(firstName: string, lastName: string, fileName = 'acte.pdf'): Promise<string> {
  const body = nativeDeposit({ to: [ORLY] }) as Json;
  body.applicant = { firstName, lastName };
  body.attachments[0].fileName = fileName;
  const key = { 'Idempotency-Key': `${firstName}-${lastName}`.normalize('NFD').replace(/[^\w-]/g, '') };
  const answer = await world.dgs.post('/relais/v1/folders', body, key);
  assert.equal(answer.status, 201, answer.text);
  return answer.json.cases[0].id;
}

const setStatus = (partner: Partner, id: string, status: string) =>
  partner.post(`/teledossiers/v1/cases/${id}/events`, {
    actionType: 'STATUS_UPDATE',
    notification: true,
    caseNewStatus: status,
  });

test('a deposit is in the list that is asked for next, as the record has it', async () => {
  const folder = await deposit(world.dgs, { files: [{}, { fileName: 'Justificatif.pdf' }] });
  const [item] = (await list(world.orly)).items;
  const read = (await world.orly.get(`/teledossiers/v1/cases/${item.caseId}`)).json;
  assert.equal(item.caseId, folder.cases[0].id);
  assert.equal(item.folderId, folder.id);
  assert.equal(item.externalId, read.externalId);
  assert.equal(item.status, 'HUBEE_NOTIFIED');
  assert.deepEqual(item.recipient, read.recipient);
  assert.equal(item.applicant.lastName, read.applicant.lastName);
  assert.equal(item.received, read.transmissionDateTime);
  assert.equal(item.attachments, 2);
  assert.deepEqual(item.files, ['pièce n° 1.pdf', 'Justificatif.pdf']);
  assert.equal(item.unread, true);
  assert.equal(item.deadline, null);
});

test('what the recipient does is in its next list, and so is what the sender does', async () => {
  const id = await of('Ada', 'Statut');
  const view = async (name: string) => idsOf(await list(world.orly, `view=${name}&q=statut`));
  assert.deepEqual(await view('waiting'), [id]);
  for (const [status, name] of [
    ['IN_PROGRESS', 'progress'],
    ['ADD_AWAITING', 'awaiting'],
    ['DONE', 'done'],
  ] as const) {
    assert.equal((await setStatus(world.orly, id, status)).status, 201);
    assert.deepEqual(await view(name), [id]);
  }
  assert.equal((await world.orly.patch(`/teledossiers/v1/cases/${id}`, { status: 'IN_PROGRESS' })).status, 204);
  assert.deepEqual(await view('progress'), [id]);
  assert.equal((await world.dgs.patch(`/teledossiers/v1/cases/${id}`, { status: 'CLOSED' })).status, 204);
  assert.deepEqual(await view('done'), [id]);
});

test('names are found by their beginnings, with or without accents, capitals and ligatures', async () => {
  const id = await of('Hélène', 'Leroux-Cœurdacier', 'Pièce d’identité.pdf');
  for (const q of ['lerou', 'helene', 'HÉLÈNE', 'coeur', 'œur', 'leroux hel', 'identite', 'piece d’id'])
    assert.deepEqual(idsOf(await list(world.orly, `q=${encodeURIComponent(q)}`)), q === 'œur' ? [] : [id], q);
  const { externalId } = (await list(world.orly, 'q=coeurdacier')).items[0];
  assert.deepEqual(idsOf(await list(world.orly, `q=${externalId}`)), [id]);
});

test('a case is unread until its last notification is deleted', async () => {
  const id = await of('Ada', 'Lue');
  const unread = async () => idsOf(await list(world.orly, 'unread=true&q=lue'));
  assert.deepEqual(await unread(), [id]);
  const own = (await notifications(world.orly)).filter(({ caseId }: Json) => caseId === id);
  assert.equal(own.length, 1);
  await world.orly.remove(`/teledossiers/v1/notifications/${own[0].id}`);
  assert.deepEqual(await unread(), []);
  await world.dgs.post(`/teledossiers/v1/cases/${id}/events`, {
    actionType: 'COM_ADD',
    notification: true,
    message: 'x',
  });
  assert.deepEqual(await unread(), [id]);
});

test('a list is counted without being read', async () => {
  for (const query of ['', 'view=waiting', 'q=statut', 'unread=true&sort=number&order=desc']) {
    const { json } = await world.orly.get(`${CASES}/count?${query}`);
    const { total } = await list(world.orly, query);
    assert.deepEqual({ count: json.count, exact: json.exact, late: json.late }, { ...total, late: false }, query);
  }
  assert.equal((await world.orly.get(`${CASES}/count?limit=5`)).status, 400);
});

test('counters are those of the lists, by view, status and démarche', async () => {
  const { json } = await world.orly.get(`${CASES}/counters`);
  for (const view of Object.keys(json.views)) {
    const { total } = await list(world.orly, `view=${view}`);
    assert.deepEqual(total, { count: json.views[view], exact: true }, view);
  }
  const sum = Object.values(json.statuses as Record<string, number>).reduce((a, b) => a + b, 0);
  assert.equal(sum, json.views.all);
  assert.deepEqual(
    json.processes.map(({ processCode }: Json) => processCode),
    ['CERTDC'],
  );
  assert.equal(json.unread, (await list(world.orly, 'unread=true')).total.count);
});

test('the notifications of one case are asked for and deleted at once, and the other cases stay unread', async () => {
  const one = await of('Ada', 'Cloche');
  const two = await of('Zoé', 'Cloche');
  const path = (id: string) => `${CASES}/${id}/notifications`;
  const said = await world.dgs.post(`/teledossiers/v1/cases/${one}/events`, {
    actionType: 'COM_ADD',
    notification: true,
    message: 'encore',
  });
  assert.equal(said.status, 201, said.text);
  const { status, json: found } = await world.orly.get(path(one));
  assert.equal(status, 200);
  assert.deepEqual(
    found.map(({ caseId, eventId, eventActionType }: Json) => [caseId, eventId, eventActionType]),
    [
      [one, null, null],
      [one, said.json.id, 'COM_ADD'],
    ],
  );
  const all: Json[] = await notifications(world.orly);
  assert.deepEqual(
    found,
    all.filter(({ caseId }) => caseId === one),
    'they are those of the contract',
  );
  for (const other of [world.meaux, world.dgs]) assert.equal((await other.call('DELETE', path(one))).status, 403);
  assert.equal((await world.orly.call('DELETE', path(one))).status, 204);
  assert.deepEqual((await world.orly.get(path(one))).json, []);
  assert.equal((await world.orly.call('DELETE', path(one))).status, 204, 'nothing is left to delete');
  const rest: Json[] = await notifications(world.orly);
  assert.deepEqual(
    rest,
    all.filter(({ caseId }) => caseId !== one),
  );
  assert.deepEqual(idsOf(await list(world.orly, 'q=cloche&unread=true')), [two]);
  assert.equal((await world.orly.get(path('01890a5d-ac96-7b06-8000-000000000000'))).status, 404);
});

test('a deadline follows the delay of its démarche, for cases that are there already too', async () => {
  const CERTDC = '/referential/v1/processes/CERTDC';
  const one = await of('Ada', 'Delai');
  const two = await of('Zoé', 'Delai');
  const { json: before } = await world.admin.get(CERTDC);
  assert.equal('timeBeforeDeadline' in before, false);
  const put = await world.admin.put(CERTDC, { ...before, timeBeforeDeadline: 1 });
  assert.deepEqual([put.status, put.json.timeBeforeDeadline], [200, 1]);
  const items = (await list(world.orly, 'q=delai&sort=deadline')).items as Json[];
  assert.deepEqual(new Set(idsOf({ items })), new Set([one, two]));
  const Paris = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'medium' });
  for (const { received, deadline } of items) {
    const [day] = Paris.format(Date.parse(received) + 24 * 3_600_000).split(' ');
    assert.equal(Paris.format(Date.parse(deadline)), `${day} 23:59:59`);
  }
  assert.deepEqual(new Set(idsOf(await list(world.orly, 'q=delai&dueWithin=49'))), new Set([one, two]));
  assert.deepEqual(idsOf(await list(world.orly, 'q=delai&view=overdue')), []);
  assert.equal((await setStatus(world.orly, two, 'DONE')).status, 201);
  assert.deepEqual(idsOf(await list(world.orly, 'q=delai&dueWithin=49')), [one], 'what is done is due no more');
  const { json: counters } = await world.orly.get(`${CASES}/counters`);
  assert.equal(counters.soon, (await list(world.orly, 'dueWithin=48')).total.count);
  for (const text of ['0', '9000', 'x', '-1', '1.5'])
    assert.equal((await world.orly.get(`${CASES}?dueWithin=${text}`)).status, 400, text);
  // The sender reads what the contract has, and software that knows no delay does not take it away.
  assert.equal('timeBeforeDeadline' in (await world.dgs.get(CERTDC)).json, false);
  assert.equal((await world.admin.put(CERTDC, before)).json.timeBeforeDeadline, 1);
  const gone = await world.admin.put(CERTDC, { ...before, timeBeforeDeadline: null });
  assert.equal('timeBeforeDeadline' in gone.json, false);
  for (const { deadline } of (await list(world.orly, 'q=delai')).items) assert.equal(deadline, null);
});

test('each sees the cases of its organisation and démarche only', async () => {
  await deposit(world.dila, { processCode: 'EtatCivil', externalId: 'EC-1' });
  assert.deepEqual(
    (await list(world.orlyCivil)).items.map(({ processCode, sender }: Json) => [processCode, sender.companyRegister]),
    [['EtatCivil', DILA.companyRegister]],
  );
  assert.ok((await list(world.orly)).items.every(({ processCode }: Json) => processCode === 'CERTDC'));
  assert.equal((await list(world.orly, 'processCode=EtatCivil')).total.count, 0);
  assert.equal((await list(world.meaux)).total.count, 0);
});

test('pages follow each other without a gap, and go with their own order only', async () => {
  const whole = idsOf(await list(world.orly, 'sort=applicant&order=desc'));
  const paged: string[] = [];
  for (let after = ''; ; ) {
    const page = await list(world.orly, `sort=applicant&order=desc&limit=2&after=${after}`);
    paged.push(...idsOf(page));
    if (page.next === null) break;
    assert.ok(!Buffer.from(page.next, 'base64url').toString('latin1').includes('xemple'), 'no name in an address');
    after = page.next;
  }
  assert.ok(whole.length > 3);
  assert.deepEqual(paged, whole);
  const { next } = await list(world.orly, 'limit=1');
  for (const query of [
    `after=${next}&sort=number`,
    `after=${next}&order=desc`,
    'after=x',
    `after=${next.slice(0, -2)}`,
  ])
    assert.equal((await world.orly.get(`${CASES}?${query}`)).status, 400, query);
  const { json } = await world.orly.get(`${CASES}/${whole[1]}/neighbours?sort=applicant&order=desc`);
  assert.deepEqual([json.previous, json.next], [whole[0], whole[2]]);
});

test('an index that is behind says so, and does not deny the case it has not read', async () => {
  const first = await of('Ada', 'Suite');
  await list(world.orly);
  const next = (id: string) => world.orly.get(`${CASES}/${id}/neighbours?q=suite`);
  assert.deepEqual([(await next(first)).json.next, (await next(first)).json.late], [null, false]);
  const second = await holdIndex(world.data, async () => {
    const id = await of('Zoé', 'Suite');
    for (const known of [first, id]) {
      const { status, json } = await next(known);
      assert.deepEqual([status, json.previous, json.next, json.late], [200, null, null, true]);
    }
    return id;
  });
  assert.deepEqual([(await next(first)).json.next, (await next(first)).json.late], [second, false]);
  assert.equal((await next('01890a5d-ac96-7b06-8000-000000000000')).status, 404);
});

test('what cannot be asked is refused in French', async () => {
  for (const [query, word] of [
    ['view=mine', 'view'],
    ['status=OPEN', 'status'],
    ['from=yesterday', 'from'],
    ['sort=name', 'sort'],
    ['limit=0', 'limit'],
    ['q=%2A', 'q'],
    ['page=2', 'page'],
  ] as const) {
    const answer = await world.orly.get(`${CASES}?${query}`);
    assert.equal(answer.status, 400, query);
    assert.match(answer.json.detail, new RegExp(`^Paramètre ${word} : `));
  }
});

test('days are days in Paris, and the last one counts', async () => {
  const day = new Intl.DateTimeFormat('fr-CA', { timeZone: 'Europe/Paris' }).format(Date.now());
  const { total } = await list(world.orly);
  assert.equal((await list(world.orly, `from=${day}&to=${day}`)).total.count, total.count);
  assert.equal((await list(world.orly, 'to=2020-01-01')).total.count, 0);
});

test('a migration moves cases to the list of who takes them', async () => {
  const { admin, orly } = world;
  const { id } = (await admin.post('/referential/v1/subscriptions', subscription('CERTDC', LENS))).json;
  const { clientId, clientSecret } = (await admin.post('/admin/v1/clients', { scope: 'SI', subscriptionId: id })).json;
  const lens = await new Partner(orly.base, 'SI', clientId, clientSecret).login();
  const before = await list(orly, 'sort=number');
  const moved = { organizationSource: ORLY, organizationTarget: LENS };
  assert.equal((await world.orly.put('/teledossiers/v1/cases/migrate', moved)).status, 200);
  const until = Date.now() + 5_000;
  for (;;) {
    const [left, there] = [await list(orly), await list(lens, 'sort=number')];
    if (left.total.count === 0 && there.total.count === before.total.count) {
      assert.deepEqual(idsOf(there), idsOf(before));
      break;
    }
    assert.ok(Date.now() < until, `${left.total.count} left, ${there.total.count} there`);
  }
});
