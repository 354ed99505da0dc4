import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { DGS, MEAUX, ORLY, pdf } from './country.ts';
import { deposit, drain, notifications, startHub, type World } from './hub.ts';
import { assertDone, assertError, assertShape } from './shape.ts';
import type { Json, Partner } from './wire.ts';

/** Contract §9: what each call does to statuses and notifications, as the software of both sides lives it. */

const API = '/teledossiers/v1';

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());
afterEach(() => drain(world.dgs, world.orly, world.orlyCivil, world.meaux, world.admin));

const caseOf = async (partner: Partner, id: string): Promise<Json> => (await partner.get(`${API}/cases/${id}`)).json;

/** A case that its recipient has seen, and no notification left. */
async function delivered(): Promise<{ path: string; id: string; folder: Json }> {
  const folder = await deposit(world.dgs, {});
  await drain(world.orly);
  const { id } = folder.cases[0];
  return { path: `${API}/cases/${id}`, id, folder };
}

async function event(partner: Partner, path: string, changes: Json = {}): Promise<Json> {
  const body = { actionType: 'STATUS_UPDATE', notification: true, ...changes };
  const answer = await partner.post(`${path}/events`, body);
  assert.equal(answer.status, 201, answer.text);
  assertShape('Event', answer.json);
  return answer.json;
}

async function only(partner: Partner): Promise<Json> {
  const notes = await notifications(partner);
  assertShape('Notification[]', notes);
  assert.equal(notes.length, 1, JSON.stringify(notes));
  return notes[0];
}

describe('an event with notification', () => {
  test('is told, acknowledged, and read as RECEIVED on both sides', async () => {
    const { path, id } = await delivered();
    const made = await event(world.orly, path, {
      caseNewStatus: 'SI_RECEIVED',
      message: 'Bien reçu',
      comment: 'interne',
    });
    assert.equal(made.status, 'SENT');
    assert.deepEqual(made.transmitter, ORLY);
    assert.equal(made.comment, 'interne');
    assert.equal(made.caseCurrentStatus, 'HUBEE_NOTIFIED');
    assert.deepEqual(made.attachments, []);
    assert.equal((await caseOf(world.dgs, id)).status, 'SI_RECEIVED');

    const told = await only(world.dgs);
    assert.equal(told.caseId, id);
    assert.equal(told.eventId, made.id);
    assert.equal(told.eventStatus, 'SENT');
    assert.equal(told.eventActionType, 'STATUS_UPDATE');
    assert.deepEqual(told.recipient, DGS);
    assert.deepEqual(told.transmitter, ORLY);
    const seen = await world.dgs.get(`${path}/events/${made.id}`);
    assert.equal(seen.json.message, 'Bien reçu');
    assert.equal(seen.json.comment, null);

    assertDone(await world.dgs.patch(`${path}/events/${made.id}`, { status: 'RECEIVED' }));
    assert.equal((await only(world.dgs)).eventStatus, 'RECEIVED');
    const back = await only(world.orly);
    assert.equal(back.eventId, made.id);
    assert.equal(back.caseId, id);
    assert.equal(back.eventStatus, 'RECEIVED');
    assert.deepEqual(back.transmitter, DGS);

    assertDone(await world.dgs.patch(`${path}/events/${made.id}`, { status: 'RECEIVED' }));
    assert.equal((await notifications(world.orly)).length, 1);
    assertDone(await world.dgs.remove(`${API}/notifications/${told.id}`));
    assertError(await world.dgs.remove(`${API}/notifications/${told.id}`), 404, 'Notification is not found');
    assertDone(await world.orly.remove(`${API}/notifications/${back.id}`));
  });

  test('of the sender goes to the recipient, its acknowledgement to the sender', async () => {
    const { path, id } = await delivered();
    const made = await event(world.dgs, path, { caseNewStatus: 'CLOSED', comment: 'vu' });
    assert.equal(made.comment, null);
    assert.equal((await world.orly.get(`${path}/events/${made.id}`)).json.comment, 'vu');
    assert.equal((await caseOf(world.orly, id)).status, 'CLOSED');
    assert.equal((await only(world.orly)).eventId, made.id);
    assertDone(await world.orly.patch(`${path}/events/${made.id}`, { status: 'RECEIVED' }));
    assert.equal((await only(world.dgs)).eventId, made.id);
  });

  test('of ADMIN goes to the sender, and comes back to ADMIN', async () => {
    const { path } = await delivered();
    const made = await event(world.admin, path, { caseNewStatus: 'IN_PROGRESS' });
    assert.equal((await only(world.dgs)).eventId, made.id);
    assertDone(await world.dgs.patch(`${path}/events/${made.id}`, { status: 'RECEIVED' }));
    assert.equal((await only(world.admin)).eventId, made.id);
    assert.deepEqual(await notifications(world.orly), []);
  });

  test('deleted without being acknowledged stays SENT, and its author hears nothing', async () => {
    const { path } = await delivered();
    const made = await event(world.orly, path);
    const note = await only(world.dgs);
    assertDone(await world.dgs.remove(`${API}/notifications/${note.id}`));
    assert.equal((await world.orly.get(`${path}/events/${made.id}`)).json.status, 'SENT');
    assert.deepEqual(await notifications(world.orly), []);
  });

  test('without notification tells nobody, and nobody of its acknowledgement', async () => {
    const { path, id } = await delivered();
    for (const notification of [false, null]) {
      const made = await event(world.orly, path, { notification, caseNewStatus: 'SENT' });
      assert.equal(made.notification, false);
      assertDone(await world.dgs.patch(`${path}/events/${made.id}`, { status: 'RECEIVED' }));
    }
    assert.equal((await caseOf(world.orly, id)).status, 'SENT');
    assert.deepEqual(await notifications(world.dgs), []);
    assert.deepEqual(await notifications(world.orly), []);
  });
});

describe('the status of a case', () => {
  test('is the same whichever way it is set: PATCH then event, event alone, event then PATCH', async () => {
    for (const habit of [['patch', 'event'], ['event'], ['event', 'patch']]) {
      const { path, id } = await delivered();
      for (const step of habit) {
        if (step === 'patch') assertDone(await world.orly.patch(path, { status: 'DONE' }));
        else await event(world.orly, path, { caseNewStatus: 'DONE', caseCurrentStatus: 'HUBEE_NOTIFIED' });
      }
      assert.equal((await caseOf(world.dgs, id)).status, 'DONE');
      assert.equal((await only(world.dgs)).eventStatus, 'SENT');
      await drain(world.dgs);
    }
  });

  test('PATCH tells nobody, and may be repeated', async () => {
    const { path, id } = await delivered();
    assertDone(await world.orly.patch(path, { status: 'IN_PROGRESS' }));
    const first = await caseOf(world.orly, id);
    assertDone(await world.orly.patch(path, { status: 'IN_PROGRESS' }));
    assertDone(await world.orly.patch(path, {}));
    assert.deepEqual(await caseOf(world.orly, id), first);
    assert.deepEqual(await notifications(world.dgs), []);
  });

  test('takes the values of the caller’s list, in any order, and no other', async () => {
    const { path, id } = await delivered();
    const bySi = ['SENT', 'SI_RECEIVED', 'IN_PROGRESS', 'ADD_AWAITING', 'REFUSED', 'SI_INTG_ERROR', 'DONE'];
    const byOsl = [
      'HUBEE_COMPLETED',
      'HUBEE_NOTIFIED',
      'SENT',
      'SI_RECEIVED',
      'IN_PROGRESS',
      'ADD_AWAITING',
      'REFUSED',
      'DONE',
      'CLOSED',
    ];
    const all = new Set([...bySi, ...byOsl, 'HUBEE_RECEIVED', 'ARCHIVED', 'anything', '']);
    const lists: [Partner, string[]][] = [
      [world.orly, bySi],
      [world.dgs, byOsl],
      [world.admin, [...bySi, ...byOsl]],
    ];
    for (const [partner, list] of lists) {
      for (const status of [...all].reverse()) {
        const patched = await partner.patch(path, { status });
        const told = await partner.post(`${path}/events`, {
          actionType: 'STATUS_UPDATE',
          notification: false,
          caseNewStatus: status,
        });
        if (list.includes(status)) {
          assertDone(patched);
          assert.equal(told.status, 201, told.text);
          assert.equal((await caseOf(partner, id)).status, status);
        } else {
          assertError(patched, 400);
          assertError(told, 400);
        }
      }
    }
  });

  test('closing sets a date, reopening takes it away; the transmission keeps its first date', async () => {
    const { path, id } = await delivered();
    const before_ = await caseOf(world.dgs, id);
    assertDone(await world.dgs.patch(path, { status: 'CLOSED' }));
    assert.notEqual((await caseOf(world.dgs, id)).closeDateTime, null);
    const reopened = await event(world.dgs, path, { caseNewStatus: 'HUBEE_NOTIFIED' });
    const after_ = await caseOf(world.orly, id);
    assert.equal(after_.status, 'HUBEE_NOTIFIED');
    assert.equal(after_.closeDateTime, null);
    assert.equal(after_.transmissionDateTime, before_.transmissionDateTime);
    assert.equal((await only(world.orly)).eventId, reopened.id);
  });
});

describe('a deposit of files', () => {
  const files = [
    { fileName: 'réponse.pdf', type: 'Whatever', size: 64, mimeType: 'application/pdf' },
    { fileName: 'note.txt', type: 'Whatever', size: 5, mimeType: 'text/plain' },
  ];
  const deposited = (partner: Partner, path: string, changes: Json = {}) =>
    event(partner, path, { actionType: 'ATTACH_DEPOSIT', attachments: files, ...changes });

  test('is unseen and without effect until its author sends it', async () => {
    const { path, id } = await delivered();
    const made = await deposited(world.orly, path, { caseNewStatus: 'DONE' });
    assert.equal(made.status, 'IN_PROGRESS');
    assert.deepEqual(
      made.attachments.map((one: Json) => one.status),
      ['PENDING', 'PENDING'],
    );
    assert.deepEqual(
      made.attachments.map((one: Json) => one.fileName),
      files.map((one) => one.fileName),
    );
    const self = `${path}/events/${made.id}`;
    assert.equal((await caseOf(world.orly, id)).status, 'HUBEE_NOTIFIED');
    assert.equal((await caseOf(world.orly, id)).events.length, 1);
    assert.equal((await caseOf(world.admin, id)).events.length, 1);
    assert.deepEqual((await caseOf(world.dgs, id)).events, []);
    assertError(await world.dgs.get(self), 404, 'event is not found');
    assert.deepEqual(await notifications(world.dgs), []);

    assertError(await world.orly.patch(self, { status: 'SENT' }), 400);
    const [first, second] = made.attachments;
    assertDone(await world.orly.upload(`${self}/attachments/${first.id}`, pdf(64)));
    assertDone(await world.orly.upload(`${self}/attachments/${second.id}`, Buffer.from('hello')));
    const got = await world.orly.get(`${self}/attachments/${first.id}`);
    assert.deepEqual(got.bytes, pdf(64));
    assertDone(await world.orly.patch(self, { status: 'SENT' }));
    assertDone(await world.orly.patch(self, { status: 'SENT' }));
    assert.equal((await caseOf(world.dgs, id)).status, 'DONE');
    assert.equal((await only(world.dgs)).eventId, made.id);
    assert.deepEqual((await world.dgs.get(`${self}/attachments/${second.id}`)).text, 'hello');
    assertError(await world.orly.upload(`${self}/attachments/${first.id}`, pdf(64)), 400);
    assertError(await world.orly.remove(self), 400);
    assertDone(await world.dgs.patch(self, { status: 'RECEIVED' }));
    assert.equal((await only(world.orly)).eventStatus, 'RECEIVED');
  });

  test('may be taken back by its author while in progress', async () => {
    const { path, id } = await delivered();
    const made = await deposited(world.orly, path);
    const self = `${path}/events/${made.id}`;
    assertError(await world.dgs.remove(self), 403, 'Unauthorized user');
    assertError(await world.dgs.patch(self, { status: 'SENT' }), 403, 'Unauthorized user');
    assertError(
      await world.dgs.upload(`${self}/attachments/${made.attachments[0].id}`, pdf(64)),
      403,
      'Unauthorized user',
    );
    assertDone(await world.orly.remove(self));
    assertError(await world.orly.remove(self), 404, 'Event is not found');
    assertError(await world.orly.get(self), 404, 'event is not found');
    assert.deepEqual((await caseOf(world.orly, id)).events, []);
  });

  test('files follow the rules of the folder’s: size, content, place', async () => {
    const { path, folder } = await delivered();
    const made = await deposited(world.orly, path);
    const self = `${path}/events/${made.id}`;
    const [first] = made.attachments;
    assertError(
      await world.orly.upload(`${self}/attachments/${first.id}`, pdf(63)),
      400,
      'Size does not match with attachment meta-data',
    );
    assert.equal((await world.orly.get(self)).json.attachments[0].status, 'REJECTED');
    const own = folder.attachments[0].id;
    assertError(await world.orly.upload(`${self}/attachments/${own}`, pdf(64)), 404, 'Binary meta-data is not found');
    assertError(await world.orly.get(`${self}/attachments/${own}`), 404, 'file is not found');
    assertError(await world.orly.get(`${path}/attachments/${first.id}`), 404, 'File is not found');
    assertDone(await world.orly.upload(`${self}/attachments/${first.id}`, pdf(64)));
    assertDone(await world.orly.upload(`${self}/attachments/${first.id}`, pdf(64, 'z')));
    assert.deepEqual((await world.orly.get(`${self}/attachments/${first.id}`)).bytes, pdf(64, 'z'));
  });

  test('of a sender is judged by the sender’s list of media types', async () => {
    const { path } = await delivered();
    const xml = [{ fileName: 'a.xml', type: 'x', size: 5, mimeType: 'application/xml' }];
    assertError(
      await world.orly.post(`${path}/events`, { actionType: 'ATTACH_DEPOSIT', notification: true, attachments: xml }),
      400,
    );
    assert.equal((await deposited(world.dgs, path, { attachments: xml })).status, 'IN_PROGRESS');
    const big = [{ ...files[0], size: 5_000_001 }];
    assertError(
      await world.orly.post(`${path}/events`, { actionType: 'ATTACH_DEPOSIT', notification: true, attachments: big }),
      400,
    );
  });

  test('needs files, and other actions have none', async () => {
    const { path } = await delivered();
    for (const attachments of [undefined, null, []]) {
      const body = { actionType: 'ATTACH_DEPOSIT', notification: true, attachments };
      assertError(await world.orly.post(`${path}/events`, body), 400);
      await event(world.orly, path, { attachments });
    }
    assertError(
      await world.orly.post(`${path}/events`, { actionType: 'COM_ADD', notification: true, attachments: files }),
      400,
    );
  });
});

describe('who may act on an event', () => {
  test('the author sends, the other side acknowledges; each for the other: 403', async () => {
    const { path } = await delivered();
    const made = await event(world.orly, path);
    const self = `${path}/events/${made.id}`;
    assertError(await world.orly.patch(self, { status: 'RECEIVED' }), 403, 'Unauthorized user');
    assertError(await world.dgs.patch(self, { status: 'SENT' }), 403, 'Unauthorized user');
    assertDone(await world.orly.patch(self, { status: 'SENT' }));
    assertError(await world.dgs.patch(self, { status: 'IN_PROGRESS' }), 400);
    assertDone(await world.admin.patch(self, { status: 'RECEIVED' }));
    assertError(await world.orly.patch(self, { status: 'SENT' }), 400);
  });

  test('a stranger gets 403, an SI for another démarche of its organisation too', async () => {
    const { path } = await delivered();
    const made = await event(world.orly, path);
    const self = `${path}/events/${made.id}`;
    for (const partner of [world.meaux, world.orlyCivil, world.dila]) {
      assertError(await partner.get(path), 403, 'Unauthorized user');
      assertError(await partner.get(self), 403, 'Unauthorized user');
      assertError(await partner.patch(path, { status: 'SENT' }), 403, 'Unauthorized user');
      assertError(await partner.patch(self, { status: 'RECEIVED' }), 403, 'Unauthorized user');
      assertError(await partner.remove(self), 403, 'Unauthorized user');
      assertError(
        await partner.post(`${path}/events`, { actionType: 'COM_ADD', notification: true }),
        403,
        'Unauthorized user',
      );
    }
  });

  test('an event of another case is unknown', async () => {
    const { path } = await delivered();
    const other = await delivered();
    const made = await event(world.orly, path);
    const crossed = `${other.path}/events/${made.id}`;
    assertError(await world.orly.get(crossed), 404, 'event is not found');
    assertError(await world.dgs.patch(crossed, { status: 'RECEIVED' }), 404, 'event is not found');
    assertError(await world.orly.remove(crossed), 404, 'Event is not found');
  });
});

test('events are shown oldest first, in their chunks too', async () => {
  const { path, id } = await delivered();
  const made: string[] = [];
  for (let number = 0; number < 40; number += 1) {
    const { id: eventId } = await event(world.orly, path, {
      notification: false,
      message: `${number} `.padEnd(1000, 'é'),
    });
    made.push(eventId);
  }
  const seen = await caseOf(world.dgs, id);
  assert.deepEqual(
    seen.events.map((one: Json) => one.id),
    made,
  );
  assert.equal((await world.dgs.get(`${path}/events/${made[0]}`)).json.message.slice(0, 2), '0 ');
  const lite = (await world.dgs.get(`${path}?lite=true`)).json;
  assertShape('LiteCase', lite);
});

describe('before the folder is completed', () => {
  test('its sender may change a case and add an event; the recipient sees nothing', async () => {
    const folder = await deposit(world.dgs, { to: [ORLY, MEAUX] }, false);
    const [first, second] = folder.cases.map(({ id }: Json) => `${API}/cases/${id}`);
    assertDone(await world.dgs.patch(first, { status: 'IN_PROGRESS' }));
    await event(world.dgs, second, { notification: false, message: 'avant' });
    assert.equal((await world.dgs.get(`${API}/folders/${folder.id}`)).json.cases[0].status, 'IN_PROGRESS');
    const seen = (await world.dgs.get(second)).json;
    assert.equal(seen.events.length, 1);
    assert.equal(seen.attachments.length, 1);
    assertError(await world.orly.get(first), 404, 'Case is not found');
    assertError(await world.orly.patch(first, { status: 'SENT' }), 404, 'Case is not found');
    assertDone(await world.dgs.patch(`${API}/folders/${folder.id}`, { globalStatus: 'HUBEE_COMPLETED' }));
    assert.equal((await caseOf(world.meaux, folder.cases[1].id)).events.length, 1);
    assert.equal((await caseOf(world.orly, folder.cases[0].id)).status, 'HUBEE_NOTIFIED');
    assert.equal((await caseOf(world.orly, folder.cases[0].id)).attachments.length, 1);
  });
});
