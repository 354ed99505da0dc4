import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { caseOf, delivered, event } from './acts.ts';
import { MEAUX, ORLY } from './country.ts';
import { deposit, drain, startHub, type World } from './hub.ts';
import { assertDone, assertError, assertShape } from './shape.ts';
import type { Json } from './wire.ts';

/** Contract §§1, 6: who may act on a case and its events, and when. */

const API = '/teledossiers/v1';

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());
afterEach(() => drain(world.dgs, world.orly, world.orlyCivil, world.meaux, world.admin));

describe('who may act on an event', () => {
  test('the author sends, the other side acknowledges; each for the other: 403', async () => {
    const { path } = await delivered(world);
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
    const { path } = await delivered(world);
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
    const { path } = await delivered(world);
    const other = await delivered(world);
    const made = await event(world.orly, path);
    const crossed = `${other.path}/events/${made.id}`;
    assertError(await world.orly.get(crossed), 404, 'event is not found');
    assertError(await world.dgs.patch(crossed, { status: 'RECEIVED' }), 404, 'event is not found');
    assertError(await world.orly.remove(crossed), 404, 'Event is not found');
  });
});

test('events are shown oldest first, in their chunks too', async () => {
  const { path, id } = await delivered(world);
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

  test('a case its sender sets to HUBEE_NOTIFIED early is shown when its deposit is complete', async () => {
    const folder = await deposit(world.dgs, { to: [ORLY, MEAUX] }, false);
    const path = `${API}/cases/${folder.cases[1].id}`;
    assertDone(await world.dgs.patch(path, { status: 'HUBEE_NOTIFIED' }));
    assert.equal((await world.dgs.get(path)).json.status, 'HUBEE_NOTIFIED');
    assertError(await world.meaux.get(path), 404, 'Case is not found');
    assertDone(await world.dgs.patch(`${API}/folders/${folder.id}`, { globalStatus: 'HUBEE_COMPLETED' }));
    const seen = (await world.meaux.get(path)).json;
    assertShape('Case', seen);
    assert.equal(seen.attachments.length, 1);
    assert.equal((await world.meaux.get(`${path}/attachments/${folder.attachments[0].id}`)).status, 200);
  });
});
