import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { LENS, MEAUX, NOWHERE, ORLY, pdf, subscription } from './country.ts';
import { deposit, drain, notifications, startHub, type World } from './hub.ts';
import { assertDone, assertError, assertShape } from './shape.ts';
import { call, type Json, Partner } from './wire.ts';

/** Contract §6: what the portal alone calls: migration of an organisation, and the purge of its copies. */

const API = '/teledossiers/v1';
const MIGRATE = `${API}/cases/migrate`;
const TO_PURGE = `${API}/attachmentsIdsForPurge`;
const PURGED = `${API}/idsPurged`;

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

describe('PUT /cases/migrate', () => {
  let lens: Partner;
  before(async () => {
    const made = await world.admin.post('/referential/v1/subscriptions', subscription('CERTDC', LENS));
    const { json } = await world.admin.post('/admin/v1/clients', { scope: 'SI', subscriptionId: made.json.id });
    lens = await new Partner(world.url, 'SI', json.clientId, json.clientSecret).login();
  });

  test('moves cases, events and notifications; ids stay', async () => {
    const folders: Json[] = [];
    for (let number = 0; number < 5; number += 1) folders.push(await deposit(world.dgs, { to: [ORLY] }));
    const civil = await deposit(world.dila, { processCode: 'EtatCivil', to: [ORLY] });
    const [first] = folders;
    const path = `${API}/cases/${first.cases[0].id}`;
    const made = (await world.dgs.post(`${path}/events`, { actionType: 'COM_ADD', notification: true })).json;
    const before_ = await notifications(world.orly);
    assert.equal(before_.length, 6);

    const answer = await world.orly.put(MIGRATE, { organizationSource: ORLY, organizationTarget: LENS });
    assert.equal(answer.status, 200, answer.text);
    assertShape('Migrated', answer.json);
    assert.equal(answer.json.caseUpdated, 5);

    assert.deepEqual(await notifications(world.orly), []);
    const moved = await notifications(lens);
    assert.deepEqual(
      moved.map(({ id }) => id),
      before_.map(({ id }) => id),
    );
    assert.deepEqual(
      moved.map(({ caseId }) => caseId),
      before_.map(({ caseId }) => caseId),
    );
    assert(moved.every(({ recipient }) => recipient.branchCode === LENS.branchCode));
    const seen = (await lens.get(path)).json;
    assertShape('Case', seen);
    assert.deepEqual(seen.recipient, LENS);
    assert.equal(seen.events.length, 1);
    assertError(await world.orly.get(path), 403, 'Unauthorized user');
    assert.deepEqual((await world.dgs.get(`${API}/folders/${first.id}`)).json.cases[0].recipient, LENS);
    assert.equal((await lens.get(`${path}/attachments/${first.attachments[0].id}`)).status, 200);
    assert.equal((await notifications(world.orlyCivil))[0].caseId, civil.cases[0].id);

    assertDone(await lens.patch(`${path}/events/${made.id}`, { status: 'RECEIVED' }));
    assert.equal((await notifications(world.dgs))[0].eventId, made.id);
    const event = { actionType: 'STATUS_UPDATE', notification: true, caseNewStatus: 'HUBEE_NOTIFIED' };
    assert.equal((await world.dgs.post(`${path}/events`, event)).status, 201);
    assert.equal((await notifications(lens)).at(-1).eventStatus, 'SENT');
    for (const { id } of moved) assertDone(await lens.remove(`${API}/notifications/${id}`));
    assertError(await lens.remove(`${API}/notifications/${moved[0].id}`), 404, 'Notification is not found');

    const again = await world.orly.put(MIGRATE, { organizationSource: ORLY, organizationTarget: LENS });
    assert.equal(again.json.caseUpdated, 0);
    await drain(world.dgs, lens, world.orlyCivil);
  });

  test('by ADMIN takes all démarches', async () => {
    await deposit(world.dgs, { to: [MEAUX] });
    const answer = await world.admin.put(MIGRATE, { organizationSource: MEAUX, organizationTarget: LENS });
    assert.equal(answer.json.caseUpdated, 1);
    assert.equal((await notifications(lens)).length, 1);
    await drain(lens);
  });

  test('is for its own organisation, between organisations that exist', async () => {
    const foreign = { organizationSource: MEAUX, organizationTarget: ORLY };
    assertError(await world.orly.put(MIGRATE, foreign), 403, 'Unauthorized user');
    for (const body of [
      { organizationSource: ORLY, organizationTarget: NOWHERE },
      { organizationSource: NOWHERE, organizationTarget: ORLY },
    ]) {
      assertError(await world.admin.put(MIGRATE, body), 404, 'Organization is not found');
    }
    assertError(await world.admin.put(MIGRATE, { organizationSource: ORLY, organizationTarget: ORLY }), 400);
  });

  test('the word is no case id', async () => {
    assertError(await world.orly.get(MIGRATE), 405, 'Method not allowed');
  });
});

describe('purge of the portal', () => {
  const listed = async (partner: Partner): Promise<Json[]> => {
    const answer = await partner.get(TO_PURGE);
    assert.equal(answer.status, 200, answer.text);
    assertShape('IdsForPurge[]', answer.json);
    return answer.json;
  };

  test('lists the files of closed cases, to those they concern, until they are marked', async () => {
    const folder = await deposit(world.dgs, { to: [ORLY, MEAUX], files: [{ for: [0] }, {}] });
    const [orly, meaux] = folder.cases;
    const path = `${API}/cases/${orly.id}`;
    const event = {
      actionType: 'ATTACH_DEPOSIT',
      notification: false,
      attachments: [{ fileName: 'a.pdf', type: 'x', size: 20, mimeType: 'application/pdf' }],
    };
    const made = (await world.orly.post(`${path}/events`, event)).json;
    assertDone(await world.orly.upload(`${path}/events/${made.id}/attachments/${made.attachments[0].id}`, pdf(20)));
    assertDone(await world.orly.patch(`${path}/events/${made.id}`, { status: 'SENT' }));
    assert.deepEqual(await listed(world.orly), []);

    assertDone(await world.dgs.patch(path, { status: 'CLOSED' }));
    assertDone(await world.dgs.patch(`${API}/cases/${meaux.id}`, { status: 'CLOSED' }));
    const pair = (attachment: string, id: string) => ({ folder_attachment_id: attachment, case_id: id });
    const [first, second] = folder.attachments.map(({ id }: Json) => id);
    const ofOrly = [pair(first, orly.id), pair(second, orly.id), pair(made.attachments[0].id, orly.id)];
    const ofMeaux = [pair(second, meaux.id)];
    const sorted = (pairs: Json[]) => pairs.map((one) => JSON.stringify(one)).sort();
    assert.deepEqual(sorted(await listed(world.orly)), sorted(ofOrly));
    assert.deepEqual(sorted(await listed(world.meaux)), sorted(ofMeaux));
    assert.deepEqual(await listed(world.orlyCivil), []);
    assert.deepEqual(await listed(world.dila), []);
    assert.deepEqual(sorted(await listed(world.dgs)), sorted([...ofOrly, ...ofMeaux]));
    assert.deepEqual(sorted(await listed(world.admin)), sorted([...ofOrly, ...ofMeaux]));

    assertError(await world.meaux.put(PURGED, [...ofMeaux, ...ofOrly]), 403, 'Unauthorized user');
    assert.equal((await listed(world.meaux)).length, 1);
    assertDone(
      await world.meaux.put(PURGED, [
        ...ofMeaux,
        pair(first, '018f3c6a-0000-7000-8000-000000000000'),
        pair(orly.id, meaux.id),
      ]),
    );
    assert.deepEqual(await listed(world.meaux), []);
    assertDone(await world.orly.put(PURGED, ofOrly.slice(0, 1)));
    assert.deepEqual(sorted(await listed(world.orly)), sorted(ofOrly.slice(1)));
    assertDone(await world.admin.put(PURGED, ofOrly));
    assertDone(await world.admin.put(PURGED, ofOrly));
    assert.deepEqual(await listed(world.orly), []);
    assert.equal((await world.orly.get(`${path}/attachments/${first}`)).status, 200);
    await drain(world.orly, world.meaux, world.dgs);
  });

  test('reopening a case takes it off the list', async () => {
    const folder = await deposit(world.dgs, { to: [MEAUX] });
    const path = `${API}/cases/${folder.cases[0].id}`;
    assertDone(await world.dgs.patch(path, { status: 'CLOSED' }));
    assert.equal((await listed(world.meaux)).length, 1);
    assertDone(await world.dgs.patch(path, { status: 'HUBEE_NOTIFIED' }));
    assert.deepEqual(await listed(world.meaux), []);
    await drain(world.meaux);
  });

  test('refuses what is no pair', async () => {
    assertError(await world.orly.put(PURGED, [{ case_id: 'x' }]), 400, /folder_attachment_id/);
    assertError(
      await world.orly.put(PURGED, [{ case_id: 'x', folder_attachment_id: 'y' }]),
      400,
      /is not a valid UUID/,
    );
    assertDone(await world.orly.put(PURGED, []));
  });
});

test('a datapassId of 64 bits comes back digit by digit, and a longer one is refused', async () => {
  const path = '/referential/v1/subscriptions';
  const put = (id: string, digits: string) => {
    const body = JSON.stringify(subscription('EtatCivil', ORLY)).replace('"datapassId":0', `"datapassId":${digits}`);
    const headers = { Authorization: `Bearer ${world.admin.token}`, 'Content-Type': 'application/json' };
    return call(world.url, 'PUT', `${path}/${id}`, { headers, body });
  };
  const id = [...world.subscriptions].find(([name]) => name.startsWith('EtatCivil|'))?.[1] as string;
  for (const digits of ['9223372036854775807', '-9223372036854775808', '9007199254740993', '7']) {
    const answer = await put(id, digits);
    assert.equal(answer.status, 200, answer.text);
    for (const { text } of [answer, await world.admin.get(`${path}/${id}`), await world.admin.get(path)]) {
      assert.ok(text.includes(`"datapassId":${digits},`), text);
    }
  }
  for (const digits of ['9223372036854775808', '-9223372036854775809', '1e18', '9007199254740993.0', '1.5']) {
    assertError(await put(id, digits), 400, /datapassId/);
  }
});
