import type { Behaviour } from '../domain/behaviour.ts';
import type { Arrived } from '../domain/envelope.ts';
import { decode } from '../domain/records/codec.ts';
import type { Settings } from '../domain/settings.ts';
import type { Trace } from '../domain/trace.ts';
import { Chain, OPERATIONS_AT } from '../journal/chain.ts';
import { recallFrom } from '../journal/rewind.ts';
import type { Asker, Owner } from '../local.ts';
import { isFull, isRefused, Unreplicated } from '../redis/calls.ts';
import { keysOf, parkKey } from '../redis/keys.ts';
import type { Desk, Entry } from './attempt.ts';
import { Batch, type DeadLetter, type ParkNote, Unwritable } from './batch.ts';
import { Cells } from './cells.ts';
import { disarm } from './deadly.ts';
import { decideAll } from './decide.ts';
import { Errands } from './errands.ts';
import { Lanes } from './lanes.ts';
import { readDelayed, readLetter } from './letters.ts';
import { FULL_MS, REQUESTS_WAITING, TURN_BYTES, TURN_ENTRIES } from './limits.ts';
import { load, loadPage } from './load.ts';
import { OperationList, writeBatch } from './operations.ts';
import { Outcomes } from './outcomes.ts';
import type { PartitionParts } from './parts.ts';
import { Requests } from './requests.ts';
import type { Holding } from './restore.ts';
import { Sequences } from './sequences.ts';
import { Tally } from './tally.ts';
import type { Span } from './watch.ts';

/** Redis time, entries that wait, next timer, timers promoted, then id, message and origin of each entry. */
type TurnReply = [now: number, backlog: number, due: string, promoted: string[], ...handed: string[]];

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
  readonly settings: Settings;
  readonly parked: Map<string, ParkNote>;
  readonly #parts: PartitionParts;
  readonly #token: string;
  readonly #lanes: Lanes;
  readonly #errands: Errands;
  readonly #sequences: Sequences;
  readonly #tally: Tally;
  readonly #requests: Requests;
  readonly #chain: Chain;
  readonly #outcomes: Outcomes;
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
  /** outbox numbers below are let go of */
  #trimmed: number;

  constructor(holding: Holding, parts: PartitionParts) {
    const { behaviour, calls, jobs, local, reads, watch, journal } = parts;
    this.#parts = parts;
    this.behaviour = behaviour;
    this.settings = parts.settings;
    this.partition = holding.partition;
    this.#token = holding.token;
    this.#tries = holding.tries;
    this.#alone = holding.alone;
    this.#sequences = new Sequences(holding.partition, holding.epoch, holding);
    this.#trimmed = holding.outs[0]?.number ?? this.#sequences.next;
    this.#requests = new Requests(holding.partition);
    this.#chain = new Chain(holding.partition, holding.epoch, holding.last, journal);
    this.#outcomes = new Outcomes(holding.partition, calls, reads, local);
    this.#version = holding.version;
    this.parked = new Map(holding.parked);
    this.cells = new Cells(parts.cellBytes, decode);
    this.#lanes = new Lanes(
      this.partition,
      holding.epoch,
      calls,
      (to, error) => watch.laneError(this.partition, to, error),
      recallFrom(journal, holding.partition),
    );
    this.#lanes.restore(holding.outs, holding.acked);
    jobs.restore(holding.jobs);
    this.#tally = new Tally(holding.figures);
    this.#errands = new Errands(this.#lanes, jobs, this.#tally);
  }

  load(names: readonly string[]): Promise<void> {
    return load(this.#parts.reads, this.partition, names, this.cells);
  }

  page(name: string, batch: Batch): Promise<unknown> {
    return loadPage(this.#parts.reads, this.partition, name, batch);
  }

  letter(number: number): Promise<DeadLetter | undefined> {
    return readLetter(this.#parts.reads, this.partition, number);
  }

  delayed(actor: string, count: number): Promise<Entry[]> {
    return readDelayed(this.#parts.reads, this.partition, actor, count);
  }

  delayedCount(actor: string): Promise<number> {
    return this.#parts.reads.client.xlen(parkKey(this.partition, actor));
  }

  get careful(): boolean {
    return this.#alone !== '';
  }

  onFault(error: unknown, kind: string, trace: Trace | undefined): void {
    this.#parts.watch.fault(this.partition, kind, error, trace);
  }

  span(trace: Trace, kind: string): Span | undefined {
    return this.#parts.watch.span?.(trace, kind);
  }

  get lanes(): Pick<Lanes, 'backlog' | 'ages' | 'acknowledged' | 'missed'> {
    return this.#lanes;
  }

  /** Runs until stopped, or throws when the partition may no longer be this process's. */
  async run(): Promise<void> {
    this.#parts.local?.own(this.partition, this);
    try {
      let [entries, now] = await this.#turn();
      while (!this.#stopping || entries.length > 0 || this.#requests.waiting > 0) {
        if (entries.length === 0 && this.#requests.waiting === 0) {
          await this.#idle();
          if (this.#requests.waiting === 0) [entries, now] = await this.#turn();
        } else [entries, now] = await this.#step(entries, now);
      }
      if (this.#lanes.backlog > 0 || this.#parts.jobs.fresh > 0) await this.#turn();
    } finally {
      this.#parts.local?.disown(this.partition, this);
      this.#requests.divert();
      this.#lanes.stop();
      this.#parts.jobs.stop();
    }
  }

  /** Something may have arrived. */
  wake(): void {
    this.#woken = true;
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  take(message: Arrived, asker: Asker, json?: string): boolean {
    if (this.#stopping || this.careful || this.#requests.waiting >= REQUESTS_WAITING) return false;
    if (performance.now() < this.#fullUntil) return false;
    this.#requests.push(message, asker, json);
    this.wake();
    return true;
  }

  /** @param now ms of a clock that is never set; the lease's and timers' own deadlines are Redis', looked at by the turn */
  tick(now: number): void {
    if (now >= this.#lookAt || now >= this.#nextDue || this.#parts.jobs.fresh > 0) this.wake();
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
      if (error instanceof Unreplicated) this.#outcomes.refuse(batch.replies);
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
    if (this.#requests.taken.length === 0 || !(error instanceof Unwritable || isFull(error))) throw error;
    if (isFull(error)) this.#fullUntil = performance.now() + FULL_MS;
    this.#sequences.rollback();
    this.cells.clear();
    this.#requests.divert();
  }

  async #decide(entries: Entry[], batch: Batch, now: number): Promise<number> {
    if (this.careful && (await disarm(this, entries[0] as Entry, this.#tries, batch, now))) return 1;
    return decideAll(this, entries, batch, now);
  }

  async #turn(batch?: Batch, covered: readonly Entry[] = []): Promise<Turned> {
    this.#woken = false;
    const list = new OperationList(this.partition);
    const keys = keysOf(this.partition);
    const timers = performance.now() >= this.#nextDue || (batch !== undefined && batch.timers.size > 0);
    const wanted = this.#stopping ? 0 : this.#alone === '' ? TURN_ENTRIES : 1;
    const [first, last] = [covered[0]?.id ?? '', covered.at(-1)?.id ?? ''];
    const { calls, pace } = this.#parts;
    list.args.push(this.#token, pace.leaseMs, wanted, TURN_BYTES, timers ? 1 : 0, covered.length, first, last);
    list.args.push(0, this.#chain.mark, '');
    const { after } = this.#outcomes;
    const [next, tally] = [this.#chain.next, this.#tally];
    tally.mark();
    if (batch) this.#version = writeBatch(list, this.partition, batch, this.#version, next, this.cells, tally, after);
    this.cells.rest();
    this.#errands.write(list, this.#sequences, this.#now);
    const floor = this.#lanes.floor(batch?.outs[0]?.number ?? this.#sequences.next);
    // Only when there is something to let go of: a turn that reads must cost nothing, and number no commit.
    if (floor > this.#trimmed) list.push('T', keys.out, [`${floor}-0`]);
    const requests = this.#requests.taken;
    const send = async (): Promise<TurnReply> =>
      (await calls.call('turn', list.keys, list.args, requests.length > 0)) as TurnReply;
    const writes = batch !== undefined || list.args.length > OPERATIONS_AT;
    const answersHere = batch?.replies.every(after) ?? true;
    const reply = writes
      ? await this.#chain.commit({ entries: covered, requests }, list, answersHere, send)
      : await send();
    this.#trimmed = Math.max(floor, this.#trimmed);
    this.#errands.committed();
    tally.committed();
    this.#requests.committed();
    if (batch) this.#keep(batch);
    return this.#read(reply, covered, requests.length);
  }

  #keep(batch: Batch): void {
    for (const [actor, note] of batch.parks) {
      if (note === null) this.parked.delete(actor);
      else this.parked.set(actor, note);
    }
    if (batch.outs.length > 0) this.#lanes.send(batch.outs);
    for (const job of batch.jobs) this.#parts.jobs.start(job);
    this.#outcomes.give(batch.replies);
    for (const span of batch.spans) span.end();
    if (batch.times.length > 0) this.#parts.watch.timed?.(batch.times);
  }

  #read(reply: TurnReply, covered: readonly Entry[], requests: number): Turned {
    const [now, backlog, due, promoted, ...rest] = reply;
    this.#now = now;
    this.#chain.promoted(promoted);
    const entries: Entry[] = [];
    for (let i = 0; i < rest.length; i += 3) {
      const [id, payload, origin] = [rest[i], rest[i + 1], rest[i + 2]] as [string, string, string];
      entries.push({ id, payload, origin });
    }
    if (covered.length > 0) this.#tries = 0;
    if (covered.length > 0 && covered.at(-1)?.id === this.#alone) this.#alone = '';
    const local = performance.now();
    this.#nowAt = local;
    if (due !== '') this.#nextDue = Number(due) < 0 ? Number.POSITIVE_INFINITY : local + Math.max(Number(due) - now, 0);
    this.#lookAt = local + this.#parts.pace.idleLookMs;
    this.#parts.watch.committed(this.partition, covered.length + requests, backlog);
    return [entries, now];
  }
}
