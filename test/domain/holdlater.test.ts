import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RETURN_REASON } from '#engine/domain/deciders/hold/expire.ts';
import { type Id, toUuid } from '#engine/domain/ids.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import { doorWord } from '#engine/domain/records/door.ts';
import { folderName, HELD_BOXES } from '#engine/domain/records/names.ts';
import { deposited, first, HOLD_MS, kinds, listed, migrate, queue, Registry, stateOf } from './holding.ts';
import {
  CITY,
  event,
  HERE,
  osl,
  PROCESS,
  patchCase,
  patchEvent,
  recipientsIn,
  SENDER,
  SENDER_HOME,
  si,
  THERE,
  TOWN,
} from './samples.ts';
import { World } from './world.ts';

describe('the time limit', () => {
  const DUE = 1;

  it('returns the case to its sender with the reason, which the contract sees too', () => {
    const world = new World();
    const case_ = first(deposited(world, { recipients: [TOWN] }));
    world.advance(world.now + HOLD_MS - DUE);
    assert.equal(stateOf(world, case_)?.holding?.state, 'held');
    world.advance(world.now + DUE);
    const state = stateOf(world, case_);
    assert.deepEqual([state?.status, state?.visible, state?.holding?.state], ['REFUSED', false, 'returned']);
    const [told] = world.box(SENDER_HOME, SENDER, PROCESS);
    assert.deepEqual([told?.case, told?.event], [case_.id, state?.events[0]?.id]);
    assert.equal(state?.events[0]?.message, RETURN_REASON);
    assert.deepEqual(
      world.feed(SENDER).map(({ type, status }) => [type, status]),
      [
        ['held', null],
        ['deadline', null],
        ['returned', 'REFUSED'],
      ],
    );
    const read = { ...event(case_, osl), event: { id: state?.events[0]?.id as Id } } as never;
    assert.equal(world.ask(HERE, patchEvent(read, 'RECEIVED', osl)).status, 204);
    new Registry(world).turn(TOWN, true);
    assert.deepEqual([listed(world), kinds(world, TOWN)], [[], []]);
  });

  it('tells the sender a day before, a quarter of the time where that is short, and once', () => {
    for (const [ms, notice] of [
      [HOLD_MS, 86_400_000],
      [8 * 3_600_000, 2 * 3_600_000],
    ] as const) {
      const world = new World();
      deposited(world, { recipients: [TOWN], terms: { ms } });
      const { now } = world;
      world.advance(now + ms - notice - 1);
      assert.deepEqual(kinds(world, SENDER), ['held']);
      world.advance(now + ms - notice);
      assert.deepEqual(kinds(world, SENDER), ['held', 'deadline']);
      migrate(world, TOWN, CITY);
      world.run();
      world.advance(now + ms - 1);
      assert.deepEqual(kinds(world, SENDER), ['held', 'deadline'], 'its time goes on where it migrated');
      world.advance(now + ms);
      assert.deepEqual(kinds(world, SENDER), ['held', 'deadline', 'returned']);
    }
  });

  describe('the sender is told of the end once', () => {
    const NOTICE = 86_400_000;
    const NEIGHBOUR = recipientsIn(HERE, 2)[1] as string;

    for (const [target, where] of [
      [CITY, 'another partition'],
      [NEIGHBOUR, 'the same one'],
    ] as const) {
      it(`also of a case that migrates to ${where}, whose clock is behind`, () => {
        const world = new World();
        deposited(world, { recipients: [TOWN] });
        const { now } = world;
        world.advance(now + HOLD_MS - NOTICE);
        assert.deepEqual(kinds(world, SENDER), ['held', 'deadline']);
        world.now -= 5_000;
        migrate(world, TOWN, target);
        world.run();
        world.advance(now + HOLD_MS - 1);
        assert.deepEqual([kinds(world, SENDER), queue(world, target).length], [['held', 'deadline'], 1]);
        world.advance(now + HOLD_MS);
        assert.deepEqual(kinds(world, SENDER), ['held', 'deadline', 'returned']);
      });
    }

    it('also of a case that is between two mailboxes when that is due', () => {
      const world = new World();
      const case_ = first(deposited(world, { recipients: [TOWN] }));
      const { now } = world;
      migrate(world, TOWN, CITY);
      for (let step = world.steps()[0]; step && queue(world, TOWN).length > 0; step = world.steps()[0])
        world.step(step);
      world.now = now + HOLD_MS - NOTICE + 1;
      world.run();
      assert.deepEqual(queue(world, CITY), [case_.id]);
      world.advance(world.now);
      assert.deepEqual(kinds(world, SENDER), ['held', 'deadline']);
    });

    it('also when a timer comes to a server whose clock is behind', () => {
      for (const ahead of [NOTICE, 0]) {
        const world = new World();
        deposited(world, { recipients: [TOWN] });
        const { now } = world;
        world.advance(now + HOLD_MS - ahead - 1);
        assert.ok(world.fire());
        world.now -= 5_000;
        world.run();
        world.advance(now + HOLD_MS);
        assert.deepEqual(kinds(world, SENDER), ['held', 'deadline', 'returned']);
      }
    });
  });

  it('of a case whose door opened just then and closed again does not let it wait for ever', () => {
    const world = new World();
    const case_ = first(deposited(world, { recipients: [TOWN] }));
    const registry = new Registry(world);
    world.advance(world.now + HOLD_MS - DUE);
    registry.set(TOWN, true);
    world.step({ kind: 'lane', from: REFERENTIAL, to: HERE });
    assert.ok(world.fire(), 'its time is over before the release has come to it');
    registry.set(TOWN, false);
    world.step({ kind: 'lane', from: REFERENTIAL, to: HERE });
    world.run();
    assert.equal(stateOf(world, case_)?.holding?.state, 'held');
    world.advance(world.now + 3_600_000);
    assert.equal(stateOf(world, case_)?.holding?.state, 'returned');
  });

  it('gives it to the fallback of the démarche when that is subscribed, wherever it lies', () => {
    for (const org of [CITY, recipientsIn(HERE, 2)[1] as string]) {
      const world = new World();
      const terms = { fallback: { org, door: doorWord(true, 1), mail: 'repli@ville.test' } };
      const case_ = first(deposited(world, { recipients: [TOWN], terms }));
      world.advance(world.now + HOLD_MS);
      assert.deepEqual([listed(world, org), listed(world)], [[case_.id], []]);
      assert.deepEqual([stateOf(world, case_)?.recipient, stateOf(world, case_)?.status], [org, 'HUBEE_NOTIFIED']);
      assert.deepEqual(kinds(world, SENDER), ['held', 'deadline', 'redirected']);
      assert.equal(world.ask(HERE, patchCase(case_.id, 'SI_RECEIVED', si(org))).status, 204);
      assert.deepEqual(world.jobs[0]?.body, {
        to: 'repli@ville.test',
        case: toUuid(case_.id),
        event: null,
        process: PROCESS,
      });
    }
  });

  it('gives nothing back once the subscription is active, even before the release has come to it', () => {
    const world = new World();
    const case_ = first(deposited(world, { recipients: [TOWN] }));
    new Registry(world).set(TOWN, true);
    world.step({ kind: 'lane', from: REFERENTIAL, to: HERE });
    assert.ok(world.fire());
    world.run();
    assert.deepEqual([stateOf(world, case_)?.status, listed(world)], ['HUBEE_NOTIFIED', [case_.id]]);
  });

  it('returns it when the fallback is not subscribed any more', () => {
    const world = new World();
    const registry = new Registry(world);
    registry.turn(CITY, true);
    const terms = { fallback: { org: CITY, door: registry.wordOf(CITY), mail: null } };
    const case_ = first(deposited(world, { recipients: [TOWN], terms }));
    registry.turn(CITY, false);
    world.advance(world.now + HOLD_MS);
    assert.deepEqual([listed(world, CITY), stateOf(world, case_)?.status], [[], 'REFUSED']);
  });
});

describe('a held case', () => {
  it('takes events of its sender without telling the recipient, and shows them once released', () => {
    const world = new World();
    const registry = new Registry(world);
    const case_ = first(deposited(world, { recipients: [TOWN] }));
    const command = event(case_, osl, { notification: true, message: 'complément' });
    assert.equal(world.ask(HERE, { ...command, mail: 'mairie@ville.test' }).status, 201);
    assert.deepEqual([listed(world), kinds(world, TOWN), world.jobs], [[], [], []]);
    registry.turn(TOWN, true);
    assert.deepEqual(
      [listed(world), kinds(world, TOWN)],
      [
        [case_.id, case_.id],
        ['deposited', 'event'],
      ],
    );
    assert.equal(stateOf(world, case_)?.events[0]?.message, 'complément');
  });

  it('can be closed by its sender, and nothing else', () => {
    const world = new World();
    const case_ = first(deposited(world, { recipients: [TOWN] }));
    assert.equal(world.ask(HERE, patchCase(case_.id, 'HUBEE_NOTIFIED', osl)).status, 400);
    assert.equal(world.ask(HERE, patchCase(case_.id, 'CLOSED', osl)).status, 204);
    assert.deepEqual([queue(world, TOWN), stateOf(world, case_)?.holding?.state], [[], 'withdrawn']);
    assert.equal(world.ask(HERE, patchCase(case_.id, 'HUBEE_NOTIFIED', osl)).status, 400);
    new Registry(world).turn(TOWN, true);
    assert.deepEqual(listed(world), []);
  });

  it('is purged, archived and removed with its folder once closed, as any other', () => {
    const world = new World();
    const deposit = deposited(world, { recipients: [TOWN] });
    const case_ = first(deposit);
    world.advance(world.now + HOLD_MS);
    assert.equal(world.ask(HERE, patchCase(case_.id, 'CLOSED', osl)).status, 204);
    world.ask(deposit.home, {
      ...{ kind: 'folder.patch', folder: deposit.folder, caller: osl, status: 'CLOSED', closed: null, mails: [] },
      purge: { status: 'CLOSED', fileDays: 4, archiveDays: 30, deleteDays: 90 },
    });
    world.advance(world.now + 200 * 86_400_000);
    assert.equal(stateOf(world, case_), undefined);
    assert.equal(world.get(deposit.home, folderName(deposit.folder)), undefined);
    assert.ok(world.jobs.some(({ kind }) => kind === 'unlink'));
  });

  it('keeps its folder from deletion: that is completed', () => {
    const world = new World();
    const deposit = deposited(world, { recipients: [TOWN] });
    const { folder } = deposit;
    assert.equal(world.ask(deposit.home, { kind: 'folder.delete', folder, caller: osl }).status, 400);
  });

  it('goes with its recipient, keeps its place and its time, and is released there', () => {
    const world = new World();
    const registry = new Registry(world);
    const cases = Array.from({ length: 5 }, () => first(deposited(world, { recipients: [TOWN] })));
    const ids = cases.map(({ id }) => id);
    const moved = migrate(world, TOWN, CITY);
    world.run();
    assert.deepEqual(moved.answer, { status: 200, body: { caseUpdated: 5 } });
    assert.deepEqual([queue(world, TOWN), queue(world, CITY)], [[], ids]);
    registry.turn(TOWN, true);
    assert.deepEqual([listed(world), queue(world, CITY)], [[], ids]);
    registry.turn(CITY, true, 'ville@ville.test');
    assert.deepEqual(
      [listed(world, CITY), world.feed(CITY).map(({ type }) => type)],
      [ids, ids.map(() => 'deposited')],
    );
    for (const case_ of cases) {
      assert.deepEqual([stateOf(world, case_)?.recipient, stateOf(world, case_)?.status], [CITY, 'HUBEE_NOTIFIED']);
      assert.equal(world.ask(HERE, patchCase(case_.id, 'SENT', si(CITY))).status, 204);
    }
  });

  it('closed by its sender while its release is on the way from another mailbox is seen closed', () => {
    const world = new World();
    const case_ = first(deposited(world, { recipients: [TOWN] }));
    migrate(world, TOWN, CITY);
    world.run();
    new Registry(world).set(CITY, true);
    world.step({ kind: 'lane', from: REFERENTIAL, to: THERE });
    while (world.steps().some(({ kind }) => kind === 'turn')) world.step({ kind: 'turn', partition: THERE });
    assert.deepEqual(listed(world, CITY), [case_.id]);
    const closing = world.send(HERE, patchCase(case_.id, 'CLOSED', osl));
    world.step({ kind: 'turn', partition: HERE });
    world.run();
    assert.equal(closing.answer?.status, 204);
    const { status, visible, holding, recipient } = stateOf(world, case_) ?? {};
    assert.deepEqual([status, visible, holding, recipient], ['CLOSED', true, null, CITY]);
    assert.deepEqual(listed(world, CITY), [case_.id]);
  });

  it('is returned from where it moved to, when its time is over', () => {
    const world = new World();
    const case_ = first(deposited(world, { recipients: [TOWN] }));
    migrate(world, TOWN, CITY);
    world.advance(world.now + HOLD_MS);
    assert.deepEqual([stateOf(world, case_)?.status, queue(world, CITY)], ['REFUSED', []]);
    assert.equal(world.place(THERE).set(HELD_BOXES).size, 0);
  });
});
