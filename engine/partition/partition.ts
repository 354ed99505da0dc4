import type { Behaviour } from '../domain/behaviour.ts';
import { decode } from '../domain/records/codec.ts';
import { isSupervision } from '../domain/supervision.ts';
import type { Local, Neighbour } from '../local.ts';
import type { Calls } from '../redis/calls.ts';
import { keysOf, parkKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import { bury, type Desk, type Entry, open } from './attempt.ts';
import { Batch, type DeadLetter, type Numbers, type ParkNote } from './batch.ts';
import { Cells } from './cells.ts';
import { decideAll } from './decide.ts';
import type { Jobs } from './jobs.ts';
import { Lanes } from './lanes.ts';
import { readDelayed, readLetter } from './letters.ts';
import { PACE, type Pace, TRIES_BEFORE_DEAD, TURN_BYTES, TURN_ENTRIES } from './limits.ts';
import { load, loadPage } from './load.ts';
import { OperationList, writeBatch } from './operations.ts';
import { giveUp, JOB_LETTER } from './park.ts';
import type { Holding } from './restore.ts';

/** What a dead letter says that nothing else could: its decision never returned. */
const DEADLY = 'its decision ended the process several times';

/** What a partition tells its node; every hook is called synchronously. */
export interface PartitionWatch {
  committed(partition: number, entries: number, backlog: number): void;
  fault(partition: number, kind: string, error: unknown): void;
  laneError(partition: number, to: number, error: Error): void;
}

/**
 * One owned partition: pull, decide, commit, again. All of its memory (cells, lanes, numbers) is valid for one lease
 * token only; any doubt — fenced, a call without answer — ends it, and the node takes the partition anew.
 */
export class Partition implements Desk, Numbers, Neighbour {
  readonly partition: number;
  readonly epoch: number;
  readonly cells: Cells;
  readonly behaviour: Behaviour;
  readonly parked: Map<string, ParkNote>;
  readonly #token: string;
  readonly #calls: Calls;
  readonly #reads: Reads;
  readonly #watch: PartitionWatch;
  readonly #lanes: Lanes;
  readonly #jobs: Jobs;
  readonly #sent: Map<number, number>;
  readonly #pace: Pace;
  readonly #local: Local | undefined;
  #tries: number;
  #alone: string;
  #out: number;
  #job: number;
  #letter: number;
  #version: number;
  /** Redis time of the last turn, ms */
  #now = 0;
  #nextDue = 0;
  #lookAt = 0;
  #wake: (() => void) | undefined;
  /** a wake-up since the last turn left: that turn may have been answered before the news */
  #woken = false;
  /** entries offered while nothing was under way, and the Redis time of their acceptance */
  #offered: [Entry[], number] | undefined;
  /** last id committed: an offer that comes late may have been read, decided and committed meanwhile */
  #done = '0-0';
  #stopping = false;

  constructor(
    holding: Holding,
    behaviour: Behaviour,
    calls: Calls,
    reads: Reads,
    jobs: Jobs,
    cellBytes: number,
    watch: PartitionWatch,
    pace: Pace = PACE,
    local?: Local,
  ) {
    this.#local = local;
    this.behaviour = behaviour;
    this.partition = holding.partition;
    this.epoch = holding.epoch;
    this.#token = holding.token;
    this.#tries = holding.tries;
    this.#alone = holding.alone;
    this.#out = holding.lastOut;
    this.#job = holding.lastJob;
    this.#letter = holding.lastLetter;
    this.#version = holding.version;
    this.#sent = new Map(holding.sent);
    this.parked = new Map(holding.parked);
    this.cells = new Cells(cellBytes, decode);
    this.#calls = calls;
    this.#reads = reads;
    this.#jobs = jobs;
    this.#watch = watch;
    this.#pace = pace;
    this.#lanes = new Lanes(this.partition, calls, (to, error) => watch.laneError(this.partition, to, error));
    this.#lanes.restore(holding.outs, holding.acked);
    jobs.restore(holding.jobs);
  }

  nextOut = (): number => ++this.#out;
  nextJob = (): number => ++this.#job;
  nextLetter = (): number => ++this.#letter;
  nextSequence(to: number): number {
    const next = (this.#sent.get(to) ?? 0) + 1;
    this.#sent.set(to, next);
    return next;
  }

  load(names: readonly string[]): Promise<void> {
    return load(this.#reads, this.partition, names, this.cells);
  }

  page(name: string, batch: Batch): Promise<unknown> {
    return loadPage(this.#reads, this.partition, name, batch);
  }

  letter(number: number): Promise<DeadLetter | undefined> {
    return readLetter(this.#reads, this.partition, number);
  }

  delayed(actor: string, count: number): Promise<Entry[]> {
    return readDelayed(this.#reads, this.partition, actor, count);
  }

  delayedCount(actor: string): Promise<number> {
    return this.#reads.client.xlen(parkKey(this.partition, actor));
  }

  get careful(): boolean {
    return this.#alone !== '';
  }

  onFault(error: unknown, kind: string): void {
    this.#watch.fault(this.partition, kind, error);
  }

  get laneBacklog(): number {
    return this.#lanes.backlog;
  }

  /** Runs until stopped, or throws when the partition may no longer be this process's. */
  async run(): Promise<void> {
    this.#local?.own(this.partition, this);
    try {
      let [entries, now] = await this.#turn(undefined, []);
      while (!this.#stopping || entries.length > 0) {
        if (entries.length === 0) {
          await this.#idle();
          [entries, now] = this.#takeOffered() ?? (await this.#turn(undefined, []));
          continue;
        }
        const batch = new Batch(this);
        const decided = await this.#decide(entries, batch, now);
        [entries, now] = await this.#turn(batch, decided < entries.length ? entries.slice(0, decided) : entries);
      }
      if (this.#lanes.backlog > 0 || this.#jobs.fresh > 0) await this.#turn(undefined, []);
    } finally {
      this.#local?.disown(this.partition, this);
      this.#lanes.stop();
      this.#jobs.stop();
    }
  }

  /** Something may have arrived. */
  wake(): void {
    this.#woken = true;
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  offer(entries: readonly Entry[], head: boolean, now: number): void {
    const idle = this.#wake !== undefined && !this.#stopping && !this.careful;
    const fresh = later((entries[0] as Entry).id, this.#done);
    if (head && idle && fresh) this.#offered = [[...entries], now];
    this.wake();
  }

  #takeOffered(): [Entry[], number] | undefined {
    const offered = this.#offered;
    this.#offered = undefined;
    return offered;
  }

  /** @param now ms of a clock that is never set; the lease's and timers' own deadlines are Redis', looked at by the turn */
  tick(now: number): void {
    if (now >= this.#lookAt || now >= this.#nextDue || this.#jobs.fresh > 0) this.wake();
  }

  /** Finishes the turn under way, hands out no more, and lets `run` return. */
  stop(): void {
    this.#stopping = true;
    this.wake();
  }

  #idle(): Promise<void> {
    if (this.#stopping || this.#woken) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #decide(entries: Entry[], batch: Batch, now: number): Promise<number> {
    const first = entries[0] as Entry;
    const message = open(first);
    if (this.careful && this.#tries >= TRIES_BEFORE_DEAD && message !== undefined) {
      const { command } = message;
      if (isSupervision(command)) await giveUp(this, message, command, DEADLY, batch, now);
      else bury(this, first, message, DEADLY, message.confirm || message.replyTo === undefined, batch, now);
      return 1;
    }
    return decideAll(this, entries, batch, now);
  }

  /** Jobs given up become dead letters, in the turn that removes them. */
  #buryJobs(list: OperationList): void {
    const keys = keysOf(this.partition);
    for (const { number, text, error } of this.#jobs.takeLost()) {
      const fields = ['a', '', 'k', JOB_LETTER, 'e', error, 'm', text, 'i', '', 't', this.#now];
      list.push('L', keys.dead, [this.nextLetter(), ...fields]);
      list.push('J', keys.jobs, [number]);
      list.push('C', keys.counters, ['dead', 1]);
    }
  }

  async #turn(batch: Batch | undefined, covered: readonly Entry[]): Promise<[Entry[], number]> {
    this.#woken = false;
    const list = new OperationList(this.partition);
    const keys = keysOf(this.partition);
    const timers = performance.now() >= this.#nextDue || (batch !== undefined && batch.timers.size > 0);
    const wanted = this.#stopping ? 0 : this.#alone === '' ? TURN_ENTRIES : 1;
    const head = [
      this.#token,
      this.#pace.leaseMs,
      wanted,
      TURN_BYTES,
      timers ? 1 : 0,
      covered.length,
      covered[0]?.id ?? '',
      covered.at(-1)?.id ?? '',
    ];
    list.args.push(...head);
    const written = batch && writeBatch(list, this.partition, batch, this.#version, this.#local);
    list.push('H', keys.lane, this.#lanes.takeAcks().flat());
    list.push('J', keys.jobs, this.#jobs.takeDone());
    this.#buryJobs(list);
    const floor = this.#lanes.floor(batch?.outs[0]?.number ?? this.#out + 1);
    if (floor > 1) list.push('T', keys.out, [`${floor}-0`]);
    const reply = (await this.#calls.call('turn', list.keys, list.args)) as [number, number, string, ...string[]];
    if (batch && written) {
      this.#version = written.version;
      this.#keep(batch, written.texts);
    }
    return this.#read(reply, covered);
  }

  #keep(batch: Batch, texts: Map<string, string>): void {
    for (const [name, state] of batch.records) {
      if (name.startsWith('x')) this.cells.forget(name);
      else this.cells.set(name, state, texts.get(name) ?? '');
    }
    this.cells.rest();
    for (const [actor, note] of batch.parks) {
      if (note === null) this.parked.delete(actor);
      else this.parked.set(actor, note);
    }
    if (batch.outs.length > 0) this.#lanes.send(batch.outs);
    for (const job of batch.jobs) this.#jobs.start(job);
    for (const [api, items] of batch.replies.all()) this.#local?.api(api)?.(items);
  }

  #read(reply: [number, number, string, ...string[]], covered: readonly Entry[]): [Entry[], number] {
    const [now, backlog, due, ...rest] = reply;
    this.#now = now;
    const entries: Entry[] = [];
    for (let i = 0; i < rest.length; i += 2) entries.push({ id: rest[i] as string, payload: rest[i + 1] as string });
    if (covered.length > 0) this.#tries = 0;
    this.#done = covered.at(-1)?.id ?? this.#done;
    if (covered.at(-1)?.id === this.#alone) this.#alone = '';
    const local = performance.now();
    if (due !== '') this.#nextDue = Number(due) < 0 ? Number.POSITIVE_INFINITY : local + Math.max(Number(due) - now, 0);
    this.#lookAt = local + this.#pace.idleLookMs;
    this.#watch.committed(this.partition, covered.length, backlog);
    return [entries, now];
  }
}

/** Whether stream id `a` comes after `b`. */
function later(a: string, b: string): boolean {
  const [aMs, aSequence] = a.split('-').map(Number) as [number, number];
  const [bMs, bSequence] = b.split('-').map(Number) as [number, number];
  return aMs > bMs || (aMs === bMs && aSequence > bSequence);
}
