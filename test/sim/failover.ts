import { keysOf } from '#engine/redis/keys.ts';
import type { Decided } from './journal.ts';
import type { Place } from './model.ts';
import type { World } from './world.ts';

const SAVED = 'saved:';

interface Saved {
  place: Place;
  /** decisions committed by then */
  commits: number;
}

/**
 * A lossy failover: the keys of one partition go back to what they were at an earlier moment, as when a replica that
 * lagged behind becomes the master. What every other partition did meanwhile stays.
 */
export class Failover {
  readonly #world: World;
  readonly #saved = new Map<number, Saved>();
  /** partitions that went back at least once */
  readonly partitions = new Set<number>();
  /** decisions that had been committed, and answered perhaps, and are gone */
  readonly lost: Decided[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** The replica has come so far. */
  async save(partition: number): Promise<void> {
    const { wire } = this.#world.server;
    const { in: stream } = keysOf(partition);
    const tag = stream.slice(0, stream.indexOf('}') + 1);
    const old = (await wire.call('KEYS', `${SAVED}${tag}*`)) as string[];
    const keys = (await wire.call('KEYS', `${tag}*`)) as string[];
    await wire.all([...old.map((key) => ['UNLINK', key]), ...keys.map((key) => ['COPY', key, SAVED + key])]);
    const { model } = this.#world.checker;
    this.#saved.set(partition, { place: model.place(partition).copy(), commits: model.log.length });
  }

  /** @returns how many decisions were lost; undefined when nothing was saved */
  async back(partition: number): Promise<number | undefined> {
    const saved = this.#saved.get(partition);
    if (saved === undefined) return undefined;
    const { wire } = this.#world.server;
    const { in: stream } = keysOf(partition);
    const tag = stream.slice(0, stream.indexOf('}') + 1);
    const keys = (await wire.call('KEYS', `${tag}*`)) as string[];
    const copies = (await wire.call('KEYS', `${SAVED}${tag}*`)) as string[];
    await wire.all([
      ...keys.map((key) => ['UNLINK', key]),
      ...copies.map((key) => ['COPY', key, key.slice(SAVED.length)]),
    ]);
    const { model } = this.#world.checker;
    const gone = model.log.slice(saved.commits).filter((decided) => decided.partition === partition);
    this.lost.push(...gone);
    this.partitions.add(partition);
    model.restore(partition, saved.place.copy());
    model.way.loosen(partition);
    return gone.length;
  }
}
