import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { sequenceOf } from '#engine/domain/records/codec.ts';
import { Expected } from '#engine/journal/expected.ts';
import { keysOf } from '#engine/redis/keys.ts';
import type { Disk } from './disk.ts';
import type { Saved } from './model.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

const SAVED = 'saved:';

const tagOf = (partition: number): string => {
  const { in: stream } = keysOf(partition);
  return stream.slice(0, stream.indexOf('}') + 1);
};

export const ALL: readonly number[] = Array.from({ length: ALL_PARTITIONS }, (_, partition) => partition);

/**
 * A lossy failover: the keys of some partitions go back to what they were at an earlier moment, as when a replica that
 * lagged behind becomes the master. What other partitions did meanwhile stays.
 */
export class Failover {
  readonly #world: World;
  readonly #saved = new Map<number, Saved>();
  /** the moment all partitions were saved at, if none was since */
  #together = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** The replica has come so far. */
  async save(partitions: readonly number[]): Promise<void> {
    const { wire } = this.#world.server;
    for (const partition of partitions) {
      const tag = tagOf(partition);
      const old = (await wire.call('KEYS', `${SAVED}${tag}*`)) as string[];
      const keys = (await wire.call('KEYS', `${tag}*`)) as string[];
      await wire.all([...old.map((key) => ['UNLINK', key]), ...keys.map((key) => ['COPY', key, SAVED + key])]);
      this.#saved.set(partition, this.#world.checker.model.save(partition));
    }
    this.#together = partitions.length === ALL.length;
  }

  /** Whether `back` can take them there: all together only to one moment. */
  can(partitions: readonly number[]): boolean {
    return partitions.length === 1 ? this.#saved.has(partitions[0] as number) : this.#together;
  }

  /**
   * The last write of some element went under another name: what was there before is there again, or nothing is. Only of
   * what the journals hold: what is older than a gap in them nobody can know.
   * @returns undefined when there is nothing to do it to
   */
  async misname(partition: number, disk: Disk | undefined, random: Random): Promise<string | undefined> {
    const { wire } = this.#world.server;
    const mark = (await wire.call('HGET', keysOf(partition).lease, 'mark')) as string | null;
    const expected = new Expected(partition);
    await disk?.walk(new Map([[partition, mark ?? '']]), (record) => expected.add(record));
    const written = [...expected.keys].flatMap(([key, { kind, elements }]) =>
      [...elements].filter(([, value]) => value !== '').map(([element]) => ({ kind, key, element })),
    );
    if (written.length === 0) return undefined;
    const { kind, key, element } = random.pick(written);
    if (kind === 's' && (await wire.call('EXISTS', SAVED + key)) === 1)
      await wire.call('COPY', SAVED + key, key, 'REPLACE');
    else if (kind === 's') await wire.call('DEL', key);
    else if (kind === 'x') await wire.call('XDEL', key, `${element}-0`);
    else if (kind === 'l') {
      const entries = (await wire.call('LRANGE', key, 0, -1)) as string[];
      await wire.call('LREM', key, 1, entries.find((entry) => sequenceOf(entry) === Number(element)) ?? '');
    } else await wire.call(kind === 'z' ? 'ZREM' : 'HDEL', key, element);
    return `${key} ${element}`;
  }

  /** @returns how many decisions were lost */
  async back(partitions: readonly number[]): Promise<number> {
    const { wire } = this.#world.server;
    let gone = 0;
    for (const partition of partitions) {
      const saved = this.#saved.get(partition) as Saved;
      const tag = tagOf(partition);
      const keys = (await wire.call('KEYS', `${tag}*`)) as string[];
      const copies = (await wire.call('KEYS', `${SAVED}${tag}*`)) as string[];
      await wire.all([
        ...keys.map((key) => ['UNLINK', key]),
        ...copies.map((key) => ['COPY', key, key.slice(SAVED.length)]),
      ]);
      gone += this.#world.checker.wentBack(partition, saved);
    }
    return gone;
  }
}
