import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { caseOf, delivered, event, only } from './acts.ts';
import { DGS, ORLY } from './country.ts';
import { deposit, drain, notifications, startHub, type World } from './hub.ts';
import { assertDone, assertError } from './shape.ts';
import type { Partner } from './wire.ts';

/** Contract §9: what each call does to statuses and notifications, as the software of both sides lives it. */

const API = '/teledossiers/v1';

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());
afterEach(() => drain(world.dgs, world.orly, world.orlyCivil, world.meaux, world.admin));

describe('an event with notification', () => {
  test('is told, acknowledged, and read as RECEIVED on both sides', async () => {
    const { path, id } = await delivered(world);
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
    const { path, id } = await delivered(world);
    const made = await event(world.dgs, path, { caseNewStatus: 'CLOSED', comment: 'vu' });
    assert.equal(made.comment, null);
    assert.equal((await world.orly.get(`${path}/events/${made.id}`)).json.comment, 'vu');
    assert.equal((await caseOf(world.orly, id)).status, 'CLOSED');
    assert.equal((await only(world.orly)).eventId, made.id);
    assertDone(await world.orly.patch(`${path}/events/${made.id}`, { status: 'RECEIVED' }));
    assert.equal((await only(world.dgs)).eventId, made.id);
  });

  test('of ADMIN goes to the sender, and comes back to ADMIN', async () => {
    const { path } = await delivered(world);
    const made = await event(world.admin, path, { caseNewStatus: 'IN_PROGRESS' });
    assert.equal((await only(world.dgs)).eventId, made.id);
    assertDone(await world.dgs.patch(`${path}/events/${made.id}`, { status: 'RECEIVED' }));
    assert.equal((await only(world.admin)).eventId, made.id);
    assert.deepEqual(await notifications(world.orly), []);
  });

  test('deleted without being acknowledged stays SENT, and its author hears nothing', async () => {
    const { path } = await delivered(world);
    const made = await event(world.orly, path);
    const note = await only(world.dgs);
    assertDone(await world.dgs.remove(`${API}/notifications/${note.id}`));
    assert.equal((await world.orly.get(`${path}/events/${made.id}`)).json.status, 'SENT');
    assert.deepEqual(await notifications(world.orly), []);
  });

  test('without notification tells nobody, and nobody of its acknowledgement', async () => {
    const { path, id } = await delivered(world);
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
      const { path, id } = await delivered(world);
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
    const { path, id } = await delivered(world);
    assertDone(await world.orly.patch(path, { status: 'IN_PROGRESS' }));
    const first = await caseOf(world.orly, id);
    assertDone(await world.orly.patch(path, { status: 'IN_PROGRESS' }));
    assertDone(await world.orly.patch(path, {}));
    assert.deepEqual(await caseOf(world.orly, id), first);
    assert.deepEqual(await notifications(world.dgs), []);
  });

  test('takes the values of the caller’s list, in any order, and no other', async () => {
    const { path, id } = await delivered(world);
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
    const { path, id } = await delivered(world);
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

test('PATCH of a case without body is one without status: 204, and nothing changes', async () => {
  const made = await deposit(world.dgs, {});
  const path = `${API}/cases/${made.cases[0].id}`;
  for (const partner of [world.dgs, world.orly]) {
    assertDone(await partner.call('PATCH', path));
    assertDone(await partner.call('PATCH', path, { headers: { 'Content-Type': 'application/json' } }));
  }
  assertError(await world.meaux.call('PATCH', path), 403, 'Unauthorized user');
  assert.equal((await world.dgs.get(path)).json.status, 'HUBEE_NOTIFIED');
});
