import type { Disk } from './disk.ts';
import type { Link } from './link.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** What can happen next. */
type Next =
  | { kind: 'execute'; link: Link }
  | { kind: 'reply'; link: Link }
  | { kind: 'hear'; process: Process }
  | { kind: 'disk'; disk: Disk }
  | { kind: 'wish' }
  | { kind: 'late' }
  | { kind: 'time' };

const WEIGHT: Record<Next['kind'], number> = { execute: 10, reply: 10, hear: 10, disk: 10, wish: 6, late: 1, time: 2 };
/** Time that passes with each step, ms at most. */
const STEP_MS = 3;
/** Commands of one connection are mostly executed one after the other; replies mostly come at once. */
const ALL_AT_ONCE = 0.8;

/** One thing happens: which, the seed says. */
export class Scheduler {
  readonly #world: World;
  steps = 0;

  constructor(world: World) {
    this.#world = world;
  }

  async step(): Promise<void> {
    const { random, clockwork } = this.#world;
    this.steps += 1;
    clockwork.now += random.below(STEP_MS);
    const choice = random.weighted(this.#choices(), ({ kind }) => WEIGHT[kind]);
    await this.#do(choice);
    const { crew, checker, unhandled } = this.#world;
    if (unhandled !== undefined) throw unhandled;
    if (crew.failure === undefined) return;
    if (!checker.excused) throw crew.failure;
    crew.forgive();
  }

  #choices(): Next[] {
    const { processes, crew, orphans, disks } = this.#world;
    const choices: Next[] = [{ kind: 'time' }];
    let apis = false;
    for (const process of processes) {
      if (!process.alive) continue;
      for (const link of process.links) {
        this.#giveUp(link);
        if (link.sent.length > 0) choices.push({ kind: 'execute', link });
        if (link.replies.length > 0 && !process.paused) choices.push({ kind: 'reply', link });
      }
      if (process.inbox.length > 0 && !process.paused) choices.push({ kind: 'hear', process });
      if (process.asks && !process.paused) apis = true;
    }
    for (const disk of disks) {
      const { alive, paused } = disk.owner;
      if (disk.busy && alive && !paused) choices.push({ kind: 'disk', disk });
    }
    if (crew.wishes.length > 0 && apis) choices.push({ kind: 'wish' });
    if (orphans.length > 0) choices.push({ kind: 'late' });
    return choices;
  }

  /** What timed out before it was executed goes its own way. */
  #giveUp(link: Link): void {
    if (!link.sent.some(({ late }) => late)) return;
    this.#world.orphans.push(...link.sent.filter(({ late }) => late));
    link.sent = link.sent.filter(({ late }) => !late);
  }

  async #do(choice: Next): Promise<void> {
    const world = this.#world;
    switch (choice.kind) {
      case 'execute':
        return this.#execute(choice.link);
      case 'reply':
        return world.reply(choice.link);
      case 'hear':
        return this.#hear(choice.process);
      case 'disk':
        return world.clockwork.enter(choice.disk.owner, () => choice.disk.flush());
      case 'wish':
        return this.#wish();
      case 'late': {
        const [late] = world.orphans.splice(world.random.below(world.orphans.length), 1);
        if (late) await world.execute('late', [late]);
        return;
      }
      case 'time':
        return this.#time();
    }
  }

  async #execute(link: Link): Promise<void> {
    const world = this.#world;
    const { random } = world;
    const count = random.chance(ALL_AT_ONCE) ? link.sent.length : 1 + random.below(link.sent.length);
    const operations = link.sent.splice(0, count);
    await world.execute(`${link.owner.name} ${link.name}`, operations);
    link.replies.push(...operations);
    if (random.chance(ALL_AT_ONCE) && !link.owner.paused) await world.reply(link);
  }

  async #hear(process: Process): Promise<void> {
    const published = process.inbox.shift();
    if (published) await this.#world.clockwork.enter(process, () => process.hear(published));
  }

  async #wish(): Promise<void> {
    const { random, crew, processes, clockwork } = this.#world;
    const [wish] = crew.wishes.splice(random.below(crew.wishes.length), 1);
    const process = random.pick(processes.filter(({ alive, paused, asks }) => alive && !paused && asks));
    if (wish) await clockwork.enter(process, () => void wish.act(process));
  }

  /** The next timer fires, sleeper wakes, or thing to come comes. */
  async #time(): Promise<void> {
    const { clockwork, crew, agenda, trace } = this.#world;
    const timer = clockwork.next();
    const at = Math.min(
      timer?.due ?? Number.POSITIVE_INFINITY,
      crew.wakesAt,
      agenda[0]?.due ?? Number.POSITIVE_INFINITY,
    );
    if (at === Number.POSITIVE_INFINITY) return;
    clockwork.now = Math.max(clockwork.now, at);
    if (agenda[0]?.due === at) await agenda.shift()?.act();
    else if (crew.wakesAt === at) await crew.wake();
    else if (timer) {
      trace.note(`${timer.owner.name} timer`);
      await clockwork.fire(timer);
    }
  }
}
