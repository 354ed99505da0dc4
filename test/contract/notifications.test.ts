import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { DGS, process as démarche, MEAUX, ORLY, subscription } from './country.ts';
import { deposit, drain, notifications, startHub, type World } from './hub.ts';
import { assertDone, assertError, assertShape } from './shape.ts';
import type { Json, Partner } from './wire.ts';

/** Contract §6: GET and DELETE notifications. */

const API = '/teledossiers/v1';
const LIST = `${API}/notifications`;

let world: World;
before(async () => {
  world = await startHub();
  const { admin } = world;
  await admin.post('/referential/v1/processes', démarche('GRO', DGS));
  for (const org of [ORLY, MEAUX]) await admin.post('/referential/v1/subscriptions', subscription('GRO', org));
});
after(() => world.stop());
afterEach(() => drain(world.dgs, world.orly, world.orlyCivil, world.meaux, world.admin));

const list = async (partner: Partner, query = ''): Promise<Json[]> => {
  const answer = await partner.get(`${LIST}${query}`);
  assert.equal(answer.status, 200, answer.text);
  assertShape('Notification[]', answer.json);
  return answer.json;
};

const cases = (notes: Json[]): string[] => notes.map(({ caseId }) => caseId);

describe('GET notifications', () => {
  test('nothing to read is an empty array', async () => {
    assert.deepEqual(await list(world.orly), []);
    assert.deepEqual(await list(world.orly, '?maxResult=100000&eventDetails=true'), []);
  });

  test('gives 25, oldest first, the same at each reading, and takes any maxResult', async () => {
    const folder = await deposit(world.dgs, { to: Array.from({ length: 600 }, () => ORLY) });
    const made = folder.cases.map(({ id }: Json) => id);
    assert.deepEqual(cases(await list(world.orly)), made.slice(0, 25));
    assert.deepEqual(cases(await list(world.orly)), made.slice(0, 25));
    assert.deepEqual(cases(await list(world.orly, '?maxResult=1')), made.slice(0, 1));
    assert.deepEqual(cases(await list(world.orly, '?maxResult=100000')), made);
    assert.deepEqual(cases(await list(world.orly, '?maxResult=599&eventDetails=true')), made.slice(0, 599));
    const times = (await list(world.orly, '?maxResult=100000')).map(({ dateTime }) => dateTime);
    assert.deepEqual(times, [...times].sort());
  });

  test('refuses a maxResult that is no number, or below one', async () => {
    const text = `Bad Request : Validation failed.\n[ERROR][REQUEST][GET ${LIST} @query.maxResult] Instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])`;
    assertError(await world.orly.get(`${LIST}?maxResult=many`), 400, text);
    for (const wrong of ['0', '-1', '0x10', '1e3']) {
      assertError(await world.orly.get(`${LIST}?maxResult=${wrong}`), 400, /@query\.maxResult\]/);
    }
    assert.deepEqual(await list(world.orly, '?maxResult=99999999999999999999999'), []);
    assert.deepEqual(await list(world.orly, '?maxResult=25.5&nothing=known&eventDetails=maybe'), []);
  });

  test('is confined to the démarche of an SI, and to the organisation of an OSL', async () => {
    const civil = { type: 'DD_Certificatdedeces' };
    const first = await deposit(world.dgs, { to: [ORLY] });
    const second = await deposit(world.dila, { processCode: 'EtatCivil', to: [ORLY], files: [civil] });
    assert.deepEqual(cases(await list(world.orly)), [first.cases[0].id]);
    assert.deepEqual(cases(await list(world.orlyCivil)), [second.cases[0].id]);
    assert.deepEqual(cases(await list(world.orly, '?processCode=EtatCivil')), []);
    assert.deepEqual(await list(world.meaux), []);
    assert.deepEqual(await list(world.dgs), []);
    assert.deepEqual(await list(world.admin), []);
  });

  test('merges démarches by time, filters and puts first those asked for', async () => {
    const made: { id: string; code: string }[] = [];
    for (let number = 0; number < 12; number += 1) {
      const code = number % 3 === 0 ? 'GRO' : 'CERTDC';
      const folder = await deposit(world.dgs, { processCode: code, to: [ORLY] });
      const path = `${API}/cases/${folder.cases[0].id}/events`;
      const body = { actionType: 'COM_ADD', notification: true };
      const told = await world.admin.post(path, body);
      assert.equal(told.status, 201, told.text);
      made.push({ id: folder.cases[0].id, code });
    }
    const of = (code: string) => made.filter((one) => one.code === code).map(({ id }) => id);
    assert.deepEqual(
      cases(await list(world.dgs)),
      made.map(({ id }) => id),
    );
    assert.deepEqual(cases(await list(world.dgs, '?processCode=GRO')), of('GRO'));
    assert.deepEqual(
      cases(await list(world.dgs, '?processCode=GRO&processCode=CERTDC')),
      made.map(({ id }) => id),
    );
    assert.deepEqual(cases(await list(world.dgs, '?processCode=GRO,Nothing')), of('GRO'));
    assert.deepEqual(cases(await list(world.dgs, '?processPriority=GRO')), [...of('GRO'), ...of('CERTDC')]);
    assert.deepEqual(
      cases(await list(world.dgs, '?processPriority=GRO&maxResult=5')),
      [...of('GRO'), ...of('CERTDC')].slice(0, 5),
    );
    assert.deepEqual(cases(await list(world.dgs, '?processPriority=CERTDC&maxResult=300')), [
      ...of('CERTDC'),
      ...of('GRO'),
    ]);
  });

  test('looks an event up as it is now, in a long list too', async () => {
    const folder = await deposit(world.dgs, { to: Array.from({ length: 300 }, () => ORLY) });
    const made = await Promise.all(
      folder.cases.map(({ id }: Json) =>
        world.orly.post(`${API}/cases/${id}/events`, {
          actionType: 'STATUS_UPDATE',
          notification: true,
          caseNewStatus: 'DONE',
        }),
      ),
    );
    const acknowledged = new Set<string>();
    for (const { json } of made.slice(0, 20)) {
      const { caseId } = (await notifications(world.dgs)).find(({ eventId }) => eventId === json.id);
      assertDone(await world.dgs.patch(`${API}/cases/${caseId}/events/${json.id}`, { status: 'RECEIVED' }));
      acknowledged.add(json.id);
    }
    const notes = await list(world.dgs, '?maxResult=1000');
    assert.equal(notes.length, 300);
    for (const { eventId, eventStatus, eventActionType } of notes) {
      assert.equal(eventStatus, acknowledged.has(eventId) ? 'RECEIVED' : 'SENT');
      assert.equal(eventActionType, 'STATUS_UPDATE');
    }
  });
});

describe('DELETE notification', () => {
  test('is by its recipient only, for its démarche', async () => {
    await deposit(world.dgs, { to: [ORLY] });
    const [note] = await list(world.orly);
    for (const partner of [world.meaux, world.orlyCivil, world.dgs]) {
      assertError(await partner.remove(`${LIST}/${note.id}`), 403, 'Unauthorized user');
    }
    assertDone(await world.orly.remove(`${LIST}/${note.id}`));
    assertError(await world.orly.remove(`${LIST}/${note.id}`), 404, 'Notification is not found');
    assert.equal((await world.orly.get(`${API}/cases/${note.caseId}`)).json.status, 'HUBEE_NOTIFIED');
  });

  test('by ADMIN reaches any', async () => {
    await deposit(world.dgs, { to: [ORLY] });
    const [note] = await list(world.orly);
    assertDone(await world.admin.remove(`${LIST}/${note.id}`));
    assert.deepEqual(await list(world.orly), []);
  });
});
