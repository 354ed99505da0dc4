import assert from 'node:assert/strict';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { keysOf } from '#engine/redis/keys.ts';
import type { Process } from './process.ts';
import type { Scheduler } from './scheduler.ts';
import type { Storm } from './storm.ts';
import type { World } from './world.ts';

const MAX_STEPS = 10_000;
/** Steps between two looks at the server. */
const LOOK_STEPS = 40;
const ADMIN_MS = 3_000;

/**
 * After the storm: every process runs, whatever was given up is replayed by an administrator, and the hub must come to
 * rest by itself.
 */
export class Rest {
  readonly #world: World;
  readonly #scheduler: Scheduler;

  constructor(world: World, scheduler: Scheduler) {
    this.#world = world;
    this.#scheduler = scheduler;
  }

  /** @throws AssertionError when it does not come to rest */
  async come(storm: Storm): Promise<void> {
    storm.over = true;
    const { processes, journal, trace } = this.#world;
    trace.note('the storm is over');
    for (const process of processes) process.paused = false;
    journal.faulty.clear();
    Object.assign(this.#world, { full: false, away: false });
    await this.#staff();
    const end = this.#scheduler.steps + MAX_STEPS;
    let administrator = false;
    for (let left = ''; ; ) {
      assert.ok(this.#scheduler.steps < end, `it does not come to rest: ${left} ${this.#underWay()}`);
      for (let i = 0; i < LOOK_STEPS; i += 1) await this.#scheduler.step();
      left = await this.left();
      if (left === '' && this.#underWay() === '') return;
      if (administrator || !/dead|parked/.test(left)) continue;
      administrator = true;
      this.#administer().finally(() => {
        administrator = false;
      });
    }
  }

  /**
   * After a lossy failover what leads to the partition that went back may wait for ever, its clients too: only the other
   * partitions must come to rest.
   */
  async comeWithout(storm: Storm, partitions: ReadonlySet<number>): Promise<void> {
    storm.over = true;
    const { processes, journal, crew } = this.#world;
    for (const process of processes) process.paused = false;
    journal.faulty.clear();
    Object.assign(this.#world, { full: false, away: false });
    await this.#staff();
    crew.gone = true;
    crew.wishes.length = 0;
    const { wire } = this.#world.server;
    const others = Array.from({ length: ALL_PARTITIONS }, (_, partition) => partition).filter(
      (one) => !partitions.has(one),
    );
    for (const end = this.#scheduler.steps + MAX_STEPS; ; ) {
      for (let i = 0; i < LOOK_STEPS; i += 1) await this.#scheduler.step();
      const found = await wire.all(others.map((partition) => ['XLEN', keysOf(partition).in]));
      if (found.every((length) => length === 0) && this.#world.orphans.length === 0) return;
      assert.ok(this.#scheduler.steps < end, `partitions that lost nothing do not come to rest: ${found}`);
    }
  }

  /** Somebody must be there to do it. */
  async #staff(): Promise<void> {
    const alive = this.#world.processes.filter((process) => process.alive && !process.leaving);
    if (!alive.some(({ role }) => role !== 'api') || !alive.some(({ role }) => role !== 'engine'))
      await this.#world.spawn('all');
  }

  #underWay(): string {
    const { crew, orphans, agenda, processes } = this.#world;
    if (crew.busy > 0) return `${crew.busy} clients`;
    if (orphans.length > 0) return `${orphans.length} late commands`;
    if (agenda.length > 0) return `${agenda.length} things to come`;
    return processes.some(({ alive, leaving }) => alive && leaving) ? 'a process that ends' : '';
  }

  /** What is not at rest; '' nothing. */
  async left(): Promise<string> {
    const { wire } = this.#world.server;
    const commands = Array.from({ length: ALL_PARTITIONS }, (_, partition) => keysOf(partition)).flatMap((keys) => [
      ['XLEN', keys.in],
      ['XLEN', keys.out],
      ['XLEN', keys.jobs],
      ['XLEN', keys.dead],
      ['HLEN', keys.parked],
    ]);
    const found = await wire.all(commands);
    const busy = commands.flatMap(([command, key], index) =>
      found[index] ? [`${command} ${key} ${found[index]}`] : [],
    );
    return busy.join(', ');
  }

  async #administer(): Promise<void> {
    const { crew } = this.#world;
    const act = (what: (process: Process) => Promise<unknown>): Promise<void> =>
      crew.wish(what).then(
        () => undefined,
        () => undefined,
      );
    await act(async (process) => {
      for (const letter of (await process.dead?.list({ limit: 50 })) ?? []) await process.dead?.replay(letter.id);
    });
    await act(async (process) => {
      for (const one of (await process.dead?.parked({ limit: 50 })) ?? [])
        if (one.letter === null) await process.dead?.unpark(one.id);
    });
    await crew.sleep(ADMIN_MS);
  }
}
