import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DGS, process as démarche, ORLY, subscription } from './country.ts';
import { deposit, startHub, type World } from './hub.ts';
import { assertDone } from './shape.ts';
import type { Json } from './wire.ts';

/** Contract §10: who is written to, and when. Never a sender; never before the answer fails for it. */

const API = '/teledossiers/v1';
const ADDRESS = `${ORLY.branchCode}@commune.test`;
const LAST = 'last@commune.test';

let world: World;
before(async () => {
  world = await startHub();
  await world.admin.post('/referential/v1/processes', démarche('GRO', DGS));
  await world.admin.post('/referential/v1/subscriptions', subscription('GRO', ORLY, { email: LAST }));
});
after(() => world.stop());

/** Addresses written to by an act; a last e-mail of the same partition follows it, so that none is waited for in vain. */
async function told<T>(wanted: number, act: () => Promise<T>): Promise<[string[], T]> {
  const { mails } = world;
  const already = mails.received.length;
  const result = await act();
  await deposit(world.dgs, { processCode: 'GRO', to: [ORLY] });
  await mails.count(already + wanted + 1);
  return [mails.received.slice(already).filter((address) => address !== LAST), result];
}

const event = { actionType: 'STATUS_UPDATE', notification: true };

describe('at completion', () => {
  test('the recipient is told once per case', async () => {
    const folder = await deposit(world.dgs, { to: [ORLY, ORLY] }, false);
    const path = `${API}/folders/${folder.id}`;
    const complete = () => world.dgs.patch(path, { globalStatus: 'HUBEE_COMPLETED' });
    const [addresses] = await told(2, complete);
    assert.deepEqual(addresses, [ADDRESS, ADDRESS]);
    const sent = world.mails.texts.join('\n');
    for (const { id } of folder.cases) assert.ok(sent.includes(id), `the e-mail names case ${id}`);
    assert.deepEqual((await told(0, complete))[0], []);
  });

  test('nobody is told who wants none, or has no address', async () => {
    const id = world.subscriptions.get(`CERTDC|SI-${ORLY.companyRegister}-${ORLY.branchCode}`);
    const path = `/referential/v1/subscriptions/${id}`;
    for (const change of [{ notificationFrequency: 'Aucune' }, { email: null }]) {
      assert.equal((await world.admin.put(path, subscription('CERTDC', ORLY, change))).status, 200);
      assert.deepEqual((await told(0, () => deposit(world.dgs, { to: [ORLY] })))[0], []);
    }
    assert.equal(
      (await world.admin.put(path, subscription('CERTDC', ORLY, { notificationFrequency: 'UNITAIRE' }))).status,
      200,
    );
    assert.deepEqual((await told(1, () => deposit(world.dgs, { to: [ORLY] })))[0], [ADDRESS]);
  });
});

describe('at an event', () => {
  let path: string;
  before(async () => {
    const [, folder] = await told(1, () => deposit(world.dgs, { to: [ORLY] }));
    path = `${API}/cases/${folder.cases[0].id}/events`;
  });

  test('of the sender with notification the recipient is told; without, or by the recipient, nobody', async () => {
    assert.deepEqual((await told(1, () => world.dgs.post(path, event)))[0], [ADDRESS]);
    assert.deepEqual((await told(0, () => world.dgs.post(path, { ...event, notification: false })))[0], []);
    assert.deepEqual((await told(0, () => world.orly.post(path, event)))[0], []);
    assert.deepEqual((await told(0, () => world.admin.post(path, event)))[0], []);
  });

  test('sent by PATCH the recipient is told only when it reopens the case', async () => {
    for (const caseNewStatus of ['HUBEE_NOTIFIED', 'HUBEE_COMPLETED', null]) {
      const attachments = [{ fileName: 'a.xml', type: 'x', size: 5, mimeType: 'application/xml' }];
      const body = { actionType: 'ATTACH_DEPOSIT', notification: true, caseNewStatus, attachments };
      const [none, made] = await told(0, async (): Promise<Json> => (await world.dgs.post(path, body)).json);
      assert.deepEqual(none, []);
      const self = `${path}/${made.id}`;
      assertDone(await world.dgs.upload(`${self}/attachments/${made.attachments[0].id}`, Buffer.from('<a/> ')));
      const expected = caseNewStatus === 'HUBEE_NOTIFIED' ? [ADDRESS] : [];
      const [sent] = await told(expected.length, () => world.dgs.patch(self, { status: 'SENT' }));
      assert.deepEqual(sent, expected);
    }
  });
});
