import assert from 'node:assert/strict';
import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { caseName, recipientName } from '#engine/domain/records/names.ts';
import { casesOf, migrate, removeAnywhere } from './migrate.ts';
import { event, HERE, notified, osl, PROCESS, patchFolder, recipientIn, THERE, uploaded } from './samples.ts';
import { type Ask, World } from './world.ts';

/**
 * Migrations that cross each other: each must end or be refused, and leave each case with one recipient, listed there and
 * nowhere else. Two that look again for what the other one brought never end.
 */
export type Way = readonly [source: OrgKey, target: OrgKey];

/** Far more than these few cases need. */
const MAX_STEPS = 2_000;

/** Requests repeated until what was lost, or another one, is no longer in the way. */
const PATIENCE = 5;

/** Those that carry nothing but the order of migrations, and chunks not begun. */
const WORDS = new Set(['mailbox.enter', 'mailbox.entered', 'mailbox.left', 'mailbox.migrate']);

export const NEIGHBOUR = recipientIn(HERE, 1);
export const FAR = recipientIn(THERE + 1);
const ELSEWHERE = recipientIn(THERE + 2);

export class Crossing {
  readonly world = new World();
  readonly cases: { id: Id; home: number }[] = [];
  readonly told = new Map<Id, (Id | null)[]>();
  readonly asks: Ask[];
  readonly #ways: readonly Way[];
  #taken = 0;
  #lossy = false;

  /** Some cases each, the first of which lives in a partition of its own; and a deposit of each that is not complete. */
  constructor(ways: readonly Way[], size: number) {
    this.#ways = ways;
    this.world.pageSize = 2;
    const sources = new Set(ways.map(([source]) => source));
    for (const org of sources) {
      this.#open(ELSEWHERE);
      this.world.ask(partitionOf(ELSEWHERE), migrate(ELSEWHERE, org));
      for (let n = 1; n < size; n += 1) this.#open(org);
    }
    const open = [...sources].map((org) => uploaded(this.world, { recipients: [org] }));
    for (const { id, home } of open.flatMap(({ cases }) => cases)) {
      this.cases.push({ id, home });
      this.told.set(id, [null]);
    }
    this.world.now += 1;
    this.asks = ways.map(([source, target]) => this.world.send(partitionOf(source), migrate(source, target, PROCESS)));
    for (const deposit of open) this.world.send(deposit.home, patchFolder(deposit, 'HUBEE_COMPLETED'));
    for (const case_ of this.cases.slice(0, 2)) {
      const command = event(case_, osl);
      this.world.send(case_.home, command);
      this.told.get(case_.id)?.push(command.event.id);
    }
  }

  #open(org: OrgKey): void {
    const [case_] = notified(this.world, { recipients: [org] }).cases as [{ id: Id; home: number }];
    this.cases.push(case_);
    this.told.set(case_.id, [null]);
  }

  /** Answers of how many steps it chose one; 0: nothing is left to do. */
  step(pick: number): number {
    const steps = this.world.steps();
    const step = steps[pick % Math.max(steps.length, 1)];
    if (step === undefined) return 0;
    this.#taken += 1;
    assert.ok(this.#taken < MAX_STEPS, 'the migrations never end');
    this.world.now += this.#taken % 2;
    this.world.step(step);
    return steps.length;
  }

  /** A word of a migration is lost, as with a dead letter discarded. Its requests may stay without an answer. */
  lose(pick: number): void {
    const partitions = [...new Set(this.#ways.flat().map(partitionOf))];
    const { inbox } = this.world.place(partitions[pick % partitions.length] as number);
    const nth = inbox.findIndex(({ message }) => WORDS.has(message.command.kind));
    if (nth < 0) return;
    inbox.splice(nth, 1);
    this.#lossy = true;
  }

  /** Clients ask again, in that order, for what was refused or, after a loss, for all: each must be done in the end. */
  repeat(first: number): void {
    const { length } = this.#ways;
    let left = this.#ways.map((_, n) => (first + n) % length);
    if (!this.#lossy) left = left.filter((n) => this.asks[n]?.answer?.status === 409);
    for (let times = 0; times < PATIENCE; times += 1) {
      left = left.filter((n) => {
        const [source, target] = this.#ways[n] as Way;
        const ask = this.world.send(partitionOf(source), migrate(source, target, PROCESS));
        this.finish();
        this.asks[n] = ask;
        return !(ask.settled && ask.answer?.status === 200);
      });
    }
    assert.deepEqual(left, [], 'a migration does not wait for ever for what was lost');
  }

  /** Everybody gets a turn, again and again: neither side may need the other one to stand still. */
  finish(): void {
    for (let turn = 0; this.step(turn) > 0; turn += 1);
  }

  check(): void {
    const { world } = this;
    for (const ask of this.asks) {
      assert.ok(ask.settled, 'a migration is answered');
      assert.ok([200, 409].includes(ask.answer?.status ?? 0));
    }
    const orgs = [...new Set(this.#ways.flat())];
    const all = orgs.flatMap((org) => world.box(partitionOf(org), org, PROCESS));
    for (const { id, home } of this.cases) {
      const recipient = world.get(home, caseName(id))?.recipient as OrgKey;
      assert.deepEqual(
        orgs.filter((org) => casesOf(world, org).has(id)),
        [recipient],
        'listed under its recipient, and nowhere else',
      );
      const told = all.filter((one) => one.case === id);
      const events = told.map((one) => one.event);
      // What a case of another partition says while it learns of its new recipient may come before what it said earlier.
      if (home === partitionOf(ELSEWHERE)) events.sort((a, b) => Number(a !== null) - Number(b !== null));
      assert.deepEqual(events, this.told.get(id), 'told once and in order');
      for (const one of told) assert.equal(one.recipient, recipient);
    }
    for (const org of orgs) {
      const state = world.get(partitionOf(org), recipientName(org));
      assert.equal(state?.moving ?? null, null);
      assert.equal(state?.migrations, undefined);
    }
  }

  /** Each notification is found and deleted by the id it was told under, and leaves no trace. */
  clear(): void {
    const { world } = this;
    const orgs = [...new Set(this.#ways.flat())];
    const all = orgs.flatMap((org) => world.box(partitionOf(org), org, PROCESS));
    for (const one of all) assert.equal(removeAnywhere(world, one.id), 204);
    for (const org of orgs) {
      for (const name of world.place(partitionOf(org)).records.keys()) assert.ok(!name.startsWith('w'), name);
    }
  }
}
