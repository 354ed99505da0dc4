import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Id, notificationParts } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { caseName, recipientName } from '#engine/domain/records/names.ts';
import { casesOf, migrate, removeAnywhere } from './migrate.ts';
import {
  admin,
  CITY,
  type Deposit,
  event,
  HERE,
  notified,
  osl,
  PROCESS,
  patchFolder,
  recipientIn,
  THERE,
  TOWN,
  uploaded,
} from './samples.ts';
import { type Ask, World } from './world.ts';

/**
 * A migration among everything else: events, deposits and deletions of the same cases, repeated requests, any order
 * of turns and lanes, processes that die between decision and commit. Nothing may be lost, doubled or misplaced.
 */
type Action =
  | { kind: 'event'; case: number }
  | { kind: 'deposit' }
  | { kind: 'complete'; nth: number }
  | { kind: 'delete'; nth: number }
  | { kind: 'repeat' };

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('event' as const), case: fc.nat({ max: 4 }) }),
  fc.record({ kind: fc.constant('deposit' as const) }),
  fc.record({ kind: fc.constant('complete' as const), nth: fc.nat({ max: 4 }) }),
  fc.record({ kind: fc.constant('delete' as const), nth: fc.nat({ max: 9 }) }),
  fc.record({ kind: fc.constant('repeat' as const) }),
);

interface Deletion {
  id: Id;
  ask: Ask;
}

class Story {
  readonly world = new World();
  readonly cases: { id: Id; home: number }[] = [];
  /** what must be told of each case, in order: null for the case itself, else the event */
  readonly told = new Map<Id, (Id | null)[]>();
  /** deposits of before the migration, completed at any time */
  readonly incomplete: Deposit[] = [];
  readonly completions = new Map<Deposit, Ask>();
  readonly late: { id: Id; home: number }[] = [];
  readonly deletions: Deletion[] = [];
  readonly migrations: Ask[] = [];
  readonly target: OrgKey;

  /**
   * Three cases of the town, and two that came to it from another partition, where they still live. Besides, deposits
   * not complete yet: two of the town, one with an early event, one of many recipients, and two of the city that left.
   */
  constructor(target: OrgKey) {
    this.target = target;
    this.world.pageSize = 2;
    for (let n = 0; n < 3; n += 1) this.#open(TOWN);
    for (let n = 0; n < 2; n += 1) this.#open(CITY);
    for (const recipients of [[TOWN], [TOWN], [CITY], [TOWN, CITY]]) {
      this.incomplete.push(uploaded(this.world, { recipients }));
    }
    const { home, cases } = this.incomplete[0] as Deposit;
    const early = cases[0] as { id: Id; home: number };
    this.world.ask(home, { kind: 'folder.open', case: early.id, caller: osl });
    const command = event(early, osl);
    this.world.ask(early.home, command);
    this.told.set(early.id, [null, command.event.id]);
    for (const one of this.incomplete.flatMap((deposit) => deposit.cases)) {
      if (one.id !== early.id) this.told.set(one.id, [null]);
    }
    this.world.now += 1;
    this.world.ask(THERE, migrate(CITY, TOWN));
    this.world.now += 1;
  }

  #complete(deposit: Deposit | undefined): void {
    if (deposit === undefined || this.completions.has(deposit)) return;
    this.completions.set(deposit, this.world.send(deposit.home, patchFolder(deposit, 'HUBEE_COMPLETED')));
  }

  #open(org: OrgKey): void {
    const [case_] = notified(this.world, { recipients: [org] }).cases as [{ id: Id; home: number }];
    this.cases.push(case_);
    this.told.set(case_.id, [null]);
  }

  start(): void {
    this.migrations.push(this.world.send(HERE, migrate(TOWN, this.target)));
  }

  act(next: Action): void {
    const { world } = this;
    if (next.kind === 'repeat') this.start();
    if (next.kind === 'complete') this.#complete(this.incomplete[next.nth]);
    if (next.kind === 'event') {
      const case_ = this.cases[next.case] as { id: Id; home: number };
      const command = event(case_, osl);
      world.send(case_.home, command);
      this.told.get(case_.id)?.push(command.event.id);
    }
    if (next.kind === 'delete') {
      const listed = [TOWN, this.target].flatMap((org) => world.box(partitionOf(org), org, PROCESS));
      const one = listed[next.nth];
      if (!one || this.deletions.some(({ id }) => id === one.id)) return;
      this.#remove(one.id, notificationParts(one.id).home);
    }
    if (next.kind === 'deposit') {
      const busy = world.steps().length;
      if (busy > 0) return;
      const deposit = uploaded(world);
      world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
      this.late.push(deposit.cases[0] as { id: Id; home: number });
    }
  }

  #remove(id: Id, partition: number): void {
    this.deletions.push({
      id,
      ask: this.world.send(partition, { kind: 'mailbox.delete', notification: id, caller: admin }),
    });
  }

  /** A client told to ask elsewhere does. */
  follow(): boolean {
    let moved = false;
    for (const deletion of this.deletions) {
      if (!deletion.ask.settled || deletion.ask.answer?.status !== 307) continue;
      const { partition } = deletion.ask.answer.body as { partition: number };
      deletion.ask = this.world.send(partition, { kind: 'mailbox.delete', notification: deletion.id, caller: admin });
      moved = true;
    }
    return moved;
  }

  /** Lets everything end. */
  finish(): void {
    for (const deposit of this.incomplete) this.#complete(deposit);
    do this.world.run();
    while (this.follow());
  }
}

function check(story: Story): void {
  const { world, target } = story;
  for (const ask of story.migrations) assert.ok(ask.settled && ask.answer?.status === 200, 'a migration is answered');
  for (const { ask } of story.deletions) assert.equal(ask.answer?.status, 204);
  assert.equal(world.get(HERE, recipientName(TOWN))?.moving ?? null, null);
  const deleted = new Set(story.deletions.map(({ id }) => id));
  const [old, now] = [TOWN, target].map((org) => world.box(partitionOf(org), org, PROCESS)) as [
    ReturnType<World['box']>,
    ReturnType<World['box']>,
  ];
  for (const ask of story.completions.values()) assert.ok(ask.settled && ask.answer?.status === 204);
  const waiting = story.incomplete.flatMap(({ cases }) => cases);
  for (const { id, home } of [...story.cases, ...waiting]) {
    assert.equal(world.get(home, caseName(id))?.recipient, target);
    assert.ok(casesOf(world, target).has(id) && !casesOf(world, TOWN).has(id));
    assert.deepEqual(
      old.filter((one) => one.case === id),
      [],
      'nothing of a moved case stays behind',
    );
  }
  const all = [...old, ...now];
  assert.equal(new Set(all.map((one) => one.id)).size, all.length, 'no notification twice');
  const expected = [...story.told.values()].reduce((sum, told) => sum + told.length, story.late.length);
  assert.equal(all.length + deleted.size, expected, 'none lost, none doubled');
  for (const { id, home } of [...story.cases, ...waiting]) {
    const given = story.told.get(id) as (Id | null)[];
    const seen = now.filter((one) => one.case === id).map((one) => one.event);
    assert.equal(new Set(seen).size, seen.length);
    if (home === HERE)
      assert.deepEqual(
        seen,
        given.filter((one) => seen.includes(one)),
        'in the order of the events',
      );
  }
  for (const { id, home } of story.late) {
    const { recipient } = world.get(home, caseName(id)) ?? {};
    assert.ok(recipient === TOWN || recipient === target);
    assert.ok(casesOf(world, recipient).has(id));
    const told = all.filter((one) => one.case === id);
    for (const one of told) assert.equal(one.recipient, recipient);
  }
  for (const one of all) assert.equal(removeAnywhere(world, one.id), 204);
  for (const partition of [HERE, THERE, partitionOf(target)]) {
    for (const name of world.place(partition).records.keys()) assert.ok(!name.startsWith('w'), `${name} is left over`);
  }
}

describe('a migration among everything else', () => {
  for (const [where, target] of [
    ['within a partition', recipientIn(HERE, 1)],
    ['to the partition some cases live in', recipientIn(THERE, 1)],
    ['to a third partition', recipientIn(THERE + 1)],
  ] as const) {
    it(`${where} loses, doubles and misplaces nothing`, () => {
      const moves = fc.array(fc.record({ pick: fc.nat(), crash: fc.boolean(), act: fc.option(action) }), {
        maxLength: 60,
      });
      fc.assert(
        fc.property(moves, (list) => {
          const story = new Story(target);
          story.start();
          for (const { pick, crash, act } of list) {
            if (act) story.act(act);
            const steps = story.world.steps();
            const step = steps[pick % Math.max(steps.length, 1)];
            if (!step) continue;
            if (crash && step.kind === 'turn') story.world.crash(step.partition);
            story.world.now += 1;
            story.world.step(step);
            story.follow();
          }
          story.finish();
          check(story);
        }),
        { numRuns: 150 },
      );
    });
  }
});
