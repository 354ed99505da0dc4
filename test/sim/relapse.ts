import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { ALL } from './failover.ts';
import type { Losses } from './losses.ts';
import type { Process } from './process.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

const LEASE_MS = 10_000;
/** Steps until it is given up. */
const PATIENCE_STEPS = 1_200;
/** Looks between two states saved. */
const SAVE_LOOKS = 100;
const MOST_PROCESSES = 3;

const placeOf = (text: unknown): [epoch: number, sequence: number] => {
  const [epoch = 0, sequence = 0] = String(text ?? '')
    .split(':')
    .map(Number);
  return [epoch, sequence];
};

const asleep = (world: World, process: Process, ms: number): void => {
  process.paused = true;
  world.agenda.push({
    due: world.clockwork.now + ms,
    act: () => {
      process.paused = false;
    },
  });
  world.agenda.sort((a, b) => a.due - b.due);
};

const ownerOf = async (world: World, partition: number): Promise<Process | undefined> => {
  const owner = String((await world.server.wire.call('HGET', keysOf(partition).lease, 'owner')) ?? '');
  const member = owner.slice(0, owner.lastIndexOf('#'));
  return world.processes.find((one) => one.alive && !one.leaving && !one.paused && one.node && one.member === member);
};

const enginesOf = ({ processes }: World): Process[] =>
  processes.filter((one) => one.alive && !one.leaving && !one.paused && one.node);

/** Faults in an order that chance alone hardly finds. Each is at one of its steps, and looks whether the next can be done. */
abstract class Staged {
  protected readonly world: World;
  protected readonly losses: Losses;
  /** steps between two looks */
  protected abstract readonly lookSteps: number;
  /** what comes next; undefined: it has not begun, or is over */
  #next: ((random: Random) => Promise<string | undefined>) | undefined;
  #steps = 0;

  constructor(world: World, losses: Losses) {
    this.world = world;
    this.losses = losses;
  }

  /** @returns what it did */
  async step(random: Random): Promise<string | undefined> {
    this.#steps += 1;
    if (this.#steps % this.lookSteps > 0) return undefined;
    if (this.#next === undefined || this.#steps > PATIENCE_STEPS) {
      this.#steps = 0;
      this.#next = await this.begin(random);
      return undefined;
    }
    const what = await this.#next(random);
    if (what !== undefined) this.#steps = 0;
    return what;
  }

  protected goOn(next: ((random: Random) => Promise<string | undefined>) | undefined): void {
    this.#next = next;
  }

  protected abstract begin(random: Random): Promise<((random: Random) => Promise<string | undefined>) | undefined>;
}

/**
 * A source goes back while its owner sleeps, and another goes on in its place, with the sequences of what was lost under a
 * later epoch; then a destination goes back to where it had heard of the lost ones only, and its owner sleeps too.
 */
export class Relapse extends Staged {
  protected readonly lookSteps = 4;

  protected async begin(random: Random) {
    const source = random.below(ALL_PARTITIONS);
    await this.world.failover.save([source]);
    const before = await this.#heard(source);
    return async (again: Random): Promise<string | undefined> => {
      const now = await this.#heard(source);
      if (now.every(([epoch, sequence], to) => String([epoch, sequence]) === String(before[to]))) return undefined;
      const owner = await ownerOf(this.world, source);
      if (owner === undefined) return undefined;
      if (enginesOf(this.world).length < 2) await this.world.spawn('engine');
      asleep(this.world, owner, LEASE_MS + again.below(LEASE_MS));
      await this.world.failover.save(ALL.filter((partition) => partition !== source));
      const what = await this.losses.rollBack([source], again);
      this.goOn((later) => this.#destination(source, now, later));
      return `of ${owner.name}: ${what}`;
    };
  }

  /** What each partition has heard of one. */
  async #heard(source: number): Promise<[epoch: number, sequence: number][]> {
    const { wire } = this.world.server;
    return ((await wire.all(ALL.map((to) => ['HGET', keysOf(to).seen, String(source)]))) as unknown[]).map(placeOf);
  }

  /** Once one has heard, and its source knows, of less than before and later. */
  async #destination(
    source: number,
    before: readonly (readonly [number, number])[],
    random: Random,
  ): Promise<string | undefined> {
    const now = await this.#heard(source);
    const lane = (await this.world.server.wire.call('HGETALL', keysOf(source).lane)) as string[];
    const written = new Map<string, string>();
    for (let at = 0; at < lane.length; at += 2) written.set(lane[at] as string, lane[at + 1] as string);
    const to = now.findIndex(([epoch, sequence], place) => {
      const [had, upTo] = before[place] as readonly [number, number];
      const known = written.get(`e${place}`) === String(epoch) && Number(written.get(String(place))) === sequence;
      return place !== source && epoch > had && had > 0 && sequence <= upTo && known;
    });
    if (to < 0) return undefined;
    this.goOn(undefined);
    const owner = await ownerOf(this.world, to);
    if (owner && enginesOf(this.world).length > 1) asleep(this.world, owner, LEASE_MS + random.below(LEASE_MS));
    return `of what ${source} sent: ${await this.losses.rollBack([to], random)}`;
  }
}

/**
 * An engine that has just come takes a partition, which goes back at once to what its owner before had had, who sleeps until
 * it is taken again; then the one that has it sleeps, and the owner before does its commits again.
 */
export class Doze extends Staged {
  protected readonly lookSteps = 1;
  /** marks of the states saved */
  #saved: unknown[] = [];
  #before: (Process | undefined)[] = [];
  #looks = 0;

  protected async begin() {
    if (this.world.processes.filter(({ alive }) => alive).length > MOST_PROCESSES) return undefined;
    const come = await this.world.spawn('engine');
    return (random: Random): Promise<string | undefined> => this.#taken(come, random);
  }

  async #taken(come: Process, random: Random): Promise<string | undefined> {
    const { wire } = this.world.server;
    const leases = ALL.map((partition) => ['HMGET', keysOf(partition).lease, 'owner', 'mark', 'turn', 'takes']);
    const found = (await wire.all(leases)) as (string | null)[][];
    this.#looks += 1;
    if (this.#looks % SAVE_LOOKS === 0) {
      await this.world.failover.save(ALL);
      this.#saved = found.map(([, mark]) => mark);
      this.#before = await Promise.all(ALL.map((partition) => ownerOf(this.world, partition)));
    }
    const partition = found.findIndex(([owner, mark, turn, takes], place) => {
      const mine = owner?.startsWith(`${come.member}#`) && takes?.split(',')[0]?.split(':')[1] === turn;
      return mine && this.#saved[place] && this.#saved[place] !== mark && this.#before[place] !== come;
    });
    const before = this.#before[partition];
    if (before === undefined || !before.alive) return undefined;
    asleep(this.world, before, 2 * LEASE_MS);
    const what = await this.losses.rollBack([partition], random);
    this.goOn(() => this.#again(partition, before, come, random));
    return `${come.name} took it: ${what}`;
  }

  async #again(partition: number, before: Process, come: Process, random: Random): Promise<string | undefined> {
    if ((await ownerOf(this.world, partition)) !== come) return undefined;
    this.goOn(undefined);
    this.#saved = [];
    before.paused = false;
    asleep(this.world, come, 1_000 + random.below(LEASE_MS / 2));
    return `${come.name} sleeps over ${partition}`;
  }
}
