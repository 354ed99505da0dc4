import assert from 'node:assert/strict';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { functionName } from '#engine/redis/library.ts';
import { Administrator } from './administrator.ts';
import type { Process } from './process.ts';
import type { Scheduler } from './scheduler.ts';
import type { Storm } from './storm.ts';
import type { World } from './world.ts';

const MAX_STEPS = 6_000;
/** Steps between two looks at the server. */
const LOOK_STEPS = 40;
/** Of what is still owed. */
const SHOWN = 3;
const ADMIN_MS = 3_000;

/**
 * After the storm: every process runs, whatever was given up is replayed by an administrator, and the hub must come to
 * rest by itself.
 */
export class Rest {
  readonly #world: World;
  readonly #scheduler: Scheduler;
  readonly #administrator: Administrator;

  constructor(world: World, scheduler: Scheduler) {
    this.#world = world;
    this.#scheduler = scheduler;
    this.#administrator = new Administrator(world);
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
      await this.#staff();
      left = await this.left();
      const owed = this.#world.checker.owed();
      if (left === '' && this.#underWay() === '' && owed.length === 0) return;
      if (left === '') left = owed.slice(0, SHOWN).join(', ');
      if (administrator || !/dead|parked/.test(left)) continue;
      administrator = true;
      this.#administer().finally(() => {
        administrator = false;
      });
    }
  }

  /** Somebody must be there to do it; journals that nobody uses any more are theirs to look after (decision record 008). */
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
    return busy.length > 0 ? busy.join(', ') : this.#doubted();
  }

  /** What nobody vouches for is read by nobody, and what a flipped bit did to it is not mended yet (seed 1446). */
  async #doubted(): Promise<string> {
    const leases = Array.from({ length: ALL_PARTITIONS }, (_, partition) => keysOf(partition).lease);
    const { wire } = this.#world.server;
    const [reply] = await wire.all([
      ['FCALL_RO', functionName('reads'), leases.length, ...leases, 0, 0, leases.length],
    ]);
    // No function: another server, which no engine has found yet.
    const doubted = Array.isArray(reply) ? (reply[0] as string[]) : leases;
    return doubted.map((lease) => `nobody vouches for ${lease}`).join(', ');
  }

  async #administer(): Promise<void> {
    const { crew } = this.#world;
    const act = (what: (process: Process) => Promise<unknown>): Promise<void> =>
      crew.wish(what).then(
        () => undefined,
        () => undefined,
      );
    await act(async (process) => {
      for (const letter of (await process.dead?.list({ limit: 50 })) ?? [])
        await this.#administrator.settle(process, letter);
    });
    await act(async (process) => {
      for (const one of (await process.dead?.parked({ limit: 50 })) ?? [])
        if (one.letter === null) await process.dead?.unpark(one.id);
    });
    await crew.sleep(ADMIN_MS);
  }
}
