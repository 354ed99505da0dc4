import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { caseOf, delivered, event, only } from './acts.ts';
import { folder, MEAUX, ORLY, pdf } from './country.ts';
import { deposit, drain, notifications, startHub, type World } from './hub.ts';
import { assertDone, assertError } from './shape.ts';
import type { Called, Json, Partner } from './wire.ts';

/** Partners that look where they may not, and partners that act at the same moment. */

const API = '/teledossiers/v1';
const FOLDERS = `${API}/folders`;

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());
afterEach(() => drain(world.dgs, world.orly, world.orlyCivil, world.meaux, world.admin));

const statuses = (answers: readonly Called[]): number[] => answers.map(({ status }) => status).sort();

describe('what one side must not see', () => {
  test('a comment is null to a sender, wherever it could be read', async () => {
    const { path, id } = await delivered(world);
    const own = await event(world.dgs, path, { comment: 'du demandeur' });
    assert.equal(own.comment, null);
    const theirs = await event(world.orly, path, { comment: 'entre agents' });
    assert.equal(theirs.comment, 'entre agents');
    for (const { id: eventId } of [own, theirs]) {
      assert.equal((await world.dgs.get(`${path}/events/${eventId}`)).json.comment, null);
    }
    assert.deepEqual(
      (await caseOf(world.dgs, id)).events.map((one: Json) => one.comment),
      [null, null],
    );
    assert.deepEqual(
      (await caseOf(world.orly, id)).events.map((one: Json) => one.comment),
      ['du demandeur', 'entre agents'],
    );
  });

  test('files of another case of the same folder, or of another folder, are unknown', async () => {
    const made = await deposit(world.dgs, { to: [ORLY, MEAUX], files: [{ for: [0] }, { for: [1] }] });
    const other = await deposit(world.dgs, {});
    const [mine, theirs] = made.attachments;
    const path = `${API}/cases/${made.cases[0].id}/attachments`;
    assert.equal((await world.orly.get(`${path}/${mine.id}`)).status, 200);
    for (const partner of [world.orly, world.dgs, world.admin]) {
      assertError(await partner.get(`${path}/${theirs.id}`), 404, 'File is not found');
      assertError(await partner.get(`${path}/${other.attachments[0].id}`), 404, 'File is not found');
    }
    assertError(
      await world.meaux.get(`${API}/cases/${made.cases[1].id}/attachments/${mine.id}`),
      404,
      'File is not found',
    );
    assert.equal((await caseOf(world.orly, made.cases[0].id)).attachments.length, 1);
    assertError(await world.dgs.upload(`${FOLDERS}/${made.id}/attachments/${other.attachments[0].id}`, pdf(9)), 404);
  });

  test('files of a deposit in progress are not on the other side’s list of what to purge', async () => {
    const { path, id } = await delivered(world);
    const attachments = [{ fileName: 'a.pdf', type: 'x', size: 20, mimeType: 'application/pdf' }];
    const made = await event(world.orly, path, { actionType: 'ATTACH_DEPOSIT', attachments });
    const file = made.attachments[0].id;
    assertDone(await world.orly.upload(`${path}/events/${made.id}/attachments/${file}`, pdf(20)));
    assertDone(await world.dgs.patch(path, { status: 'CLOSED' }));
    const listed = async (partner: Partner): Promise<string[]> =>
      (await partner.get(`${API}/attachmentsIdsForPurge`)).json
        .filter((pair: Json) => pair.case_id === id)
        .map((pair: Json) => pair.folder_attachment_id);
    assert.equal((await listed(world.dgs)).includes(file), false);
    assert.equal((await listed(world.orly)).includes(file), true);
    assert.equal((await listed(world.admin)).includes(file), true);
  });

  test('a file that comes once all others were marked as purged is on the list', async () => {
    const { path, id, folder: given } = await delivered(world);
    assertDone(await world.dgs.patch(path, { status: 'CLOSED' }));
    const pairs = async (): Promise<string[]> =>
      (await world.orly.get(`${API}/attachmentsIdsForPurge`)).json
        .filter((pair: Json) => pair.case_id === id)
        .map((pair: Json) => pair.folder_attachment_id);
    const mark = [{ case_id: id, folder_attachment_id: given.attachments[0].id }];
    assertDone(await world.orly.put(`${API}/idsPurged`, mark));
    assert.deepEqual(await pairs(), []);
    const attachments = [{ fileName: 'a.pdf', type: 'x', size: 20, mimeType: 'application/pdf' }];
    const made = await event(world.orly, path, { actionType: 'ATTACH_DEPOSIT', attachments });
    const file = made.attachments[0].id;
    assertDone(await world.orly.upload(`${path}/events/${made.id}/attachments/${file}`, pdf(20)));
    assert.deepEqual(await pairs(), [file]);
  });

  test('neighbours of an id are unknown', async () => {
    const made = await deposit(world.dgs, {});
    const { id } = await only(world.orly);
    const near = (uuid: string, at: number): string =>
      uuid.slice(0, at) + (uuid[at] === '0' ? '1' : '0') + uuid.slice(at + 1);
    for (const at of [0, 7, 12, 21, 22, 30, 35]) {
      assertError(await world.orly.remove(`${API}/notifications/${near(id, at)}`), 404, 'Notification is not found');
      assertError(await world.dgs.get(`${FOLDERS}/${near(made.id, at)}`), 404, 'Folder is not found');
      assertError(await world.dgs.get(`${API}/cases/${near(made.cases[0].id, at)}`), 404, 'Case is not found');
      assertError(
        await world.dgs.patch(`${API}/cases/${near(made.cases[0].id, at)}`, { status: 'CLOSED' }),
        404,
        'Case is not found',
      );
    }
    for (const partner of [world.meaux, world.dgs, world.dila, world.orlyCivil]) {
      assertError(await partner.remove(`${API}/notifications/${id}`), 403, 'Unauthorized user');
    }
    assertDone(await world.orly.remove(`${API}/notifications/${id}`));
    assertError(await world.meaux.remove(`${API}/notifications/${id}`), 404, 'Notification is not found');
  });

  test('a DATAPASS token opens nothing of the cases', async () => {
    const { path, folder: made } = await delivered(world);
    for (const asked of [path, `${FOLDERS}/${made.id}`, `${API}/notifications`, `${API}/attachmentsIdsForPurge`]) {
      assertError(await world.datapass.get(asked), 403, 'Unauthorized user');
    }
  });
});

describe('two at once', () => {
  test('acknowledgements make one notification', async () => {
    const { path } = await delivered(world);
    const { id } = await event(world.dgs, path);
    const self = `${path}/events/${id}`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => world.orly.patch(self, { status: 'RECEIVED' })));
    assert.deepEqual(statuses(answers), Array(8).fill(204));
    assert.equal((await notifications(world.dgs)).length, 1);
    assert.equal((await notifications(world.orly)).length, 1);
  });

  test('completions notify once', async () => {
    const made = await deposit(world.dgs, { to: [ORLY, MEAUX] }, false);
    const path = `${FOLDERS}/${made.id}`;
    const done = { globalStatus: 'HUBEE_COMPLETED' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => world.dgs.patch(path, done)));
    assert.deepEqual(statuses(answers), Array(6).fill(204));
    assert.equal((await notifications(world.orly)).length, 1);
    assert.equal((await notifications(world.meaux)).length, 1);
  });

  test('uploads of one file leave one of them, whole', async () => {
    const size = 300_000;
    const made = (await world.dgs.post(FOLDERS, folder({ files: [{ size }] }))).json;
    const path = `${FOLDERS}/${made.id}/attachments/${made.attachments[0].id}`;
    const seeds = ['a', 'b', 'c', 'd'];
    assert.deepEqual(
      statuses(await Promise.all(seeds.map((seed) => world.dgs.upload(path, pdf(size, seed))))),
      [204, 204, 204, 204],
    );
    assertDone(await world.dgs.patch(`${FOLDERS}/${made.id}`, { globalStatus: 'HUBEE_COMPLETED' }));
    const file = await world.orly.get(`${API}/cases/${made.cases[0].id}/attachments/${made.attachments[0].id}`);
    assert(seeds.some((seed) => pdf(size, seed).equals(file.bytes)));
  });

  test('an upload and the completion: the file that is shown is one that was accepted', async () => {
    for (let round = 0; round < 5; round += 1) {
      const made = await deposit(world.dgs, {}, false);
      const path = `${FOLDERS}/${made.id}`;
      const [again, done] = await Promise.all([
        world.dgs.upload(`${path}/attachments/${made.attachments[0].id}`, pdf(200, 'z')),
        world.dgs.patch(path, { globalStatus: 'HUBEE_COMPLETED' }),
      ]);
      assertDone(done);
      const file = await world.orly.get(`${API}/cases/${made.cases[0].id}/attachments/${made.attachments[0].id}`);
      assert.equal(file.status, 200);
      assert(file.bytes.equals(pdf(200, again.status === 204 ? 'z' : 'a')));
    }
  });

  test('a deletion and the completion: one of them wins', async () => {
    for (let round = 0; round < 5; round += 1) {
      const made = await deposit(world.dgs, {}, false);
      const path = `${FOLDERS}/${made.id}`;
      const [gone, done] = await Promise.all([
        world.dgs.remove(path),
        world.dgs.patch(path, { globalStatus: 'HUBEE_COMPLETED' }),
      ]);
      const told = (await notifications(world.orly)).length;
      if (gone.status === 204) {
        assertError(done, 404, 'Folder is not found');
        assert.equal(told, 0);
        assertError(await world.dgs.get(path), 404);
      } else {
        assertError(gone, 400);
        assertDone(done);
        assert.equal(told, 1);
      }
      await drain(world.orly);
    }
  });

  test('events of both sides on a case that migrates are all there, each told once', async () => {
    const made = await Promise.all(Array.from({ length: 6 }, () => delivered(world)));
    const sent = made.flatMap(({ path }) =>
      [0, 1].map(() => world.dgs.post(`${path}/events`, { actionType: 'COM_ADD', notification: true })),
    );
    const migrated = world.admin.put(`${API}/cases/migrate`, {
      organizationSource: ORLY,
      organizationTarget: MEAUX,
    });
    assert.deepEqual(statuses(await Promise.all(sent)), Array(12).fill(201));
    assert.equal((await migrated).status, 200);
    await world.admin.put(`${API}/cases/migrate`, { organizationSource: ORLY, organizationTarget: MEAUX });
    assert.deepEqual(await notifications(world.orly), []);
    const told = await notifications(world.meaux);
    assert.equal(new Set(told.map(({ eventId }) => eventId)).size, 12);
    assert.equal(told.length, 12);
    await world.admin.put(`${API}/cases/migrate`, { organizationSource: MEAUX, organizationTarget: ORLY });
    assert.equal((await notifications(world.orly)).length, 12);
  });
});
