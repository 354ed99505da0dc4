import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { caseOf, delivered, event, only } from './acts.ts';
import { pdf } from './country.ts';
import { drain, notifications, startHub, type World } from './hub.ts';
import { assertDone, assertError } from './shape.ts';
import type { Json, Partner } from './wire.ts';

/** Contract §§6, 8.3: events that bring files. */

const _API = '/teledossiers/v1';

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());
afterEach(() => drain(world.dgs, world.orly, world.orlyCivil, world.meaux, world.admin));

describe('a deposit of files', () => {
  const files = [
    { fileName: 'réponse.pdf', type: 'Whatever', size: 64, mimeType: 'application/pdf' },
    { fileName: 'note.txt', type: 'Whatever', size: 5, mimeType: 'text/plain' },
  ];
  const deposited = (partner: Partner, path: string, changes: Json = {}) =>
    event(partner, path, { actionType: 'ATTACH_DEPOSIT', attachments: files, ...changes });

  test('is unseen and without effect until its author sends it', async () => {
    const { path, id } = await delivered(world);
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
    const { path, id } = await delivered(world);
    const made = await deposited(world.orly, path);
    const self = `${path}/events/${made.id}`;
    assertError(await world.dgs.remove(self), 403, 'Unauthorized user');
    assertError(await world.dgs.patch(self, { status: 'SENT' }), 403, 'Unauthorized user');
    assertError(
      await world.dgs.upload(`${self}/attachments/${made.attachments[0].id}`, pdf(64)),
      404,
      'event is not found',
    );
    assertDone(await world.orly.remove(self));
    assertError(await world.orly.remove(self), 404, 'Event is not found');
    assertError(await world.orly.get(self), 404, 'event is not found');
    assert.deepEqual((await caseOf(world.orly, id)).events, []);
  });

  test('files follow the rules of the folder’s: size, content, place', async () => {
    const { path, folder } = await delivered(world);
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
    const { path } = await delivered(world);
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
    const { path } = await delivered(world);
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
