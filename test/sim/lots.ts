import assert from 'node:assert/strict';
import { Jobs } from '#api/bulk/jobs.ts';
import { Runner } from '#api/bulk/runner.ts';
import { withTables } from '#api/bulk/tables.ts';
import type { Link } from '#api/index/link.ts';
import { rankOf } from '#api/index/views.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Command } from '#engine/domain/commands.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { type Id, KIND, parts } from '#engine/domain/ids.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { AgentState } from '#engine/domain/records/agent.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import { caseName, type RecordName } from '#engine/domain/records/names.ts';
import { Database } from '#engine/sqlite.ts';
import type { Fate } from './decided.ts';
import type { Deposit } from './sender.ts';
import { demarche } from './subscriber.ts';
import type { World } from './world.ts';

const S = 1_000;
const UNDO_S = [0, 5, 30];
/** Of each call of a process that does a job: it is killed before. */
const KILLED = 0.03;
const RESTART_MS = 5 * S;
const LOOK_MS = 2 * S;
const ANSWERED: Partial<Record<string, Fate>> = { done: 'taken', left: 'taken', undone: 'undone' };

/** A process that does jobs, as long as it lives: nothing of it happens later. */
class Life {
  readonly #world: World;
  readonly ended: Promise<void>;
  #end!: () => void;
  #dead = false;

  constructor(world: World) {
    this.#world = world;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Before and after each thing it does. */
  async of<T>(act: () => T | Promise<T>): Promise<T> {
    if (!this.#dead && this.#world.chance.chance(KILLED)) {
      this.#dead = true;
      this.#world.count('killed in a lot');
      this.#end();
    }
    if (this.#dead) return new Promise(() => undefined);
    const value = await act();
    return this.#dead ? new Promise(() => undefined) : value;
  }
}

/**
 * A lot: the same decision on all cases of a folder, by the product's own runner and its file of jobs, in processes that are
 * killed between two of its steps. Software may act on the cases meanwhile (`beside`). Each line is one decision, and what
 * the job says of it holds.
 */
export async function lot(world: World, { cases, process, sender: _ }: Deposit, beside: boolean): Promise<void> {
  const { desk, book, chance, crew } = world;
  const states = await Promise.all(cases.map(({ id, home }) => desk.read(home, caseName(id))));
  const seen = cases.flatMap(({ id }, index) => (states[index] ? [{ id, state: states[index] as CaseState }] : []));
  const jobs = new Jobs(withTables(new Database(':memory:')));
  const agent = agentOf(seen.map(({ state }) => state.recipient));
  const undoSeconds = chance.pick(UNDO_S);
  const id = desk.id(KIND.other, REFERENTIAL);
  jobs.add({
    ...{ id, org: '', agent: agent.id, at: Math.floor(desk.now) },
    act: { plan: [{ process, status: 'HUBEE_NOTIFIED', to: ['DONE'] }], message: null, undoSeconds },
    lines: seen.map(({ id: case_, state }) => ({
      ...{ id: case_, org: state.recipient, process, number: '', applicant: '', excluded: false },
      ...{ status: rankOf(state.status), updated: state.updated ?? state.transmitted ?? 0 },
    })),
  });
  for (const { id: case_ } of seen) book.perhapsStatus(case_, 'DONE');
  const undone = chance.chance(0.3) ? chance.below(10 * S) : undefined;
  const asked = new Map<Id, Set<Id>>();
  await work(world, jobs, agent, asked);
  const { n } = jobs.job(id) as { n: number };
  if (undone !== undefined) {
    await crew.sleep(undone);
    jobs.undo(n);
    await work(world, jobs, agent, asked);
  }
  for (const line of jobs.lines(n, null, -1, seen.length)) {
    world.count(`line ${line.result}`);
    const decisions = [...(asked.get(line.id) ?? [])];
    assert.ok(decisions.length <= 1, `a line of a lot is ${decisions.length} decisions: ${decisions.join(', ')}`);
    if (line.decision === null) continue;
    book.decided.note(line.id, [line.decision], ANSWERED[line.result] ?? 'refused', beside);
    await left(world, line.id, line.decision);
  }
}

/** Until no job is left, by one process after the other. @param asked decisions that were ever asked for, by case */
async function work(world: World, jobs: Jobs, agent: AgentState, asked: Map<Id, Set<Id>>): Promise<void> {
  const { desk, crew, chance } = world;
  for (let over = false; !over; ) {
    const life = new Life(world);
    const link = {
      down: false,
      call: (name: 'live', ...given: []) => life.of(() => (jobs[name] as (...all: unknown[]) => never)(...given)),
    } as unknown as Link<Jobs>;
    const hub = {
      now: () => Math.floor(desk.now),
      referential: { agent: () => agent, process: demarche },
      read: (home: number, names: RecordName[]) =>
        life.of(() => Promise.all(names.map((name) => desk.read(home, name)))),
      ask: (...given: Parameters<Hub['ask']>) =>
        life.of(async () => {
          note(asked, given[1]);
          const answer = await desk.once(...given);
          if (answer === undefined) throw new DomainError('busy');
          return answer;
        }),
    } as unknown as Hub;
    const log = { warn: () => undefined } as never;
    const runner = new Runner({ hub, link, mine: () => true, log, event: (home) => desk.event(home) });
    const living = (async () => {
      while (await runner.step().catch(busy)) if (chance.chance(0.2)) await crew.sleep(chance.below(S));
      return true;
    })();
    over = await Promise.race([living, life.ended.then(() => false)]);
    if (!over) await crew.sleep(chance.below(RESTART_MS));
  }
}

function note(asked: Map<Id, Set<Id>>, command: Command): void {
  if (command.kind !== 'case.resolve') return;
  const known = asked.get(command.case) ?? new Set();
  for (const { id } of command.events.slice(0, 1)) known.add(id);
  asked.set(command.case, known);
}

/** Asked again. */
function busy(error: unknown): boolean {
  if (error instanceof DomainError && error.code === 'busy') return true;
  throw error;
}

async function left({ desk, crew }: World, id: Id, decision: Id): Promise<void> {
  for (;;) {
    const state = await desk.read(parts(id).home, caseName(id));
    if (state?.pending?.events[0]?.id !== decision) return;
    await crew.sleep(LOOK_MS);
  }
}

const agentOf = (orgs: readonly string[]): AgentState => ({
  ...{ id: 'agent' as Id, email: 'ada@commune.test', subject: null, givenName: 'Ada', familyName: 'Exemple' },
  ...{ quality: null, service: null, national: false, suspended: null, notices: [], toldUpTo: null, digested: null },
  ...{ passkeys: [], enrolment: null, created: 0, updated: null },
  memberships: orgs.map((org) => ({ org, role: 'agent', processes: null, since: 0, absence: null }) as const),
});
