import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DGS, process as démarche, folder, keyOf, LENS, MEAUX, NOWHERE, ORLY, pdf } from './country.ts';
import { deposit, drain, notifications, startHub, type World } from './hub.ts';
import { assertDone, assertError, assertShape } from './shape.ts';
import type { Json } from './wire.ts';

/** Contract §6: folders, from the first POST to the recipient’s notification. */

const API = '/teledossiers/v1';
const FOLDERS = `${API}/folders`;

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

describe('POST /folders', () => {
  test('creates folder, cases and descriptions, in the order sent, and notifies nobody', async () => {
    const body = folder({
      to: [ORLY, MEAUX],
      files: [{ for: [1] }, { type: 'VA_CertificatdeDeces', fileName: 'é "à" 名.pdf' }],
    });
    // Node writes each character of a header as one byte: the first comes as UTF-8, the second as Latin-1
    const utf8 = Buffer.from('Société éditrice').toString('latin1');
    const headers = { editorName: utf8, applicationName: 'Société éditrice', softwareVersion: '1.0' };
    const answer = await world.dgs.post(FOLDERS, { ...body, id: 'ignored', globalStatus: 3, unknown: {} }, headers);
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.phrase, 'Created');
    const made = answer.json;
    assertShape('Folder', made);
    assert.equal(made.globalStatus, 'HUBEE_RECEIVED');
    assert.deepEqual(made.partnerInfo, {
      editorName: 'Société éditrice',
      applicationName: 'Société éditrice',
      softwareVersion: '1.0',
    });
    assert.deepEqual(
      made.cases.map((one: Json) => one.externalId),
      body.cases.map((one) => one.externalId),
    );
    assert.deepEqual(
      made.cases.map((one: Json) => one.recipient),
      [ORLY, MEAUX],
    );
    assert.deepEqual(
      made.cases.map((one: Json) => one.status),
      ['HUBEE_RECEIVED', 'HUBEE_RECEIVED'],
    );
    assert.deepEqual(
      made.attachments.map((one: Json) => one.fileName),
      body.attachments.map((one) => one.fileName),
    );
    assert.deepEqual(
      made.attachments.map((one: Json) => one.recipients),
      body.attachments.map((one) => one.recipients),
    );
    assert.deepEqual(
      made.attachments.map((one: Json) => one.status),
      ['PENDING', 'PENDING'],
    );
    assert.deepEqual((await world.dgs.get(`${FOLDERS}/${made.id}`)).json, made);
    assert.deepEqual(await notifications(world.orly), []);
  });

  test('lets a sender use one number twice, and ADMIN deposit for the sender', async () => {
    const body = folder({});
    const first = await world.dgs.post(FOLDERS, body);
    assert.equal(first.json.partnerInfo, null);
    const second = await world.admin.post(FOLDERS, body, { softwareVersion: '2' });
    assert.equal(first.status, 201);
    assert.equal(second.status, 201, second.text);
    assert.deepEqual(second.json.partnerInfo, { editorName: null, applicationName: null, softwareVersion: '2' });
    assert.notEqual(first.json.id, second.json.id);
    assert.equal((await world.dgs.get(`${FOLDERS}/${second.json.id}`)).status, 200);
  });

  test('refuses the démarche of another sender with 403, an unknown or inactive one with 400', async () => {
    assertError(await world.dila.post(FOLDERS, folder({})), 403, 'Unauthorized user');
    assertError(await world.dgs.post(FOLDERS, folder({ processCode: 'Nothing' })), 400);
    const off = démarche('OFF', DGS, { isActivated: false });
    assert.equal((await world.admin.post('/referential/v1/processes', off)).status, 201);
    assertError(await world.dgs.post(FOLDERS, folder({ processCode: 'OFF' })), 400);
  });

  test('refuses recipients that do not exist or are not subscribed, in the words of the field', async () => {
    const unknown = await world.dgs.post(FOLDERS, folder({ to: [NOWHERE] }));
    assertError(unknown, 400, `Case recipient ${keyOf(NOWHERE)} does not exist`);
    const unsubscribed = await world.dgs.post(FOLDERS, folder({ to: [LENS] }));
    assertError(unsubscribed, 400, `Case recipient ${keyOf(LENS)} does not suscribed to CERTDC`);
    const sender = { ...folder({}), cases: [{ recipient: DGS, externalId: 'x' }] };
    assertError(await world.dgs.post(FOLDERS, sender), 400, /cases\/0\/recipient\/type/);
  });

  test('refuses cases and attachments that do not name each other', async () => {
    const body = folder({ to: [ORLY, MEAUX] });
    const alone = {
      ...body,
      attachments: body.attachments.map((one) => ({ ...one, recipients: [body.cases[0]?.externalId] })),
    };
    assertError(await world.dgs.post(FOLDERS, alone), 400, /has no attachment/);
    const foreign = { ...body, attachments: body.attachments.map((one) => ({ ...one, recipients: ['nobody'] })) };
    assertError(await world.dgs.post(FOLDERS, foreign), 400, /nobody/);
    const twice = { ...body, cases: body.cases.map((one) => ({ ...one, externalId: 'same' })) };
    assertError(await world.dgs.post(FOLDERS, twice), 400, /twice/);
    assertError(await world.dgs.post(FOLDERS, { ...body, cases: [] }), 400);
    assertError(await world.dgs.post(FOLDERS, { ...body, attachments: [] }), 400);
  });

  test('refuses attachments the démarche does not accept', async () => {
    for (const file of [{ type: 'other' }, { mimeType: 'application/zip' }, { size: 5_000_001 }]) {
      assertError(await world.dgs.post(FOLDERS, folder({ files: [file] })), 400);
    }
    assertError(await world.dgs.post(FOLDERS, folder({ files: [{ size: -1 }] })), 400, /size/);
    assertError(await world.dgs.post(FOLDERS, folder({ files: [{ size: 1.5 }] })), 400, /size/);
  });

  test('reports all faults of a body', async () => {
    const body = { ...folder({}), processCode: 3, applicant: { firstName: 'x' }, cases: [{}] };
    const { json } = await world.dgs.post(FOLDERS, body);
    const text = json.errors.map((one: Json) => one.message).join('\n');
    assert.match(text, /\[Path '\/processCode'\] Instance type \(integer\) does not match/);
    assert.match(text, /\[Path '\/applicant'\] Object has missing required properties \(\["lastName"\]\)/);
    assert.match(text, /\[Path '\/cases\/0'\] Object has missing required properties \(\["externalId","recipient"\]\)/);
  });

  test('takes a thousand recipients, and shows them in order', async () => {
    const to = Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? ORLY : MEAUX));
    const made = await deposit(world.dgs, { to, externalId: 'DGS-thousand' }, true);
    assert.equal(made.globalStatus, 'HUBEE_NOTIFIED');
    assert.deepEqual(
      made.cases.map((one: Json) => one.externalId),
      folder({ to, externalId: 'DGS-thousand' }).cases.map((one) => one.externalId),
    );
    assert(made.cases.every((one: Json) => one.status === 'HUBEE_NOTIFIED'));
    assert.equal((await notifications(world.orly)).length, 500);
    assert.equal((await notifications(world.meaux)).length, 500);
    await drain(world.orly, world.meaux);
  });
});

describe('PATCH folder', () => {
  test('HUBEE_COMPLETED shows the cases, notifies each recipient, and may be repeated without effect', async () => {
    const made = await deposit(world.dgs, { to: [ORLY, MEAUX] }, false);
    const path = `${FOLDERS}/${made.id}`;
    assertError(await world.orly.get(`${API}/cases/${made.cases[0].id}`), 404, 'Case is not found');
    const waiting = await world.dgs.get(`${API}/cases/${made.cases[0].id}`);
    assert.equal(waiting.status, 200, waiting.text);
    assertShape('Case', waiting.json);
    assert.equal(waiting.json.status, 'HUBEE_RECEIVED');
    assertDone(await world.dgs.patch(path, { globalStatus: 'HUBEE_COMPLETED' }));
    assertDone(await world.dgs.patch(path, { globalStatus: 'HUBEE_COMPLETED' }));
    for (const [index, partner] of [world.orly, world.meaux].entries()) {
      const notes = await notifications(partner);
      assertShape('Notification[]', notes);
      assert.equal(notes.length, 1);
      const [note] = notes;
      assert.equal(note.caseId, made.cases[index].id);
      assert.equal(note.eventId, null);
      assert.equal(note.eventStatus, null);
      assert.deepEqual(note.transmitter, DGS);
      const seen = await partner.get(`${API}/cases/${note.caseId}`);
      assertShape('Case', seen.json);
      assert.equal(seen.json.status, 'HUBEE_NOTIFIED');
      assert.notEqual(seen.json.transmissionDateTime, null);
      assert.deepEqual(seen.json.events, []);
    }
    const done = (await world.dgs.get(path)).json;
    assert.equal(done.globalStatus, 'HUBEE_NOTIFIED');
    assert(done.cases.every((one: Json) => one.status === 'HUBEE_NOTIFIED'));
    await drain(world.orly, world.meaux);
  });

  test('HUBEE_COMPLETED is refused while a file is PENDING, not when one is REJECTED', async () => {
    const made = (await world.dgs.post(FOLDERS, folder({ files: [{ size: 64 }, { size: 64 }] }))).json;
    const path = `${FOLDERS}/${made.id}`;
    assertDone(await world.dgs.upload(`${path}/attachments/${made.attachments[0].id}`, pdf(64)));
    assertError(await world.dgs.patch(path, { globalStatus: 'HUBEE_COMPLETED' }), 400);
    assert.equal((await world.dgs.get(path)).json.globalStatus, 'HUBEE_RECEIVED');
    assertError(await world.dgs.upload(`${path}/attachments/${made.attachments[1].id}`, pdf(3)), 400);
    assertDone(await world.dgs.patch(path, { globalStatus: 'HUBEE_COMPLETED' }));
    const [note] = await notifications(world.orly);
    const files = `${API}/cases/${note.caseId}/attachments`;
    assert.equal((await world.orly.get(`${files}/${made.attachments[0].id}`)).status, 200);
    assertError(await world.orly.get(`${files}/${made.attachments[1].id}`), 404, 'File is not found');
    await drain(world.orly);
  });

  test('any other status is stored, whatever the cases; closing dates follow', async () => {
    const made = await deposit(world.dgs, {});
    const path = `${FOLDERS}/${made.id}`;
    for (const globalStatus of ['SENT', 'SI_RECEIVED', 'IN_PROGRESS', 'ADD_AWAITING', 'REFUSED', 'DONE']) {
      assertDone(await world.dgs.patch(path, { globalStatus }));
      assert.equal((await world.dgs.get(path)).json.globalStatus, globalStatus);
    }
    assertDone(await world.dgs.patch(path, { globalStatus: 'CLOSED', closeDateTime: '2024-07-04T10:54:15.4+02:00' }));
    const closed = (await world.dgs.get(path)).json;
    assert.equal(closed.globalStatus, 'CLOSED');
    assert.equal(closed.closeDateTime, '2024-07-04T08:54:15.400+00:00');
    assert.equal(closed.cases[0].status, 'HUBEE_NOTIFIED');
    assertDone(await world.dgs.patch(path, { globalStatus: 'HUBEE_NOTIFIED' }));
    assert.equal((await world.dgs.get(path)).json.closeDateTime, null);
    assertDone(await world.dgs.patch(path, { globalStatus: 'CLOSED', closeDateTime: null }));
    assert.notEqual((await world.dgs.get(path)).json.closeDateTime, null);
    assert.equal((await notifications(world.orly)).length, 1);
    await drain(world.orly);
  });

  test('refuses values that are not its own, and skips of the deposit', async () => {
    const made = await deposit(world.dgs, {}, false);
    const path = `${FOLDERS}/${made.id}`;
    for (const globalStatus of [
      'SI_INTG_ERROR',
      'ARCHIVED',
      'HUBEE_RECEIVED',
      'anything',
      '',
      'SENT',
      'HUBEE_NOTIFIED',
    ]) {
      assertError(await world.dgs.patch(path, { globalStatus }), 400);
    }
    const wrong = await world.dgs.patch(path, { globalStatus: 'HUBEE_COMPLETED', closeDateTime: 'yesterday' });
    assertError(wrong, 400, /closeDateTime/);
    assertError(await world.dila.patch(path, { globalStatus: 'anything' }), 403, 'Unauthorized user');
    assert.equal((await world.dgs.get(path)).json.globalStatus, 'HUBEE_RECEIVED');
  });
});

describe('DELETE folder', () => {
  test('removes what is not completed, and nothing else', async () => {
    const made = await deposit(world.dgs, {}, false);
    const path = `${FOLDERS}/${made.id}`;
    assertError(await world.dila.remove(path), 403, 'Unauthorized user');
    assertDone(await world.dgs.remove(path));
    assertError(await world.dgs.get(path), 404, 'Folder is not found');
    assertError(await world.dgs.remove(path), 404, 'Folder is not found');
    assertError(await world.dgs.get(`${API}/cases/${made.cases[0].id}`), 404, 'Case is not found');
    const lives = await deposit(world.dgs, {});
    assertError(await world.dgs.remove(`${FOLDERS}/${lives.id}`), 400);
    assert.equal((await world.dgs.get(`${FOLDERS}/${lives.id}`)).status, 200);
    await drain(world.orly);
  });

  test('is not kept from it by commands that were refused, or by a mere status, in any partition', async () => {
    const made = await deposit(world.dgs, { to: [ORLY, MEAUX] }, false);
    const event = '01a2b3c4-0000-7300-8000-000000000000';
    for (const { id } of made.cases) {
      const path = `${API}/cases/${id}`;
      assertError(await world.dgs.remove(`${path}/events/${event}`), 404, 'Event is not found');
      assertError(await world.dgs.patch(`${path}/events/${event}`, { status: 'SENT' }), 404, 'event is not found');
      assertDone(await world.dgs.patch(path, {}));
      assertDone(await world.dgs.patch(path, { status: 'DONE' }));
    }
    assertDone(await world.dgs.remove(`${FOLDERS}/${made.id}`));
    for (const { id } of made.cases) assertError(await world.dgs.get(`${API}/cases/${id}`), 404, 'Case is not found');
  });

  test('refuses one whose case has an event, wherever it lies', async () => {
    for (const index of [0, 1]) {
      const made = await deposit(world.dgs, { to: [ORLY, MEAUX] }, false);
      const path = `${API}/cases/${made.cases[index].id}`;
      assert.equal((await world.dgs.post(`${path}/events`, { actionType: 'COM_ADD', notification: true })).status, 201);
      assertError(await world.dgs.remove(`${FOLDERS}/${made.id}`), 400, /event or a notification/);
      assert.equal((await world.dgs.get(path)).json.events.length, 1);
      assert.deepEqual([await notifications(world.orly), await notifications(world.meaux)], [[], []]);
    }
  });
});
