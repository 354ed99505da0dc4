import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RETURN_REASON } from '#engine/domain/deciders/hold/expire.ts';
import { RELEASED_PER_TURN } from '#engine/domain/deciders/hold/release.ts';
import { type Id, toUuid } from '#engine/domain/ids.ts';
import { partitionOf, REFERENTIAL } from '#engine/domain/placement.ts';
import { doorWord } from '#engine/domain/records/door.ts';
import { caseName, folderName, HELD_BOXES, heldMember, recipientName } from '#engine/domain/records/names.ts';
import { deposited, HOLD_MS, migrate, native, queue, Registry } from './holding.ts';
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

const first = ({ cases }: { cases: { id: Id; home: number }[] }) => cases[0] as { id: Id; home: number };
const kinds = (world: World, org: string): string[] => world.feed(org).map(({ type }) => type);
const listed = (world: World, org = TOWN): Id[] => world.box(partitionOf(org), org, PROCESS).map((one) => one.case);
const stateOf = (world: World, { id, home }: { id: Id; home: number }) => world.get(home, caseName(id));

describe('a native deposit', () => {
  it('is delivered at once to an organisation whose subscription is active', () => {
    const world = new World();
    const case_ = first(deposited(world, { recipients: [TOWN], doors: [doorWord(true, 1)] }));
    assert.equal(stateOf(world, case_)?.status, 'HUBEE_NOTIFIED');
    assert.deepEqual([listed(world), kinds(world, TOWN), kinds(world, SENDER)], [[case_.id], ['deposited'], []]);
  });

  it('costs a delivered case no message and no record beside those of the contract', () => {
    const cost = (doors: number[] | undefined): unknown[] => {
      const world = new World();
      const { complete, home } = native(world, { recipients: [TOWN], doors: doors ?? [] });
      if (doors === undefined) delete complete.hold;
      const before = new Map(world.place(home).records);
      const [loads, sends] = [world.loaded.length, world.sent.length];
      world.ask(home, complete);
      const written = [...world.place(home).records].filter(([name, text]) => before.get(name) !== text);
      const kinds = world.loaded.slice(loads).map((name) => name[0]);
      return [kinds, world.sent.slice(sends).map(({ command }) => command.kind), written.map(([name]) => name[0])];
    };
    assert.deepEqual(cost([doorWord(true, 1)]), cost(undefined));
  });

  it('is held without a subscription: unseen by the recipient, told to its sender', () => {
    const world = new World();
    const case_ = first(deposited(world, { recipients: [TOWN], mails: ['mairie@ville.test'] }));
    const state = stateOf(world, case_);
    assert.deepEqual([state?.status, state?.visible, state?.held?.state], ['HUBEE_RECEIVED', false, 'held']);
    assert.deepEqual([queue(world, TOWN), listed(world), kinds(world, TOWN)], [[case_.id], [], []]);
    assert.deepEqual(kinds(world, SENDER), ['held']);
    assert.equal(world.ask(HERE, patchCase(case_.id, 'SENT')).status, 404);
    assert.deepEqual([...world.place(HERE).set(HELD_BOXES)], [[heldMember(TOWN, PROCESS), world.now]]);
    assert.deepEqual(world.jobs, []);
  });

  it('tells the démarche’s owner once an organisation', () => {
    const world = new World();
    const terms = { owner: 'demarche@etat.test' };
    for (let n = 0; n < 3; n += 1) deposited(world, { recipients: [TOWN], terms });
    assert.deepEqual(world.jobs, [
      { kind: 'mail', body: { to: 'demarche@etat.test', process: PROCESS, organization: TOWN } },
    ]);
  });

  it('leaves the contract’s own deposits alone: they are delivered whatever the door', () => {
    const world = new World();
    deposited(world, { recipients: [TOWN] });
    const { complete, home, cases } = native(world, { recipients: [TOWN] });
    delete complete.hold;
    world.ask(home, complete);
    assert.deepEqual(listed(world), [cases[0]?.id]);
  });
});

describe('activation', () => {
  it('releases in deposit order, as if deposited then, and tells both sides', () => {
    const world = new World();
    const registry = new Registry(world);
    const cases = Array.from({ length: 2 * RELEASED_PER_TURN + 3 }, () =>
      first(deposited(world, { recipients: [TOWN] })),
    );
    const later = world.now + 3_600_000;
    world.advance(later);
    registry.turn(TOWN, true, 'mairie@ville.test');
    assert.deepEqual(
      listed(world),
      cases.map(({ id }) => id),
    );
    assert.deepEqual(
      world.feed(TOWN).map(({ type, case: id, ms }) => [type, id, ms]),
      cases.map(({ id }) => ['deposited', id, later]),
    );
    assert.deepEqual(
      kinds(world, SENDER).slice(cases.length),
      cases.map(() => 'released'),
    );
    const state = stateOf(world, cases[0] as never);
    assert.deepEqual([state?.status, state?.transmitted, state?.held], ['HUBEE_NOTIFIED', later, null]);
    assert.deepEqual(
      world.jobs.map(({ kind, body }) => [kind, (body as { to: string }).to]),
      cases.map(() => ['mail', 'mairie@ville.test']),
    );
    const door = Object.values(world.get(HERE, recipientName(TOWN))?.doors ?? {});
    assert.deepEqual(door, [{ word: doorWord(true, 1), held: 0, last: 0 }]);
    assert.equal(world.place(HERE).set(HELD_BOXES).size, 0);
    assert.deepEqual(
      [...world.place(HERE).timers.keys()].filter((name) => name.startsWith('held.')),
      [],
    );
  });

  it('is known by a deposit that comes before its message, which then waits behind what was held', () => {
    const world = new World();
    const one = first(deposited(world, { recipients: [TOWN] }));
    const two = first(deposited(world, { recipients: [TOWN], doors: [doorWord(true, 1)] }));
    assert.deepEqual([listed(world), queue(world, TOWN)], [[one.id, two.id], []]);
    new Registry(world).turn(TOWN, true);
    assert.deepEqual(listed(world), [one.id, two.id]);
  });

  it('outlives a deposit that read the referential before it', () => {
    const world = new World();
    new Registry(world).turn(TOWN, true);
    const case_ = first(deposited(world, { recipients: [TOWN] }));
    assert.deepEqual([listed(world), queue(world, TOWN)], [[case_.id], []]);
  });

  it('lets files go at once where the démarche says so, folder by folder', () => {
    const world = new World();
    const folders = Array.from({ length: RELEASED_PER_TURN }, () => {
      const { complete, home, folder } = native(world, { recipients: [TOWN] });
      world.ask(home, { ...complete, purge: { ...complete.purge, status: 'HUBEE_NOTIFIED' } });
      return folder;
    });
    new Registry(world).turn(TOWN, true);
    for (const folder of folders)
      assert.deepEqual(Object.keys(world.get(HERE, folderName(folder))?.purge ?? {}), ['0']);
  });

  it('stops releasing when it is suspended meanwhile, and goes on when it is active again', () => {
    const world = new World();
    const registry = new Registry(world);
    for (let n = 0; n < RELEASED_PER_TURN + 5; n += 1) deposited(world, { recipients: [TOWN] });
    const all = queue(world, TOWN);
    registry.set(TOWN, true);
    world.step({ kind: 'lane', from: REFERENTIAL, to: HERE });
    world.step({ kind: 'turn', partition: HERE });
    registry.set(TOWN, false);
    world.step({ kind: 'lane', from: REFERENTIAL, to: HERE });
    world.run();
    assert.equal(listed(world).length, RELEASED_PER_TURN);
    assert.deepEqual([...listed(world), ...queue(world, TOWN)], all);
    registry.turn(TOWN, true);
    assert.deepEqual([listed(world), queue(world, TOWN)], [all, []]);
  });
});

describe('the time limit', () => {
  const DUE = 1;

  it('returns the case to its sender with the reason, which the contract sees too', () => {
    const world = new World();
    const case_ = first(deposited(world, { recipients: [TOWN] }));
    world.advance(world.now + HOLD_MS - DUE);
    assert.equal(stateOf(world, case_)?.held?.state, 'held');
    world.advance(world.now + DUE);
    const state = stateOf(world, case_);
    assert.deepEqual([state?.status, state?.visible, state?.held?.state], ['REFUSED', false, 'returned']);
    const [told] = world.box(SENDER_HOME, SENDER, PROCESS);
    assert.deepEqual([told?.case, told?.event], [case_.id, state?.events[0]?.id]);
    assert.equal(state?.events[0]?.message, RETURN_REASON);
    assert.deepEqual(
      world.feed(SENDER).map(({ type, status }) => [type, status]),
      [
        ['held', null],
        ['returned', 'REFUSED'],
      ],
    );
    const read = { ...event(case_, osl), event: { id: state?.events[0]?.id as Id } } as never;
    assert.equal(world.ask(HERE, patchEvent(read, 'RECEIVED', osl)).status, 204);
    new Registry(world).turn(TOWN, true);
    assert.deepEqual([listed(world), kinds(world, TOWN)], [[], []]);
  });

  it('gives it to the fallback of the démarche when that is subscribed, wherever it lies', () => {
    for (const org of [CITY, recipientsIn(HERE, 2)[1] as string]) {
      const world = new World();
      const terms = { fallback: { org, door: doorWord(true, 1), mail: 'repli@ville.test' } };
      const case_ = first(deposited(world, { recipients: [TOWN], terms }));
      world.advance(world.now + HOLD_MS);
      assert.deepEqual([listed(world, org), listed(world)], [[case_.id], []]);
      assert.deepEqual([stateOf(world, case_)?.recipient, stateOf(world, case_)?.status], [org, 'HUBEE_NOTIFIED']);
      assert.deepEqual(kinds(world, SENDER), ['held', 'redirected']);
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
    assert.deepEqual([listed(world), kinds(world, TOWN)], [[case_.id], ['deposited']]);
    assert.equal(stateOf(world, case_)?.events[0]?.message, 'complément');
  });

  it('can be closed by its sender, and nothing else', () => {
    const world = new World();
    const case_ = first(deposited(world, { recipients: [TOWN] }));
    assert.equal(world.ask(HERE, patchCase(case_.id, 'HUBEE_NOTIFIED', osl)).status, 400);
    assert.equal(world.ask(HERE, patchCase(case_.id, 'CLOSED', osl)).status, 204);
    assert.deepEqual([queue(world, TOWN), stateOf(world, case_)?.held?.state], [[], 'withdrawn']);
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
    const { status, visible, held, recipient } = stateOf(world, case_) ?? {};
    assert.deepEqual([status, visible, held, recipient], ['CLOSED', true, null, CITY]);
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

describe('a large folder', () => {
  it('is held and delivered case by case, each by its own recipient', () => {
    const world = new World();
    const registry = new Registry(world);
    const recipients = [...recipientsIn(HERE, 200), ...recipientsIn(THERE, 200)];
    const active = (index: number): boolean => index % 3 === 0;
    const doors = recipients.map((_, index) => doorWord(active(index), active(index) ? 1 : 0));
    const { cases } = deposited(world, { recipients, doors });
    for (const [index, case_] of cases.entries()) {
      const expected = active(index) ? 'HUBEE_NOTIFIED' : 'HUBEE_RECEIVED';
      assert.equal(stateOf(world, case_)?.status, expected, `case ${index}`);
    }
    for (const org of recipients) registry.set(org, true);
    world.run();
    for (const [index, org] of recipients.entries()) assert.deepEqual(listed(world, org), [cases[index]?.id]);
  });
});
