import { ALL_PARTITIONS } from '../domain/placement.ts';
import { deliverAgain, LOST, placeOf } from '../journal/rewind.ts';
import { NONE, type Sent } from '../journal/sent.ts';
import type { Calls } from '../redis/calls.ts';
import { keysOf } from '../redis/keys.ts';
import type { OutRecord } from './batch.ts';
import { fieldsOf, type Heard, isBefore, lacks, NOTHING } from './heard.ts';

/** Messages of one delivery: bounds the destination's call. */
const MESSAGES_PER_DELIVERY = 128;
const BYTES_PER_DELIVERY = 256 * 1024;
const RETRY_MS = 200;

/** While deliveries are awaited that only another process can send again, ms. */
const AWAIT_MS = 1_000;

/** Messages sent to a destination behind the last one it has, up to another, as far as they are known. */
export type Recall = (to: number, heard: Heard, through: Heard) => Promise<Sent>;

/** What comes next for a destination cannot, before another process has sent again what went before. */
class Awaited extends Error {}

/**
 * The ways from one partition's outbox to the others. Each lane is ordered and has one delivery in flight; the
 * destination keeps the last (epoch, sequence) it applied, so a delivery repeated after a crash changes nothing.
 * Lanes live and die with the ownership of their partition.
 */
export class Lanes {
  readonly #source: number;
  readonly #epoch: number;
  readonly #calls: Calls;
  readonly #waiting = new Map<number, OutRecord[]>();
  /** destination → when the first message that waits became so, ms of a clock that is never set */
  readonly #moved = new Map<number, number>();
  readonly #busy = new Set<number>();
  readonly #acked = new Map<number, Heard>();
  /** destination → epoch it is written with */
  readonly #written = new Map<number, number>();
  readonly #onError: (to: number, error: Error) => void;
  readonly #recall: Recall;
  /** destinations that may lack something they had acknowledged, or should have */
  readonly #missed = new Set<number>();
  #fresh = new Set<number>();
  #stopped = false;

  /** @param epoch of the lease of the source */
  constructor(
    source: number,
    epoch: number,
    calls: Calls,
    onError: (to: number, error: Error) => void,
    recall: Recall,
  ) {
    this.#recall = recall;
    this.#source = source;
    this.#epoch = epoch;
    this.#calls = calls;
    this.#onError = onError;
  }

  /** Takes over an outbox: what its destinations had acknowledged is skipped. */
  restore(outs: readonly OutRecord[], acked: ReadonlyMap<number, Heard>): void {
    for (const [to, heard] of acked) {
      this.#acked.set(to, heard);
      this.#written.set(to, heard.epoch);
    }
    const left = outs.filter((out) => out.sequence > (acked.get(out.to) ?? NOTHING).sequence);
    // What another owner sent is compared first with what was heard.
    for (const { to } of left) this.#missed.add(to);
    this.send(left);
  }

  send(outs: readonly OutRecord[]): void {
    for (const out of outs) {
      const queue = this.#waiting.get(out.to);
      if (queue === undefined || queue.length === 0) this.#moved.set(out.to, performance.now());
      if (queue) queue.push(out);
      else this.#waiting.set(out.to, [out]);
    }
    for (const out of outs) this.#pump(out.to);
  }

  /** Acknowledgements not yet written into the partition: fields and values of its lanes. */
  takeAcks(): (string | number)[] {
    const acks = [...this.#fresh].flatMap((to) => {
      const heard = this.#acked.get(to) ?? NOTHING;
      const known = this.#written.get(to);
      this.#written.set(to, heard.epoch);
      return fieldsOf(to, heard, known);
    });
    this.#fresh = new Set();
    return acks;
  }

  /** Deliveries acknowledged, by destination. */
  get acknowledged(): ReadonlyMap<number, Heard> {
    return this.#acked;
  }

  /** The destination lacks some of what it acknowledged: a failover lost it, and it goes again. */
  missed(to: number): void {
    this.#missed.add(to);
    if (!this.#waiting.has(to)) this.#waiting.set(to, []);
    this.#pump(to);
  }

  /** Lowest outbox number still needed, or `next` when none is. */
  floor(next: number): number {
    let floor = next;
    for (const queue of this.#waiting.values()) {
      const first = queue[0];
      if (first && first.number < floor) floor = first.number;
    }
    return floor;
  }

  get backlog(): number {
    let total = 0;
    for (const queue of this.#waiting.values()) total += queue.length;
    return total;
  }

  /** How long the first message of each lane has been on its way, ms; lanes without any are left out. */
  *ages(now: number): Generator<number> {
    for (const [to, queue] of this.#waiting) if (queue.length > 0) yield now - (this.#moved.get(to) ?? now);
  }

  stop(): void {
    this.#stopped = true;
  }

  #pump(to: number): void {
    if (this.#busy.has(to) || this.#stopped) return;
    const queue = this.#waiting.get(to);
    if (!queue || (queue.length === 0 && !this.#missed.has(to))) return;
    this.#busy.add(to);
    this.#deliver(to, queue).then(
      () => {
        this.#busy.delete(to);
        this.#pump(to);
      },
      (error: Error) => {
        this.#onError(to, error);
        setTimeout(
          () => {
            this.#busy.delete(to);
            this.#pump(to);
          },
          error instanceof Awaited ? AWAIT_MS : RETRY_MS,
        ).unref();
      },
    );
  }

  async #deliver(to: number, queue: OutRecord[]): Promise<void> {
    await this.#rewind(to, queue);
    const keys = keysOf(to);
    const before = this.#before(to, queue);
    const args: (string | number)[] = [this.#source, placeOf(before)];
    let bytes = 0;
    let last: OutRecord | undefined;
    for (const out of queue.slice(0, MESSAGES_PER_DELIVERY)) {
      if (last && bytes + out.payload.length > BYTES_PER_DELIVERY) break;
      args.push(out.epoch, out.sequence, out.payload);
      bytes += out.payload.length;
      last = out;
    }
    if (last === undefined) return;
    const reply = await this.#calls.call('deliver', [keys.in, keys.seen, keys.wake], args);
    if (this.#stopped) return;
    const [epoch, sequence] = reply as [number, number];
    const heard = { epoch, sequence };
    const behind = isBefore(heard, last);
    if (behind && lacks(heard, before)) this.#missed.add(to);
    const overtaken = isOvertaken(last, heard);
    if (overtaken) this.#missed.add(to);
    if (behind || overtaken) throw new Error(`partition ${to} applied up to ${placeOf(heard)}, not ${placeOf(last)}`);
    queue.splice(0, queue.indexOf(last) + 1);
    this.#moved.set(to, performance.now());
    this.#acked.set(to, { epoch: last.epoch, sequence: last.sequence });
    this.#fresh.add(to);
  }

  /**
   * The destination heard of an owner that a failover lost, later than who sent these: it skips them, and nobody knows what
   * of them it had heard before. They are named as lost. Of an owner later than this one, all is its business.
   */
  #name(queue: OutRecord[], heard: Heard): void {
    if (heard.epoch > this.#epoch) return;
    for (const [at, out] of queue.entries())
      if (isOvertaken(out, heard)) queue[at] = { ...out, epoch: this.#epoch, payload: LOST };
  }

  /** What goes before the first message that waits: all before it was acknowledged. */
  #before(to: number, [first]: readonly OutRecord[]): Heard {
    const acked = this.#acked.get(to) ?? NOTHING;
    if (first === undefined || acked.sequence === first.sequence - 1) return acked;
    return { epoch: 0, sequence: first.sequence - 1 };
  }

  /** @throws Awaited when it has still not all that goes before the queue */
  async #rewind(to: number, queue: OutRecord[]): Promise<void> {
    if (!this.#missed.has(to)) return;
    const through = this.#before(to, queue);
    let heard = await deliverAgain(this.#calls, this.#source, to, NONE);
    this.#name(queue, heard);
    if (lacks(heard, through)) {
      const sent = await this.#recall(to, heard, through);
      heard = await deliverAgain(this.#calls, this.#source, to, sent);
    }
    if (lacks(heard, through))
      throw new Awaited(`partition ${to} has ${placeOf(heard)} of ${placeOf(through)} that was sent to it`);
    this.#missed.delete(to);
  }
}

/**
 * What was heard under a later epoch came in its place. A higher sequence heard means that it was heard itself, and that
 * its source lost what came after.
 */
const isOvertaken = (out: Heard, heard: Heard): boolean => out.epoch < heard.epoch && out.sequence >= heard.sequence;

/** Outbox entry as Redis answers it: `[id, ['d', to, 's', sequence, 'e', epoch, 'm', payload]]`. */
export function parseOut([id, fields]: [string, string[]]): OutRecord {
  const to = Number(fields[1]);
  if (!(to < ALL_PARTITIONS)) throw new Error(`outbox entry ${id} names no partition`);
  return {
    number: Number.parseInt(id, 10),
    to,
    sequence: Number(fields[3]),
    epoch: Number(fields[5]),
    payload: fields[7] as string,
  };
}
