import { Gauge, Histogram, type Registry } from 'prom-client';
import type { Health } from '../redis/health.ts';
import { roomOf } from './room.ts';

const MS_PER_S = 1_000;
const gauges = new WeakMap<Registry, ServerGauges>();

/** Figures of the hub's Redis masters, by their place in the order of slots. */
export class ServerGauges {
  readonly calls: Histogram;
  readonly unowned: Gauge;
  readonly #up: Gauge<'node'>;
  readonly #figures: readonly [Gauge<'node'>, (health: Health) => number][];
  readonly #expected: Gauge<'node'>;
  readonly #skew: Gauge;
  readonly #free: Gauge<'folder'>;
  readonly #size: Gauge<'folder'>;

  /** Those of a registry: parts of one thread share them. */
  static of(registry: Registry): ServerGauges {
    const known = gauges.get(registry) ?? new ServerGauges(registry);
    gauges.set(registry, known);
    return known;
  }

  /** `of` makes one. */
  private constructor(registry: Registry) {
    const registers = [registry];
    const labelNames = ['node'] as const;
    const gauge = (name: string, help: string): Gauge<'node'> => new Gauge({ name, help, labelNames, registers });
    this.calls = new Histogram({
      name: 'redis_call_seconds',
      help: 'Time from the sending of a batch of function calls to its answer, its write to disk included',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    });
    this.unowned = new Gauge({
      name: 'engine_partitions_unowned',
      help: 'Partitions of the hub that no process holds: of the whole hub, the same from each process',
      aggregator: 'max',
      registers,
    });
    this.#up = gauge('redis_up', '1 where the master of these slots answers this process');
    this.#figures = [
      [gauge('redis_memory_used_bytes', 'Memory Redis has taken'), ({ usedMemory }) => usedMemory],
      [gauge('redis_memory_max_bytes', 'Memory it may take; 0: no limit'), ({ maxMemory }) => maxMemory],
      [gauge('redis_connected_replicas', 'Replicas connected to the master'), ({ replicas }) => replicas],
      [gauge('redis_replica_lag_bytes', 'What the replica furthest behind lacks'), ({ replicaLag }) => replicaLag],
      [gauge('redis_aof_write_ok', '1: the last write of the append-only file succeeded'), (h) => Number(h.aofWrite)],
      [
        gauge('redis_aof_rewrite_ok', '1: its last rewriting succeeded, or none was needed'),
        (h) => Number(h.aofRewrite),
      ],
      [gauge('redis_loading', '1 while the server reads its file and answers nobody'), (h) => Number(h.loading)],
    ];
    this.#expected = gauge('redis_expected_replicas', 'Replicas HUB_REPLICAS asks for; 0: none is promised');
    this.#skew = new Gauge({
      name: 'relais_clock_skew_seconds',
      help: 'Clock of this process less that of the Redis master it differs from most',
      registers,
    });
    [this.#free, this.#size] = diskGauges(registry);
  }

  /** @param expected replicas of each master */
  async found(nodes: readonly (Health | undefined)[], expected: number): Promise<void> {
    for (const [index, health] of nodes.entries()) {
      const node = String(index);
      this.#up.set({ node }, health && !health.loading ? 1 : 0);
      this.#expected.set({ node }, expected);
      if (health !== undefined) for (const [gauge, read] of this.#figures) gauge.set({ node }, read(health));
    }
    const heard = nodes.filter((health) => health !== undefined);
    const skews = heard.map(({ skew }) => skew).sort((a, b) => Math.abs(b) - Math.abs(a));
    if (skews[0] !== undefined) this.#skew.set(skews[0] / MS_PER_S);
    await this.#disk(heard.map(({ folder }) => folder).filter((folder) => folder !== ''));
  }

  /** Of several on this machine the one with the least room counts. */
  async #disk(folders: readonly string[]): Promise<void> {
    // A server of another machine has its folder there.
    const found = await Promise.all(folders.map((folder) => roomOf(folder).catch(() => undefined)));
    const least = found.filter((one) => one !== undefined).sort((a, b) => a.free - b.free)[0];
    if (least === undefined) return;
    this.#free.set({ folder: 'redis' }, least.free);
    this.#size.set({ folder: 'redis' }, least.size);
  }
}

const disks = new WeakMap<Registry, [free: Gauge<'folder'>, size: Gauge<'folder'>]>();

/** Room on the disks of the hub's folders, shared by whoever knows one. */
export function diskGauges(registry: Registry): [free: Gauge<'folder'>, size: Gauge<'folder'>] {
  const known = disks.get(registry);
  if (known !== undefined) return known;
  const gauge = (name: string, help: string): Gauge<'folder'> =>
    new Gauge({ name, help, labelNames: ['folder'] as const, registers: [registry] });
  const made: [Gauge<'folder'>, Gauge<'folder'>] = [
    gauge('relais_disk_free_bytes', 'Room left to this user on the disk of a folder of this machine'),
    gauge('relais_disk_size_bytes', 'Size of that disk'),
  ];
  disks.set(registry, made);
  return made;
}
