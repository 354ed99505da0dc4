/** Moves hash slots of a running hub from one master to another; the partition that lies there is paused meanwhile. */
import { randomBytes } from 'node:crypto';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { loadFunctions } from '#engine/redis/connect.ts';
import { keysOf, slotOf } from '#engine/redis/keys.ts';
import { functionName } from '#engine/redis/library.ts';
import { NotDone } from '#ops/life.ts';
import { type ClusterNode, ClusterNodes } from './nodes.ts';

export interface MoveOptions {
  /** time of a lease of the engines, ms: what the mover holds must not seem older or younger than theirs */
  leaseMs?: number;
  /** replicas of the target that must have the keys before the source lets go of them */
  replicas?: number;
  /** told after each part of a partition's keys: how many have moved */
  onKeys?: (partition: number, keys: number) => void;
}

export interface Moved {
  partition: number;
  keys: number;
  /** during which requests for the partition got 503, ms; its next owner takes it after that */
  pausedMs: number;
}

const LEASE_MS = 10_000;
const NONCE_BYTES = 6;
/** Both servers stand still while a part is copied, for about as long, ms: others wait no longer than for a large turn. */
const PART_MS = 50;
/** Keys of a part: the first has the least, and each is as large as the one before was quick. */
const LEAST_KEYS = 16;
const MOST_KEYS = 1_024;
const COPY_MS = 4_000;
const REPLICAS_MS = 4_000;
/** A lease is renewed as often in its time. */
const RENEWALS = 4;

/** The partition whose keys lie in a slot: there is one at most. */
export const PARTITION_OF_SLOT: ReadonlyMap<number, number> = new Map(
  Array.from({ length: ALL_PARTITIONS }, (_, partition) => [
    slotOf(/\{(.*)\}/.exec(keysOf(partition).in)?.[1] ?? ''),
    partition,
  ]),
);

/**
 * Moves each slot in turn. A move that was cut short goes on when it is asked for again.
 * @param url as HUB_REDIS_URL names the cluster
 * @param to host:port of the master they go to
 * @returns the partitions moved
 */
export async function moveSlots(
  url: string,
  slots: readonly number[],
  to: string,
  options: MoveOptions = {},
): Promise<Moved[]> {
  const nodes = await ClusterNodes.open(url);
  const moved: Moved[] = [];
  try {
    const target = nodes.masters.find(({ at }) => at === to);
    if (target === undefined)
      throw new NotDone(`no master at ${to}: there is ${nodes.masters.map(({ at }) => at).join(' ')}`);
    for (const { client } of nodes.masters) await loadFunctions(client);
    for (const slot of slots) {
      const source = nodes.owner(slot);
      if (source === undefined) throw new NotDone(`nobody serves slot ${slot}`);
      if (source === target) continue;
      const move = new Move(nodes, slot, source, target, options);
      const partition = PARTITION_OF_SLOT.get(slot);
      if (partition === undefined) await move.plain();
      else moved.push(await move.held(partition));
      nodes.moved(slot, target);
    }
    return moved;
  } finally {
    await nodes.close();
  }
}

/** One slot on its way. */
class Move {
  readonly #nodes: ClusterNodes;
  readonly #slot: number;
  readonly #source: ClusterNode;
  readonly #target: ClusterNode;
  readonly #options: MoveOptions;
  readonly #owner = `mover#${randomBytes(NONCE_BYTES).toString('hex')}`;
  #token = '';
  #heldAt = 0;
  #count = LEAST_KEYS;

  constructor(nodes: ClusterNodes, slot: number, source: ClusterNode, target: ClusterNode, options: MoveOptions) {
    this.#nodes = nodes;
    this.#slot = slot;
    this.#source = source;
    this.#target = target;
    this.#options = options;
  }

  /** A slot without a partition: what lies there is made anew when it is missed. */
  async plain(): Promise<void> {
    await this.#open();
    for (let keys = await this.#some(); keys.length > 0; keys = await this.#some()) await this.#copy(keys, false);
    await this.#close();
  }

  /**
   * The lease goes first: from then on every function that names it is refused on both sides, for some of its keys are
   * missing on each, and nothing changes until all have moved. Keys leave the source once the target's replicas have them.
   */
  async held(partition: number): Promise<Moved> {
    const { lease, free } = keysOf(partition);
    const from = performance.now();
    const source = this.#source.client;
    const resumed = (await source.exists(lease).catch(() => 0)) === 0;
    if (!resumed) await this.#hold(lease, false);
    await this.#open();
    if (resumed) await this.#hold(lease, true);
    else await this.#moveLease(lease);
    let count = 1;
    for (let keys = await this.#some(); keys.length > 0; keys = await this.#some()) {
      await this.#copy(keys, true);
      await this.#keep(lease);
      await source.unlink(...keys);
      count += keys.length;
      this.#options.onKeys?.(partition, count);
    }
    await this.#close();
    await this.#nodes.agree(this.#slot, this.#target.id);
    const held = await this.#target.client.fcall(functionName('drop'), 2, lease, free, this.#token);
    if (held !== 1) throw new NotDone(`partition ${partition} was taken while its slot was moved`);
    return { partition, keys: count, pausedMs: performance.now() - from };
  }

  async #open(): Promise<void> {
    const slot = String(this.#slot);
    await this.#target.client.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', this.#source.id);
    await this.#source.client.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', this.#target.id);
  }

  /** The target first: it takes a new epoch, by which its word counts. */
  async #close(): Promise<void> {
    const others = this.#nodes.masters.filter((node) => node !== this.#target && node !== this.#source);
    for (const { client } of [this.#target, this.#source, ...others])
      await client.call('CLUSTER', 'SETSLOT', String(this.#slot), 'NODE', this.#target.id);
  }

  async #some(): Promise<string[]> {
    const found = await this.#source.client.call('CLUSTER', 'GETKEYSINSLOT', String(this.#slot), String(this.#count));
    return found as string[];
  }

  async #copy(keys: readonly string[], stays: boolean): Promise<void> {
    const { host, port, client } = this.#target;
    const { username, password } = client.options as { username?: string; password?: string };
    const login = password ? ['AUTH2', username || 'default', password] : [];
    const how = [...(stays ? ['COPY'] : []), 'REPLACE', ...login, 'KEYS', ...keys];
    const from = performance.now();
    await this.#source.client.call('MIGRATE', host, String(port), '', '0', String(COPY_MS), ...how);
    const quick = performance.now() - from < PART_MS;
    this.#count = Math.min(Math.max(quick ? this.#count * 2 : this.#count / 2, LEAST_KEYS), MOST_KEYS);
  }

  async #hold(lease: string, atTarget: boolean): Promise<void> {
    const { client } = atTarget ? this.#target : this.#source;
    const nonce = randomBytes(NONCE_BYTES).toString('hex');
    const args = [this.#owner, nonce, this.#options.leaseMs ?? LEASE_MS, this.#token];
    const [, reply] = await Promise.all([
      atTarget ? client.call('ASKING') : undefined,
      client.fcall(functionName('hold'), 1, lease, ...args),
    ]);
    this.#token = (reply as [string, string])[0];
    this.#heldAt = performance.now();
  }

  /** The lease is renewed in time; it is a write on this connection, too, behind which WAIT counts what was copied. */
  async #keep(lease: string): Promise<void> {
    const due = performance.now() - this.#heldAt > (this.#options.leaseMs ?? LEASE_MS) / RENEWALS;
    if (due || (this.#options.replicas ?? 0) > 0) await this.#hold(lease, true);
    await this.#kept();
  }

  /** What the target wrote until now is kept by its replicas, too. */
  async #kept(): Promise<void> {
    const wanted = this.#options.replicas ?? 0;
    if (wanted === 0) return;
    const reached = await this.#target.client.wait(wanted, REPLICAS_MS);
    if (reached < wanted) throw new NotDone(`${reached} of ${wanted} replicas of ${this.#target.at} have the keys`);
  }

  async #moveLease(lease: string): Promise<void> {
    const [source, target] = [this.#source.client, this.#target.client];
    const put = async (dump: Buffer): Promise<void> => {
      await Promise.all([target.call('ASKING'), target.restore(lease, 0, dump, 'REPLACE')]);
      await this.#kept();
    };
    const copied = (await source.dumpBuffer(lease)) as Buffer;
    await put(copied);
    const [left] = (await source.multi().dumpBuffer(lease).unlink(lease).exec()) ?? [];
    const dump = left?.[1];
    // A commit done again by its journal needs no token: it may have come between.
    if (dump instanceof Buffer && !dump.equals(copied)) await put(dump);
  }
}
