import type { Behaviour } from '../domain/behaviour.ts';
import type { Arrived } from '../domain/envelope.ts';
import { decode } from '../domain/records/codec.ts';
import { isSupervision } from '../domain/supervision.ts';
import type { Asker, Local, Owner } from '../local.ts';
import { type Calls, isFull, isRefused } from '../redis/calls.ts';
import { keysOf, parkKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import { bury, type Desk, type Entry, open } from './attempt.ts';
import { Batch, type DeadLetter, type ParkNote, Unwritable } from './batch.ts';
import { Cells } from './cells.ts';
import { decideAll } from './decide.ts';
import { Errands } from './errands.ts';
import type { Jobs } from './jobs.ts';
import { Lanes } from './lanes.ts';
import { readDelayed, readLetter } from './letters.ts';
import { FULL_MS, PACE, type Pace, REQUESTS_WAITING, TRIES_BEFORE_DEAD, TURN_BYTES, TURN_ENTRIES } from './limits.ts';
import { load, loadPage } from './load.ts';
import { OperationList, writeBatch } from './operations.ts';
import { giveUp } from './park.ts';
import { Requests } from './requests.ts';
import type { Holding } from './restore.ts';
import { Sequences } from './sequences.ts';
import type { PartitionWatch } from './watch.ts';

/** What a dead letter says that nothing else could: its decision never returned. */
const DEADLY = 'its decision ended the process several times';

/** Redis time, entries that wait, next timer, then ids and messages. */
type TurnReply = [now: number, backlog: number, due: string, ...handed: string[]];

/** Entries handed out, and the Redis time of that, ms. */
type Turned = [entries: Entry[], now: number];

/**
 * One owned partition: pull, decide, commit, again. All of its memory (cells, lanes, numbers) is valid for one lease
 * token only; any doubt — fenced, a call without answer — ends it, and the node takes the partition anew.
 */
export class Partition implements Desk, Owner {
  readonly partition: number;
  readonly cells: Cells;
  readonly behaviour: Behaviour;
  readonly parked: Map<string, ParkNote>;
  readonly #token: string;
  readonly #calls: Calls;
  readonly #reads: Reads;
  readonly #watch: PartitionWatch;
  readonly #lanes: Lanes;
  readonly #jobs: Jobs;
  readonly #errands: Errands;
  readonly #sequences: Sequences;
  readonly #requests: Requests;
  readonly #pace: Pace;
  readonly #local: Local | undefined;
  #tries: number;
  #alone: string;
  #version: number;
  /** Redis time of the last turn, and this process's clock when it came, ms */
  #now = 0;
  #nowAt = 0;
  #nextDue = 0;
  #lookAt = 0;
  #wake: (() => void) | undefined;
  /** a wake-up since the last turn left: that turn may have been answered before the news */
  #woken = false;
  /** until then Redis is held to be full, ms of this process's clock */
  #fullUntil = 0;
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
    this.#token = holding.token;
    this.#tries = holding.tries;
    this.#alone = holding.alone;
    this.#sequences = new Sequences(holding.partition, holding.epoch, holding);
    this.#requests = new Requests(holding.partition);
    this.#version = holding.version;
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
    this.#errands = new Errands(this.#lanes, jobs);
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
      let [entries, now] = await this.#turn();
      while (!this.#stopping || entries.length > 0 || this.#requests.waiting > 0) {
        if (entries.length === 0 && this.#requests.waiting === 0) {
          await this.#idle();
          if (this.#requests.waiting === 0) [entries, now] = await this.#turn();
        } else [entries, now] = await this.#step(entries, now);
      }
      if (this.#lanes.backlog > 0 || this.#jobs.fresh > 0) await this.#turn();
    } finally {
      this.#local?.disown(this.partition, this);
      this.#requests.divert();
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

  take(message: Arrived, asker: Asker): boolean {
    if (this.#stopping || this.careful || this.#requests.waiting >= REQUESTS_WAITING) return false;
    if (performance.now() < this.#fullUntil) return false;
    this.#requests.push(message, asker);
    this.wake();
    return true;
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

  /** Decides what was handed out, then what this process asks itself, and commits both. */
  async #step(entries: Entry[], now: number): Promise<Turned> {
    this.#sequences.mark();
    const version = this.#version;
    const batch = new Batch(this.#sequences);
    try {
      const decided = entries.length > 0 ? await this.#decide(entries, batch, now) : 0;
      if (decided === entries.length && !batch.full) {
        const requests = this.#requests.take(TURN_ENTRIES);
        // Redis' time, as far as it is known here: what it decides is how late a timer or a date may be.
        const present = this.#now + performance.now() - this.#nowAt;
        this.#requests.keep(await decideAll(this, requests, batch, Math.floor(present)));
      }
      return await this.#turn(batch, decided < entries.length ? entries.slice(0, decided) : entries);
    } catch (error) {
      this.#recover(error);
      this.#version = version;
      return [entries, now];
    }
  }

  /**
   * Nothing was written when Redis is full or a decision cannot be written: what was handed out is decided again
   * without this process's requests, which go by the mailbox, where each has its own supervision and is refused alone.
   * @throws the error, when the partition may no longer be this process's or no request can be the reason
   */
  #recover(error: unknown): void {
    const unwritten = error instanceof Unwritable || isRefused(error);
    if (!unwritten) this.#requests.doubt();
    if (this.#requests.taken === 0 || !(error instanceof Unwritable || isFull(error))) throw error;
    if (isFull(error)) this.#fullUntil = performance.now() + FULL_MS;
    this.#sequences.rollback();
    this.cells.clear();
    this.#requests.divert();
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

  async #turn(batch?: Batch, covered: readonly Entry[] = []): Promise<Turned> {
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
    if (batch) this.#version = writeBatch(list, this.partition, batch, this.#version, this.cells, this.#local);
    this.cells.rest();
    const requests = this.#requests.taken;
    this.#errands.write(list, this.#sequences, this.#now);
    const floor = this.#lanes.floor(batch?.outs[0]?.number ?? this.#sequences.next);
    if (floor > 1) list.push('T', keys.out, [`${floor}-0`]);
    const reply = (await this.#calls.call('turn', list.keys, list.args, requests > 0)) as TurnReply;
    this.#errands.committed();
    this.#requests.committed();
    if (batch) this.#keep(batch);
    return this.#read(reply, covered, requests);
  }

  #keep(batch: Batch): void {
    for (const [actor, note] of batch.parks) {
      if (note === null) this.parked.delete(actor);
      else this.parked.set(actor, note);
    }
    if (batch.outs.length > 0) this.#lanes.send(batch.outs);
    for (const job of batch.jobs) this.#jobs.start(job);
    for (const [api, items] of batch.replies.all()) this.#local?.api(api)?.(items);
  }

  #read(reply: TurnReply, covered: readonly Entry[], requests: number): Turned {
    const [now, backlog, due, ...rest] = reply;
    this.#now = now;
    const entries: Entry[] = [];
    for (let i = 0; i < rest.length; i += 2) entries.push({ id: rest[i] as string, payload: rest[i + 1] as string });
    if (covered.length > 0) this.#tries = 0;
    if (covered.length > 0 && covered.at(-1)?.id === this.#alone) this.#alone = '';
    const local = performance.now();
    this.#nowAt = local;
    if (due !== '') this.#nextDue = Number(due) < 0 ? Number.POSITIVE_INFINITY : local + Math.max(Number(due) - now, 0);
    this.#lookAt = local + this.#pace.idleLookMs;
    this.#watch.committed(this.partition, covered.length + requests, backlog);
    return [entries, now];
  }
}
