import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { CASE_MARK, caseName } from '#engine/domain/records/names.ts';
import { casesOf, migrate, removeAnywhere } from './migrate.ts';
import {
  CITY,
  event,
  HERE,
  notified,
  osl,
  PROCESS,
  patchCase,
  patchEvent,
  patchFolder,
  recipientIn,
  SENDER,
  SENDER_HOME,
  si,
  THERE,
  TOWN,
  uploaded,
} from './samples.ts';
import { type Step, World } from './world.ts';

const NEIGHBOUR = recipientIn(HERE, 1);

const ids = (world: World, org: OrgKey) => world.box(partitionOf(org), org, PROCESS).map((one) => one.id);

describe('PUT cases/migrate', () => {
  for (const [where, target] of [
    ['within a partition', NEIGHBOUR],
    ['to another partition', CITY],
  ] as const) {
    const home = partitionOf(target);

    it(`moves cases and notifications ${where}, in order, ids unchanged`, () => {
      const world = new World();
      notified(world, { recipients: [target] });
      const given = Array.from({ length: 5 }, () => notified(world).cases[0] as { id: Id; home: number });
      for (const case_ of given) world.ask(HERE, event(case_, osl));
      const before = ids(world, TOWN);
      assert.deepEqual(world.ask(HERE, migrate(TOWN, target)), { status: 200, body: { caseUpdated: 5 } });
      assert.deepEqual(ids(world, TOWN), []);
      assert.deepEqual(ids(world, target).slice(1), before);
      assert.equal(casesOf(world, TOWN).size, 0);
      assert.equal(casesOf(world, target).size, 6);
      for (const { id } of given) assert.equal(world.get(HERE, caseName(id))?.recipient, target);
      const sequences = world.box(home, target, PROCESS).map((one) => one.sequence);
      assert.deepEqual(
        sequences,
        [...sequences.keys()].map((index) => index + 1),
      );
    });

    it(`moves more than one chunk ${where}`, () => {
      const world = new World();
      const recipients = Array.from({ length: 700 }, () => TOWN);
      notified(world, { recipients });
      const before = ids(world, TOWN);
      assert.deepEqual(world.ask(HERE, migrate(TOWN, target)).body, { caseUpdated: 700 });
      assert.deepEqual(ids(world, target), before);
    });

    it(`keeps marks, rights and deletion ${where}`, () => {
      const world = new World();
      const [closed, open] = [notified(world).cases[0] as { id: Id; home: number }, notified(world).cases[0]];
      world.ask(HERE, patchCase(closed.id, 'CLOSED', osl));
      const [first, second] = ids(world, TOWN) as [Id, Id];
      world.ask(HERE, migrate(TOWN, target));
      assert.deepEqual(casesOf(world, target).get(closed.id), CASE_MARK.closed);
      assert.deepEqual(casesOf(world, target).get(open?.id as Id), CASE_MARK.open);
      assert.equal(world.ask(HERE, patchCase(closed.id, 'DONE', si())).status, 403);
      assert.equal(world.ask(HERE, patchCase(closed.id, 'DONE', si(target))).status, 204);
      assert.deepEqual(casesOf(world, target).get(closed.id), CASE_MARK.open);
      assert.equal(removeAnywhere(world, first, si()), 403);
      assert.equal(removeAnywhere(world, first, si(target, 'CERTDC')), 403);
      assert.equal(removeAnywhere(world, first, si(target)), 204);
      assert.equal(removeAnywhere(world, first, si(target)), 404);
      assert.equal(removeAnywhere(world, second), 204);
      const left = [world.place(HERE), world.place(THERE)].flatMap((place) => [...place.records.keys()]);
      assert.deepEqual(
        left.filter((name) => name.startsWith('w')),
        [],
      );
    });

    it(`tells the new recipient afterwards, and its acknowledgements to it ${where}`, () => {
      const world = new World();
      const case_ = notified(world).cases[0] as { id: Id; home: number };
      const posted = event(case_, si());
      world.ask(HERE, posted);
      world.ask(HERE, migrate(TOWN, target));
      world.ask(HERE, patchEvent(posted, 'RECEIVED', osl));
      const answered = event(case_, osl);
      world.ask(HERE, answered);
      assert.deepEqual(
        world.box(home, target, PROCESS).map((one) => one.event),
        [null, posted.event.id, answered.event.id],
      );
      assert.deepEqual(ids(world, TOWN), []);
      assert.equal(world.box(SENDER_HOME, SENDER, PROCESS).length, 1);
    });
  }

  it('repeated moves nothing more', () => {
    const world = new World();
    notified(world);
    world.ask(HERE, migrate(TOWN, CITY));
    assert.deepEqual(world.ask(HERE, migrate(TOWN, CITY)).body, { caseUpdated: 0 });
    assert.equal(ids(world, CITY).length, 1);
  });

  it('of an organisation without cases moves none', () => {
    assert.deepEqual(new World().ask(HERE, migrate(TOWN, CITY)).body, { caseUpdated: 0 });
  });

  it('goes there and back, through other partitions, and ids still lead to their notifications', () => {
    const world = new World();
    const far = recipientIn(THERE + 1);
    notified(world);
    notified(world);
    const before = ids(world, TOWN);
    for (const [source, target] of [
      [TOWN, CITY],
      [CITY, far],
      [far, TOWN],
      [TOWN, NEIGHBOUR],
      [NEIGHBOUR, far],
    ] as const) {
      assert.deepEqual(world.ask(partitionOf(source), migrate(source, target)).body, { caseUpdated: 2 });
      assert.deepEqual(ids(world, target), before);
    }
    for (const id of before) {
      assert.equal(removeAnywhere(world, id, si()), 403);
      assert.equal(removeAnywhere(world, id, si(far)), 204);
      assert.equal(removeAnywhere(world, id, si(far)), 404);
    }
    for (const partition of [HERE, THERE, THERE + 1]) {
      for (const name of world.place(partition).records.keys()) assert.ok(!name.startsWith('w'), name);
    }
  });

  it('moves many that come from elsewhere at once', () => {
    const world = new World();
    notified(world, { recipients: Array.from({ length: 100 }, () => TOWN) });
    const before = ids(world, TOWN);
    world.ask(HERE, migrate(TOWN, CITY));
    world.ask(THERE, migrate(CITY, TOWN));
    assert.deepEqual(ids(world, TOWN), before);
    for (const id of before) assert.equal(removeAnywhere(world, id, si()), 204);
  });

  it('by a recipient is for its own organisation and démarche', () => {
    const world = new World();
    notified(world);
    assert.equal(world.ask(HERE, migrate(TOWN, CITY, PROCESS, si(CITY))).status, 403);
    assert.equal(world.ask(HERE, migrate(TOWN, CITY, null, si())).status, 403);
    assert.deepEqual(world.ask(HERE, migrate(TOWN, CITY, 'CERTDC', si(TOWN, 'CERTDC'))).body, { caseUpdated: 0 });
    assert.deepEqual(world.ask(HERE, migrate(TOWN, CITY, PROCESS, si())).body, { caseUpdated: 1 });
  });

  it('before the completion: statuses given while its recipient is looked for stay', () => {
    const world = new World();
    const deposit = uploaded(world);
    const [{ id }] = deposit.cases as [(typeof deposit.cases)[0]];
    world.now += 1;
    world.ask(HERE, migrate(TOWN, CITY));
    world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    world.step({ kind: 'turn', partition: HERE });
    const completed = world.get(HERE, caseName(id));
    assert.deepEqual([completed?.status, completed?.visible], ['HUBEE_NOTIFIED', false]);
    world.send(HERE, patchCase(id, 'CLOSED', osl));
    world.step({ kind: 'turn', partition: HERE });
    world.run();
    const shown = world.get(HERE, caseName(id));
    assert.deepEqual([shown?.status, shown?.visible, shown?.recipient], ['CLOSED', true, CITY]);
    assert.equal(casesOf(world, CITY).get(id), CASE_MARK.closed);
    assert.equal(ids(world, CITY).length, 1);
  });

  it('to itself is refused', () => {
    assert.equal(new World().ask(HERE, migrate(TOWN, TOWN)).status, 400);
  });

  it('answers only when all is visible at the target', () => {
    const world = new World();
    notified(world);
    const ask = world.send(HERE, migrate(TOWN, CITY));
    while (ask.answer === undefined) world.step(world.steps()[0] as Step);
    assert.equal(ask.answer.status, 200);
    assert.equal(ask.settled, false);
    world.run();
    assert.equal(ask.settled, true);
  });
});
