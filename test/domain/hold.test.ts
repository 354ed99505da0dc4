import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RELEASED_PER_TURN } from '#engine/domain/deciders/hold/release.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import { doorWord, NO_DOORS } from '#engine/domain/records/door.ts';
import { folderName, HELD_BOXES, heldMember, recipientName } from '#engine/domain/records/names.ts';
import { deposited, first, kinds, listed, native, queue, Registry, stateOf } from './holding.ts';
import { HERE, PROCESS, patchCase, SENDER, TOWN } from './samples.ts';
import { World } from './world.ts';

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
      return [
        kinds,
        world.sent.slice(sends).map(({ command }) => command.kind),
        written.map(([name]) => name[0]).sort(),
      ];
    };
    assert.deepEqual(cost([doorWord(true, 1)]), cost(undefined));
  });

  it('is held without a subscription: unseen by the recipient, told to its sender', () => {
    const world = new World();
    const case_ = first(deposited(world, { recipients: [TOWN], mails: ['mairie@ville.test'] }));
    const state = stateOf(world, case_);
    assert.deepEqual([state?.status, state?.visible, state?.holding?.state], ['HUBEE_RECEIVED', false, 'held']);
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
    assert.deepEqual([state?.status, state?.transmitted, state?.holding], ['HUBEE_NOTIFIED', later, null]);
    assert.deepEqual(
      world.jobs.map(({ kind, body }) => [kind, (body as { to: string }).to]),
      cases.map(() => ['mail', 'mairie@ville.test']),
    );
    const { words, queues } = world.get(HERE, recipientName(TOWN))?.doors ?? NO_DOORS;
    assert.deepEqual([words.slice(1), queues], [[doorWord(true, 1)], []]);
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
