import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { NO_DOORS } from '#engine/domain/records/door.ts';
import { caseName, HELD_BOXES, recipientName } from '#engine/domain/records/names.ts';
import { FAR } from './crossing.ts';
import { HOLD_MS, holding, migrate, native, queue, Registry } from './holding.ts';
import { casesOf } from './migrate.ts';
import { CITY, osl, PROCESS, patchCase, recipientsIn, SENDER, SENDER_HOME, THERE, TOWN } from './samples.ts';
import { World } from './world.ts';

/** Two mailboxes of one partition and two elsewhere: every hand-over, with and without a lane, and past a third partition. */
const ORGS: readonly OrgKey[] = [TOWN, recipientsIn(partitionOf(TOWN), 2)[1] as OrgKey, CITY, FAR];
const FALLBACK = recipientsIn(THERE, 2)[1] as OrgKey;
const PAGE = 2;

type Act =
  | { kind: 'subscribe'; org: number; open: boolean }
  | { kind: 'deposit'; recipients: number[]; stale: boolean }
  | { kind: 'migrate'; from: number; to: number }
  | { kind: 'withdraw'; nth: number }
  | { kind: 'timer' }
  | { kind: 'crash'; at: number }
  | { kind: 'steps'; picks: number[] };

const which = fc.nat({ max: ORGS.length - 1 });
const deposit = fc.record({
  kind: fc.constant('deposit' as const),
  recipients: fc.uniqueArray(which, { minLength: 1, maxLength: 3 }),
  stale: fc.boolean(),
});
const act: fc.Arbitrary<Act> = fc.oneof(
  deposit,
  deposit,
  fc.record({ kind: fc.constant('subscribe' as const), org: which, open: fc.boolean() }),
  fc.record({ kind: fc.constant('migrate' as const), from: which, to: which }),
  fc.record({ kind: fc.constant('withdraw' as const), nth: fc.nat() }),
  fc.constant({ kind: 'timer' as const }),
  fc.record({ kind: fc.constant('crash' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('steps' as const), picks: fc.array(fc.nat(), { minLength: 1, maxLength: 12 }) }),
);

type Ready = ReturnType<typeof native>;

/** One history: acts as they come, messages in any order the lanes allow, then rest. */
class History {
  readonly world = new World();
  readonly registry = new Registry(this.world);
  readonly cases: { id: Id; home: number; org: OrgKey }[] = [];
  migrations = 0;
  /** what each API process read last: a deposit may be that old */
  readonly #read = new Map<OrgKey, number>();

  readonly #ready = new Map<Act, Ready>();

  /** Folders and their files are there before anything happens: what is tried is when each is completed. */
  constructor(acts: readonly Act[]) {
    this.world.pageSize = PAGE;
    this.registry.turn(FALLBACK, true);
    for (const one of acts) {
      if (one.kind !== 'deposit') continue;
      this.#ready.set(one, native(this.world, { recipients: one.recipients.map((index) => ORGS[index] as OrgKey) }));
    }
    for (const one of acts) this.do(one);
  }

  /** @param act one of those given at first */
  do(act: Act): void {
    const { world, registry } = this;
    if (act.kind === 'subscribe') registry.set(ORGS[act.org] as OrgKey, act.open);
    else if (act.kind === 'deposit') this.#deposit(act, act.recipients, act.stale);
    else if (act.kind === 'migrate') this.#migrate(ORGS[act.from] as OrgKey, ORGS[act.to] as OrgKey);
    else if (act.kind === 'withdraw') this.#withdraw(act.nth);
    else if (act.kind === 'timer') world.fire();
    else if (act.kind === 'crash') {
      const steps = world.steps().filter(({ kind }) => kind === 'turn');
      const step = steps[act.at % Math.max(steps.length, 1)];
      if (step?.kind === 'turn') world.crash(step.partition);
    } else {
      for (const pick of act.picks) {
        const steps = world.steps();
        const step = steps[pick % Math.max(steps.length, 1)];
        if (step) world.step(step);
      }
    }
  }

  #deposit(act: Act, indexes: readonly number[], stale: boolean): void {
    const recipients = indexes.map((index) => ORGS[index] as OrgKey);
    if (!stale) for (const org of recipients) this.#read.set(org, this.registry.wordOf(org));
    const doors = recipients.map((org) => this.#read.get(org) ?? 0);
    const terms = { fallback: { org: FALLBACK, door: this.registry.wordOf(FALLBACK), mail: null } };
    const { home, complete, cases } = this.#ready.get(act) as Ready;
    this.world.send(home, { ...complete, hold: holding(doors, stale ? {} : terms) });
    this.cases.push(...cases.map((case_, n) => ({ ...case_, org: recipients[n] as OrgKey })));
  }

  /** One at a time: two of the same cases at once race for their new recipient, held or not. */
  #migrate(from: OrgKey, to: OrgKey): void {
    if (from === to) return;
    this.world.run();
    migrate(this.world, from, to);
    this.migrations += 1;
  }

  #withdraw(nth: number): void {
    const case_ = this.cases[nth % Math.max(this.cases.length, 1)];
    if (case_) this.world.send(case_.home, patchCase(case_.id, 'CLOSED', osl));
  }

  /** Never held beside an active subscription, told once, in order, nothing left behind. */
  check(): void {
    const { world, registry } = this;
    world.run();
    const everywhere = [...ORGS, FALLBACK];
    const waiting = new Map(everywhere.map((org) => [org, queue(world, org)]));
    for (const [org, held] of waiting) {
      if (registry.isActive(org)) assert.deepEqual(held, [], `${org} holds cases beside its active subscription`);
      const { queues } = world.get(partitionOf(org), recipientName(org))?.doors ?? NO_DOORS;
      assert.equal(queues[1] ?? 0, held.length);
      assert.equal(world.place(partitionOf(org)).set(HELD_BOXES).has(`${org}|${PROCESS}`), held.length > 0);
    }
    const told = everywhere.map((org) => world.box(partitionOf(org), org, PROCESS).filter((one) => one.event === null));
    const lists = everywhere.map((org) => casesOf(world, org));
    for (const { id, home } of this.cases) {
      const state = world.get(home, caseName(id));
      assert.ok(state, 'every case of a completed folder is there');
      const times = told.flat().filter((one) => one.case === id).length;
      const queued = [...waiting.values()].flat().filter((held) => held === id).length;
      const returned = world.box(SENDER_HOME, SENDER, PROCESS).filter((one) => one.case === id).length;
      if (state.holding === null) assert.deepEqual([times, queued, returned, state.visible], [1, 0, 0, true]);
      else if (state.holding.state === 'held')
        assert.deepEqual([times, queued, returned, state.visible], [0, 1, 0, false]);
      else if (state.holding.state === 'returned') assert.deepEqual([times, queued, returned], [0, 0, 1]);
      else assert.deepEqual([times, returned, this.migrations > 0 ? 0 : queued], [0, 0, 0]);
      const place = told.findIndex((list) => list.some((one) => one.case === id));
      if (place >= 0) assert.equal(state.recipient, everywhere[place]);
      const listed = everywhere.filter((_, index) => lists[index]?.has(id));
      assert.deepEqual(listed, state.visible ? [state.recipient] : [], 'listed under its recipient, and nowhere else');
      const heldAt = everywhere.find((org) => waiting.get(org)?.includes(id));
      if (heldAt !== undefined) assert.equal(state.recipient, heldAt);
    }
    this.#checkOrder(told.map((list) => list.map((one) => one.case)));
  }

  /** Of one recipient, cases are told in the order in which they were deposited there, whether held or not. */
  #checkOrder(told: readonly Id[][]): void {
    if (this.migrations > 0) return;
    for (const [n, org] of ORGS.entries()) {
      const order = this.cases.filter((case_) => case_.org === org).map(({ id }) => id);
      const expected = order.filter((id) => told[n]?.includes(id));
      if (this.#inOrder(org)) assert.deepEqual(told[n], expected, `${org} was not told in the order of deposits`);
    }
  }

  /** Deposits of several recipients reach the others' homes by lanes that may overtake one another. */
  #inOrder(org: OrgKey): boolean {
    return this.cases.filter((case_) => case_.org === org).every(({ home, id }) => folderHomeOf(id) === home);
  }
}

const folderHomeOf = (id: Id): number => Buffer.from(id, 'base64url')[10] as number;

/** Random ones, others at each run; far more with the variable set. */
const RUNS = Number(process.env.RELAIS_RUNS ?? 160);

describe('held cases in any order of events', () => {
  it('that migrate back while they are released go on to whoever takes the place', () => {
    const late: Act = { kind: 'deposit', recipients: [0], stale: false };
    const history = new History([
      { kind: 'migrate', from: 0, to: 2 },
      { kind: 'deposit', recipients: [0], stale: false },
      { kind: 'migrate', from: 2, to: 0 },
      { kind: 'subscribe', org: 2, open: true },
      late,
    ]);
    history.check();
  });

  it('are never held beside an active subscription, delivered once and in order', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 40 }), (acts) => {
        const history = new History(acts);
        history.check();
      }),
      { numRuns: RUNS },
    );
  });

  it('are all delivered or back with their sender once every time limit is over', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 25 }), (acts) => {
        const history = new History(acts);
        history.world.run();
        history.world.advance(history.world.now + 2 * HOLD_MS);
        history.check();
        for (const org of ORGS) assert.deepEqual(queue(history.world, org), []);
      }),
      { numRuns: RUNS / 4 },
    );
  });
});
