import { randomBytes } from 'node:crypto';
import type { Behaviour } from '../domain/behaviour.ts';
import { ALL_PARTITIONS } from '../domain/placement.ts';
import { DEFAULT_SETTINGS, type Settings } from '../domain/settings.ts';
import type { CommitLog } from '../journal/log.ts';
import type { Local } from '../local.ts';
import { Unwritable } from '../partition/batch.ts';
import { type JobRunner, Jobs } from '../partition/jobs.ts';
import { PACE, type Pace, TRIES_BEFORE_ALONE, TRIES_BEFORE_DEAD } from '../partition/limits.ts';
import { Partition } from '../partition/partition.ts';
import { type Holding, restore } from '../partition/restore.ts';
import type { PartitionWatch } from '../partition/watch.ts';
import type { Calls } from '../redis/calls.ts';
import { CONTROL, keysOf } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import { Caretaker } from './caretaker.ts';
import { missedDeliveries } from './hearing.ts';
import { type Lease, takeLease } from './lease.ts';
import { Mender, type MenderWatch } from './mender.ts';
import { plan } from './plan.ts';

/** Partitions handed over at once: the others keep working. */
const MOVES_AT_ONCE = 4;
const NONCE_BYTES = 6;
/** A lease is renewed as often while its partition is made ready: one call may be lost. */
const RENEWALS = 3;
/** An orphan its planned owner has not taken after as many leases is anyone's. */
const ORPHAN_LEASES = 3;

export interface NodeWatch extends PartitionWatch, MenderWatch {
  taken(partition: number, epoch: number): void;
  lost(partition: number, error: unknown): void;
  dropped(partition: number): void;
  jobFailed(partition: number, kind: string, tries: number, gaveUp: boolean, error: unknown): void;
  trouble(error: unknown): void;
}

/** One engine process: keeps the partitions the plan gives it, and nothing else. */
export class Node {
  readonly #local: Local | undefined;
  readonly #member: string;
  /** member and generation: a restarted process is another owner */
  readonly #owner: string;
  readonly #behaviour: Behaviour;
  readonly #calls: Calls;
  readonly #reads: Reads;
  readonly #runJob: JobRunner;
  readonly #cellBytes: number;
  readonly #watch: NodeWatch;
  readonly #pace: Pace;
  readonly #settings: Settings;
  readonly #journal: CommitLog | undefined;
  readonly #mender: Mender | undefined;
  readonly #caretaker: Caretaker | undefined;
  readonly #held = new Map<number, { partition: Partition; done: Promise<void> }>();
  readonly #taking = new Set<number>();
  readonly #orphanSince = new Map<number, number>();
  /** partition → what the fault that lost it counts for at its next take */
  readonly #faults = new Map<number, number>();
  #members: readonly string[] = [];
  #view = '';
  #viewSince = 0;
  #timers: NodeJS.Timeout[] = [];
  #reconciling: Promise<void> | undefined;
  /** news that came during a comparison, which may have looked before */
  #freed = false;
  #stopping = false;
  /** when destinations are asked what they heard, ms of this process's clock */
  #compareAt = 0;

  constructor(
    member: string,
    behaviour: Behaviour,
    calls: Calls,
    reads: Reads,
    runJob: JobRunner,
    cellBytes: number,
    watch: NodeWatch,
    pace: Partial<Pace> = {},
    local?: Local,
    journal?: CommitLog,
    settings = DEFAULT_SETTINGS,
  ) {
    this.#settings = settings;
    this.#local = local;
    this.#journal = journal;
    this.#mender = journal && new Mender(journal, calls, reads, watch);
    this.#caretaker = journal && this.#mender && new Caretaker(journal, this.#mender, calls, reads, watch);
    this.#member = member;
    this.#owner = `${member}#${randomBytes(NONCE_BYTES).toString('hex')}`;
    this.#behaviour = behaviour;
    this.#calls = calls;
    this.#reads = reads;
    this.#runJob = runJob;
    this.#cellBytes = cellBytes;
    this.#watch = watch;
    this.#pace = { ...PACE, ...pace };
  }

  get held(): ReadonlyMap<number, { partition: Partition }> {
    return this.#held;
  }

  /** Resolves once the partitions planned for this process are its own (those another still holds excepted). */
  async start(): Promise<void> {
    await this.reconcile();
    this.#timers = [
      setInterval(() => void this.reconcile(), this.#pace.reconcileMs),
      setInterval(() => this.#tick(), this.#pace.tickMs),
    ];
  }

  wake(partition: number): void {
    this.#held.get(partition)?.partition.wake();
  }

  /** A partition has just been given away by its owner. */
  freed(): void {
    if (this.#reconciling !== undefined) this.#freed = true;
    else void this.reconcile();
  }

  reconcile(): Promise<void> {
    this.#reconciling ??= this.#reconcile()
      .catch((error: unknown) => this.#watch.trouble(error))
      .finally(() => {
        this.#reconciling = undefined;
        if (this.#freed && !this.#stopping) void this.reconcile();
      });
    return this.#reconciling;
  }

  /** Leaves first, then hands every partition over, then returns. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#reconciling;
    await this.#calls
      .call('leave', [CONTROL.members], [this.#member])
      .catch((error: unknown) => this.#watch.trouble(error));
    await Promise.all([...this.#held.keys()].map((partition) => this.#drop(partition)));
    await this.#caretaker?.leave();
  }

  /**
   * The live members. Who they are lies on one master of a cluster, which may be away while the others serve: then those
   * of before, for leases alone decide who owns what.
   */
  async #beat(): Promise<readonly string[]> {
    try {
      const { silenceMs } = this.#pace;
      this.#members = (await this.#calls.call('beat', [CONTROL.members], [this.#member, silenceMs])) as string[];
    } catch (error) {
      if (!this.#calls.several || this.#members.length === 0) throw error;
      this.#watch.trouble(error);
    }
    return this.#members;
  }

  async #reconcile(): Promise<void> {
    if (this.#stopping) return;
    this.#freed = false;
    const members = await this.#beat();
    const now = performance.now();
    const view = members.join(' ');
    if (view !== this.#view) {
      this.#view = view;
      this.#viewSince = now;
    }
    const target = plan(members, ALL_PARTITIONS);
    const takes: Promise<void>[] = [];
    for (let number = 0; number < ALL_PARTITIONS; number += 1) {
      if (this.#held.has(number) || this.#taking.has(number)) continue;
      // One that cannot be restored must not keep the others from being shared.
      if (target.get(number) === this.#member || this.#orphaned(number, now))
        takes.push(this.#take(number).catch((error: unknown) => this.#watch.lost(number, error)));
    }
    await Promise.all(takes);
    await this.#mend(now);
    if (now - this.#viewSince < this.#pace.settleMs && members.length > 1) return;
    const foreign = [...this.#held.keys()].filter(
      (number) => target.get(number) !== this.#member && members.includes(target.get(number) ?? ''),
    );
    await Promise.all(foreign.slice(0, MOVES_AT_ONCE).map((number) => this.#drop(number)));
  }

  /** What others hold may lack commits of this process; what others acknowledged they may have lost. */
  async #mend(now: number): Promise<void> {
    const others = Array.from({ length: ALL_PARTITIONS }, (_, number) => number).filter(
      (number) => !this.#held.has(number) && !this.#taking.has(number),
    );
    if (await this.#mender?.look(others)) this.#compareAt = 0;
    void this.#caretaker?.look(() => {
      this.#compareAt = 0;
    });
    if (now < this.#compareAt) return;
    this.#compareAt = now + this.#pace.compareMs;
    await missedDeliveries(this.#reads, this.#calls, this.#journal, this.#held, others);
  }

  #orphaned(number: number, now: number): boolean {
    const since = this.#orphanSince.get(number);
    if (since === undefined) this.#orphanSince.set(number, now);
    else if (now - since > ORPHAN_LEASES * this.#pace.leaseMs) {
      this.#orphanSince.set(number, now);
      return true;
    }
    return false;
  }

  async #take(number: number): Promise<void> {
    this.#taking.add(number);
    try {
      const lease = await takeLease(this.#calls, this.#reads, number, {
        owner: this.#owner,
        leaseMs: this.#pace.leaseMs,
        faults: this.#faults.get(number) ?? 0,
        epochKnown: this.#journal?.last(number)?.epoch ?? 0,
      });
      if (lease === undefined) return;
      this.#faults.delete(number);
      const holding = await this.#ready(number, lease);
      const jobs = new Jobs(
        this.#runJob,
        (kind, count, gaveUp, error) => this.#watch.jobFailed(number, kind, count, gaveUp, error),
        this.#pace,
      );
      const partition = new Partition(holding, {
        behaviour: this.#behaviour,
        calls: this.#calls,
        reads: this.#reads,
        jobs,
        cellBytes: Math.floor(this.#cellBytes / ALL_PARTITIONS),
        watch: this.#watch,
        pace: this.#pace,
        local: this.#local,
        journal: this.#journal,
        settings: this.#settings,
      });
      this.#orphanSince.delete(number);
      this.#watch.taken(number, lease.epoch);
      this.#held.set(number, { partition, done: this.#keep(number, partition, lease.token) });
    } finally {
      this.#taking.delete(number);
    }
  }

  /** Mends the partition, audits it when nobody vouches for it, and reads what it starts from, the lease renewed meanwhile: both may take longer than it lasts. */
  async #ready(number: number, { known, vouched, ...lease }: Lease): Promise<Holding> {
    const { leaseMs } = this.#pace;
    const renew = (): Promise<unknown> => this.#calls.call('renew', [keysOf(number).lease], [lease.token, leaseMs]);
    const renewing = setInterval(() => void renew().catch(() => undefined), leaseMs / RENEWALS);
    try {
      const found = await this.#mender?.mend(number, known);
      const { turn, mark, mended, damaged } = found ?? { ...known, mended: false, damaged: false };
      if (mended) this.#compareAt = 0;
      if (!vouched || damaged) await this.#mender?.audit(number, mark, lease.token);
      return await restore(this.#reads, number, { ...lease, last: { turn, mark, epoch: lease.epoch } });
    } finally {
      clearInterval(renewing);
    }
  }

  async #keep(number: number, partition: Partition, token: string): Promise<void> {
    try {
      await partition.run();
      const keys = keysOf(number);
      await this.#calls.call('drop', [keys.lease, keys.free], [token]);
      this.#watch.dropped(number);
    } catch (error) {
      // Another try would end alike: one by one at once, and the one that goes alone is the one.
      if (error instanceof Unwritable)
        this.#faults.set(number, partition.careful ? TRIES_BEFORE_DEAD : TRIES_BEFORE_ALONE);
      this.#watch.lost(number, error);
    } finally {
      this.#held.delete(number);
    }
  }

  async #drop(number: number): Promise<void> {
    const held = this.#held.get(number);
    if (held === undefined) return;
    held.partition.stop();
    await held.done;
  }

  #tick(): void {
    const now = performance.now();
    for (const { partition } of this.#held.values()) partition.tick(now);
  }
}
