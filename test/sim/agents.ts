import assert from 'node:assert/strict';
import type { Answer } from '#engine/domain/decision.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { CaseState, CaseStatus } from '#engine/domain/records/case.ts';
import { versionOf } from '#engine/domain/records/desk.ts';
import { caseName } from '#engine/domain/records/names.ts';
import { ADMIN, PURGE } from './cast.ts';
import { eventCommand } from './exchange.ts';
import type { Deposit } from './sender.ts';
import type { World } from './world.ts';

type Case = Deposit['cases'][number];

const S = 1_000;
/** How long decisions may be undone, ms. */
const WAITS = [0, 5 * S, 30 * S];
const LOOK_MS = 2 * S;
const STATUSES: readonly CaseStatus[] = ['IN_PROGRESS', 'ADD_AWAITING', 'REFUSED', 'DONE'];

/** One decision, as its agent's portal asks for it until it is answered. */
interface Asked {
  events: Id[];
  statuses: CaseStatus[];
  answer: Answer;
}

/** Agents of a town who decide on one case: one alone or two at once, on what they see; some change their minds. */
export class Agents {
  readonly #world: World;
  readonly #case: Case;

  constructor(world: World, case_: Case) {
    this.#world = world;
    this.#case = case_;
  }

  /** Nobody else changes the case meanwhile. */
  async run(): Promise<void> {
    const { desk, book, chance } = this.#world;
    const { id, home } = this.#case;
    const state = await desk.read(home, caseName(id));
    // Not there: given back by a failover that was named.
    if (state === undefined || state.status === 'CLOSED' || state.status === 'ARCHIVED') return;
    const waitMs = chance.pick(WAITS);
    const count = chance.chance(0.4) ? 2 : 1;
    const asked = await Promise.all(Array.from({ length: count }, () => this.#resolve(state, waitMs)));
    const taken = asked.filter(({ answer }) => answer.status === 201);
    book.decided.rivals(asked.map(({ events }) => events[0] as Id));
    for (const { events, answer } of asked) {
      assert.ok(answer.status === 201 || answer.status === 412, `a decision was answered ${answer.status}`);
      book.decided.note(id, events, answer.status === 201 ? 'taken' : 'refused');
    }
    for (const one of taken) {
      if (chance.chance(0.4)) await this.#undo(one);
      await this.#left(one);
    }
    this.#world.count('decisions', asked.length);
  }

  async #resolve(state: CaseState, waitMs: number): Promise<Asked> {
    const { desk, book, chance } = this.#world;
    const { id, home } = this.#case;
    const last = chance.pick(STATUSES.filter((status) => status !== state.status));
    const both = chance.chance(0.3) && state.status !== 'SI_RECEIVED' && last !== 'IN_PROGRESS';
    const statuses: CaseStatus[] = both ? ['SI_RECEIVED', last] : [last];
    const events = statuses.map(() => desk.event(home));
    for (const status of statuses) book.perhapsStatus(id, status);
    const answer = await desk.ask(home, {
      ...{ kind: 'case.resolve', case: id, caller: ADMIN, agent: null, seen: versionOf(state), waitMs, purge: PURGE },
      events: statuses.map((status, index) => eventCommand(id, events[index] as Id, ADMIN, status, false).event),
    });
    return { events, statuses, answer };
  }

  async #undo({ events: [decision] }: Asked): Promise<void> {
    const { desk, book } = this.#world;
    const { id, home } = this.#case;
    const undo = { kind: 'case.undo', case: id, caller: ADMIN, event: decision as Id } as const;
    const first = await desk.once(home, undo);
    const { status } = first ?? (await desk.ask(home, undo));
    // Undone by an attempt whose answer was lost, it is unknown to the next.
    const undone = status === 204 || (status === 404 && first === undefined);
    assert.ok(undone || status === 410, `an undoing was answered ${status}`);
    if (undone) book.decided.change(decision as Id, 'undone');
    this.#world.count(undone ? 'decisions undone' : 'decisions that had left');
  }

  /** Waits until it waits no more. */
  async #left({ events, statuses }: Asked): Promise<void> {
    const { desk, book, crew } = this.#world;
    const { id, home } = this.#case;
    for (;;) {
      const state = await desk.read(home, caseName(id));
      if (state?.pending?.events[0]?.id === events[0]) {
        await crew.sleep(LOOK_MS);
        continue;
      }
      const left = state?.events.some((event) => event.id === events[0]);
      if (left) book.patched(id, statuses.at(-1) as CaseStatus);
      for (const event of left ? events : []) book.event(id, home, event);
      return;
    }
  }
}
