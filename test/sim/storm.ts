import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { Administrator } from './administrator.ts';
import { ADMIN, PROCESSES, RECIPIENTS } from './cast.ts';
import { ALL } from './failover.ts';
import { Lines } from './lines.ts';
import { Losses } from './losses.ts';
import type { Process, Role } from './process.ts';
import { Random } from './random.ts';
import { type Fault, Weather } from './weather.ts';
import type { World } from './world.ts';

const S = 1_000;
const DAY = 86_400 * S;
const LEASE_MS = 10_000;
const MOST_PROCESSES = 4;
/** Steps in which a replica catches up. */
const SAVES = 0.01;
/** Of these, replicas of all partitions at once. */
const SAVES_ALL = 0.5;
/** Of migrations, how many come with their opposite. */
const OPPOSITE = 0.3;
/** The first stream of chance of faults: each has its own. */
const STREAM = 100;
/** Kinds of processes that start: both in one is the usual installation. */
const ROLES: readonly Role[] = ['all', 'all', 'api', 'engine'];

/** The faults: each does one bad thing to the world, and says so in the trace. */
export class Storm {
  readonly #world: World;
  readonly #weather: Weather;
  readonly #lines: Lines;
  readonly #losses: Losses;
  /** faults so far, by their number; those to leave out when a history is made smaller */
  readonly done: string[] = [];
  readonly #without: ReadonlySet<number>;
  readonly #seed: number;
  readonly #gusts: Random;
  /** of the fault under way */
  #random: Random;
  #number = 0;
  over = false;

  constructor(world: World, seed: number, options: { without?: readonly number[]; only?: readonly Fault[] }) {
    this.#world = world;
    this.#lines = new Lines(world);
    this.#losses = new Losses(world, this.#lines);
    this.#seed = seed;
    this.#gusts = new Random(seed, STREAM);
    this.#random = this.#gusts;
    this.#weather = new Weather(this.#gusts, options);
    this.#without = new Set(options.without);
  }

  /** Perhaps a fault. */
  async blow(): Promise<void> {
    if (this.over) return;
    const { rollback, stale } = this.#weather.rates;
    if (rollback + stale > 0 && this.#gusts.chance(SAVES)) {
      const all = stale > 0 && this.#gusts.chance(SAVES_ALL);
      await this.#world.failover.save(all ? ALL : [this.#gusts.below(ALL_PARTITIONS)]);
    }
    const fault = this.#weather.draw(this.#gusts);
    if (fault === undefined) return;
    this.#number += 1;
    if (this.#without.has(this.#number)) return;
    this.#random = new Random(this.#seed, STREAM + this.#number);
    const what = await this.#do(fault);
    if (what === undefined) return;
    this.done.push(`${this.#number} ${fault} ${what}`);
    this.#world.trace.note(`FAULT ${this.#number} ${fault} ${what}`);
    this.#world.count(`fault ${fault}`);
  }

  /** @returns what it did, or undefined when there was nothing to do it to */
  #do(fault: Fault): Promise<string | undefined> | string | undefined {
    switch (fault) {
      case 'lose':
        return this.#lines.lose(this.#random);
      case 'drop':
        return this.#lines.drop(this.#random);
      case 'late':
        return this.#lines.late(this.#random);
      case 'cut':
        return this.#lines.cut(this.#random);
      case 'unheard':
        return this.#lines.unheard(this.#random);
      case 'crash':
        return this.#crash();
      case 'pause':
        return this.#pause();
      case 'leave':
        return this.#leave();
      case 'join':
        return this.#join();
      case 'full':
        return this.#full();
      case 'away':
        return this.#away();
      case 'forget':
        return this.#forget();
      case 'clock':
        return this.#clock();
      case 'leap':
        return this.#leap();
      case 'faulty':
        return this.#faulty();
      case 'park':
        return this.#park();
      case 'replay':
        return this.#replay();
      case 'migrate':
        return this.#migrate();
      case 'rollback':
        return this.#losses.rollBack([this.#random.below(ALL_PARTITIONS)], this.#random);
      case 'stale':
        return this.#losses.rollBack(ALL, this.#random);
      case 'nospace':
        return this.#noSpace();
      case 'flip':
        return this.#losses.flip(this.#random);
    }
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list.length === 0 ? undefined : this.#random.pick(list);
  }

  get #alive(): Process[] {
    return this.#world.processes.filter(({ alive }) => alive);
  }

  /** Those that another can follow: a seed has only so many channels of answers. */
  get #spare(): Process[] {
    return this.#world.apisLeft > MOST_PROCESSES ? this.#alive : [];
  }

  #crash(): string | undefined {
    const process = this.#pick(this.#spare);
    if (!process) return undefined;
    this.#world.end(process);
    const faults = this.#random;
    const [same, delay] = [faults.chance(0.7), faults.below(2 * LEASE_MS)];
    this.#later(delay, () => this.#world.spawn(process.role, same ? process.member : undefined));
    return `${process.name}, again in ${delay} ms${same ? '' : ' under another name'}`;
  }

  #pause(): string | undefined {
    const process = this.#pick(this.#alive.filter(({ paused }) => !paused));
    if (!process) return undefined;
    process.paused = true;
    const time = this.#random.below(3 * LEASE_MS);
    this.#later(time, () => {
      process.paused = false;
    });
    return `${process.name} ${time} ms`;
  }

  async #leave(): Promise<string | undefined> {
    const process = this.#pick(this.#spare.filter(({ leaving, paused }) => !leaving && !paused));
    if (!process) return undefined;
    await this.#world.stop(process);
    const delay = this.#random.below(LEASE_MS);
    this.#later(delay, () => this.#world.spawn(process.role));
    return process.name;
  }

  async #join(): Promise<string | undefined> {
    if (this.#alive.length >= MOST_PROCESSES || this.#world.apisLeft <= MOST_PROCESSES) return undefined;
    const process = await this.#world.spawn(this.#random.pick(ROLES));
    return process.name;
  }

  /** Redis is over its memory limit for a while. */
  #full(): string | undefined {
    const world = this.#world;
    if (world.full) return undefined;
    world.full = true;
    const time = this.#random.below(5 * S);
    this.#later(time, () => {
      world.full = false;
    });
    return `${time} ms`;
  }

  /** Redis cannot be reached for a while: every connection breaks, as one does. */
  #away(): string | undefined {
    const world = this.#world;
    if (world.away) return undefined;
    for (const link of this.#alive.flatMap(({ links }) => links)) this.#lines.break(link, this.#random);
    for (const process of this.#alive) process.inbox = [];
    world.away = true;
    const time = this.#random.below(2 * LEASE_MS);
    this.#later(time, () => {
      world.away = false;
    });
    return `${time} ms`;
  }

  /** Redis does not know the functions any more, as one that has another master. */
  async #forget(): Promise<string> {
    await this.#world.server.wire.call('FUNCTION', 'FLUSH');
    return '';
  }

  /** Redis' clock is set, forward or back. */
  #clock(): string {
    const ms = this.#random.below(4 * LEASE_MS) - 2 * LEASE_MS;
    this.#world.redisSkew += ms;
    return `${ms} ms`;
  }

  /** Nothing of the hub runs for days: timers of the démarches become due. */
  #leap(): string {
    const days = 1 + this.#random.below(5);
    this.#world.clockwork.now += days * DAY;
    return `${days} days`;
  }

  /** Every decision about some actor throws for a while. */
  #faulty(): string | undefined {
    const { journal } = this.#world;
    const faults = this.#random;
    const actor = this.#pick([...this.#world.checker.actors.keys()]);
    if (actor === undefined) return undefined;
    journal.faulty.add(actor);
    this.#later(faults.below(5 * S), () => {
      journal.faulty.delete(actor);
    });
    return actor;
  }

  #park(): string | undefined {
    const found = this.#pick([...this.#world.checker.actors.keys()]);
    if (found === undefined) return undefined;
    const partition = this.#world.checker.actors.get(found);
    this.#wish((process) => process.dead?.park(`${partition}-${found}`));
    this.#later(this.#random.below(5 * S), () =>
      this.#wish((process) => process.dead?.unpark(`${partition}-${found}`)),
    );
    return found;
  }

  #replay(): string {
    const draw = this.#random.share();
    this.#wish(async (process) => {
      const letters = (await process.dead?.list({ limit: 100 })) ?? [];
      const letter = letters[Math.floor(draw * letters.length)];
      if (letter) await new Administrator(this.#world).settle(process, letter);
    });
    return '';
  }

  #migrate(): string | undefined {
    const faults = this.#random;
    const [source, target] = [faults.pick(RECIPIENTS), faults.pick(RECIPIENTS)];
    if (source === target) return undefined;
    const process = faults.chance(0.5) ? null : faults.pick(PROCESSES);
    const way = { kind: 'mailbox.migrate', process, caller: ADMIN, moved: 0 } as const;
    this.#world.migrate({ ...way, source, target });
    const back = faults.chance(OPPOSITE);
    if (back) this.#world.migrate({ ...way, source: target, target: source });
    return `${source} ${back ? '↔' : '→'} ${target}`;
  }

  /** The disk of a journal takes nothing more for a while. */
  #noSpace(): string | undefined {
    const disk = this.#pick(this.#world.disks.filter(({ full }) => !full));
    if (disk === undefined) return undefined;
    disk.full = true;
    const time = this.#random.below(5 * S);
    this.#later(time, () => {
      disk.full = false;
    });
    return `${time} ms`;
  }

  #later(ms: number, act: () => unknown): void {
    const { agenda, clockwork } = this.#world;
    agenda.push({ due: clockwork.now + ms, act: async () => void (await act()) });
    agenda.sort((a, b) => a.due - b.due);
  }

  /** What an administrator asks: no answer is no harm. */
  #wish(act: (process: Process) => Promise<unknown> | undefined): void {
    this.#world.crew.wish(async (process) => act(process)).catch(() => undefined);
  }
}
