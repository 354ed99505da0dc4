import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Caller } from '#engine/domain/commands/contents.ts';
import type { CaseStatus } from '#engine/domain/records/case.ts';
import { caseName } from '#engine/domain/records/names.ts';
import {
  admin,
  CITY,
  createCommand,
  event,
  foreignOsl,
  HERE,
  notified,
  osl,
  PROCESS,
  patchCase,
  SENDER,
  SENDER_HOME,
  si,
  TOWN,
} from './samples.ts';
import { World } from './world.ts';

const BY_SI: CaseStatus[] = ['SENT', 'SI_RECEIVED', 'IN_PROGRESS', 'ADD_AWAITING', 'REFUSED', 'SI_INTG_ERROR', 'DONE'];
const BY_OSL: CaseStatus[] = [
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

const one = (world: World) => notified(world).cases[0] as { id: never; home: number };

describe('PATCH case', () => {
  const all = [...BY_SI.map((status) => [si(), status] as const), ...BY_OSL.map((status) => [osl, status] as const)];
  for (const [caller, status] of all) {
    it(`sets ${status} by ${caller.scope}, whatever comes before, and tells nobody`, () => {
      for (const [, before] of all) {
        const world = new World();
        const { id } = one(world);
        world.ask(HERE, patchCase(id, before, before === 'CLOSED' ? osl : admin));
        world.now += 1000;
        assert.equal(world.ask(HERE, patchCase(id, status, caller)).status, 204);
        const state = world.get(HERE, caseName(id));
        assert.equal(state?.status, status);
        assert.equal(state?.updated, before === status ? world.now - 1000 : world.now);
        assert.equal(world.box(HERE, TOWN, PROCESS).length + world.box(SENDER_HOME, SENDER, PROCESS).length, 1);
      }
    });
  }

  it('stores HUBEE_COMPLETED of a sender as it is', () => {
    const world = new World();
    const { id } = one(world);
    world.ask(HERE, patchCase(id, 'HUBEE_COMPLETED', osl));
    assert.equal(world.get(HERE, caseName(id))?.status, 'HUBEE_COMPLETED');
  });

  it('does nothing without a status', () => {
    const world = new World();
    const { id } = one(world);
    const before = world.get(HERE, caseName(id));
    world.now += 1000;
    assert.equal(world.ask(HERE, patchCase(id, null)).status, 204);
    assert.deepEqual(world.get(HERE, caseName(id)), before);
  });

  it('closes and reopens: the date of closing comes and goes, the transmission stays', () => {
    const world = new World();
    const { id } = one(world);
    const transmitted = world.now;
    world.now += 1000;
    world.ask(HERE, patchCase(id, 'CLOSED', osl));
    assert.equal(world.get(HERE, caseName(id))?.closed, world.now);
    world.ask(HERE, patchCase(id, 'HUBEE_NOTIFIED', osl));
    const state = world.get(HERE, caseName(id));
    assert.deepEqual([state?.closed, state?.transmitted], [null, transmitted]);
  });

  const refusals: [string, Caller, number][] = [
    ['another sender', foreignOsl, 403],
    ['another recipient', si(CITY), 403],
    ['the recipient with the credentials of another démarche', si(TOWN, 'CERTDC'), 403],
    ['an enrolment service', { scope: 'DATAPASS', org: SENDER }, 403],
    ['the recipient', si(), 204],
    ['the sender', osl, 204],
    ['an administrator', admin, 204],
  ];
  for (const [who, caller, status] of refusals) {
    it(`answers ${status} to ${who}`, () => {
      const world = new World();
      const { id } = one(world);
      assert.equal(world.ask(HERE, patchCase(id, 'DONE', caller)).status, status);
    });
  }

  it('does not know a case without a record', () => {
    const world = new World();
    const answer = world.ask(HERE, patchCase(createCommand().folder, 'DONE', foreignOsl));
    assert.deepEqual(answer, { status: 404, body: { message: 'Case is not found' } });
  });

  it('refuses everything once ARCHIVED', () => {
    const world = new World();
    const case_ = one(world);
    const told = event(case_, si());
    world.ask(HERE, told);
    world.ask(HERE, patchCase(case_.id, 'CLOSED', osl));
    world.advance(world.now + 40 * 24 * 3_600_000);
    assert.equal(world.get(HERE, caseName(case_.id))?.status, 'ARCHIVED');
    for (const caller of [osl, si(), admin]) {
      assert.equal(world.ask(HERE, patchCase(case_.id, 'HUBEE_NOTIFIED', caller)).status, 400);
      assert.equal(world.ask(HERE, event(case_, caller)).status, 400);
    }
    const patch = { kind: 'case.event.patch', case: case_.id, event: told.event.id, caller: osl } as const;
    const purge = told.purge;
    assert.equal(world.ask(HERE, { ...patch, status: 'RECEIVED', mail: null, purge }).status, 400);
  });
});
