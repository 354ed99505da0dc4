import { ALL_PARTITIONS } from '../domain/placement.ts';
import { masters } from '../redis/connect.ts';
import { keysOf } from '../redis/keys.ts';
import { unowned } from '../redis/leases.ts';
import type { Reads } from '../redis/reads.ts';
import { ASKS_IN_FLIGHT, type Asks } from './ask.ts';

/** Readiness is asked by load balancers several times a second: the answer is kept this long, ms. */
const KEEP_MS = 500;
/**
 * A partition that changes hands has no engine for a moment, and its requests wait for the next one. Said at once, it would
 * take every process of the hub from its load balancer while one of them is restarted. ms, well below what a request waits.
 */
const CHANGING_MS = 5_000;

/** Says why a request would not succeed now: Redis away, partitions nobody owns, no room. */
export class Readiness {
  readonly #reads: Reads;
  readonly #asks: Asks;
  readonly #backlogLimit: number;
  readonly #listening: () => boolean;
  #last: Promise<string[]> | undefined;
  #at = 0;
  #leaving = false;
  /** since when some partition has no engine, ms of this process's clock; never: until all have one for the first time */
  #orphaned: number | undefined = Number.NEGATIVE_INFINITY;

  /**
   * @param listening whether answers can come
   * @param backlogLimit entries of one mailbox beyond which a request is refused
   */
  constructor(reads: Reads, asks: Asks, listening: () => boolean, backlogLimit: number) {
    this.#backlogLimit = backlogLimit;
    this.#reads = reads;
    this.#listening = listening;
    this.#asks = asks;
  }

  /** From now on: whoever spreads requests over processes sends them elsewhere. */
  leave(): void {
    this.#leaving = true;
  }

  async reasons(): Promise<string[]> {
    if (this.#leaving) return ['the process is told to stop'];
    const now = performance.now();
    if (this.#last === undefined || now - this.#at > KEEP_MS) {
      this.#at = now;
      this.#last = this.#look();
    }
    return this.#last;
  }

  async #look(): Promise<string[]> {
    const reasons: string[] = [];
    if (this.#asks.inFlight >= ASKS_IN_FLIGHT) reasons.push('too many requests wait for their answers');
    if (!this.#listening()) reasons.push('the channel of answers is cut');
    try {
      const orphans = await unowned(this.#reads.client);
      const compared = await Promise.allSettled(
        Array.from({ length: ALL_PARTITIONS }, (_, partition) => this.#reads.vouched(partition)),
      );
      const waiting = compared.filter(({ status }) => status === 'rejected').length;
      if (waiting > 0)
        reasons.push(`${waiting} of ${ALL_PARTITIONS} partitions are not compared with the journals yet`);
      this.#orphaned = orphans === 0 ? undefined : (this.#orphaned ?? performance.now());
      if (this.#orphaned !== undefined && performance.now() - this.#orphaned > CHANGING_MS)
        reasons.push(`${orphans} of ${ALL_PARTITIONS} partitions have no engine`);
      reasons.push(...(await this.#room()));
    } catch {
      reasons.push('Redis does not answer');
    }
    return reasons;
  }

  /** What the functions that take requests would refuse: a full Redis, a full mailbox. */
  async #room(): Promise<string[]> {
    const reasons: string[] = [];
    const { client } = this.#reads;
    const [memory, backlogs] = await Promise.all([
      Promise.all(masters(client).map((master) => master.info('memory'))),
      Promise.all(Array.from({ length: ALL_PARTITIONS }, (_, partition) => client.xlen(keysOf(partition).in))),
    ]);
    if (memory.some(isFull)) reasons.push('Redis is out of memory: only deletions are accepted');
    const full = backlogs.filter((backlog) => backlog >= this.#backlogLimit).length;
    if (full > 0) reasons.push(`${full} of ${ALL_PARTITIONS} partitions have more waiting than HUB_BACKLOG_LIMIT`);
    return reasons;
  }
}

/** As Redis itself counts before it refuses a write: buffers of replication and of its file are not held against it. */
function isFull(info: string): boolean {
  const figure = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const limit = figure('maxmemory');
  return limit > 0 && figure('used_memory') - figure('mem_not_counted_for_evict') > limit;
}
