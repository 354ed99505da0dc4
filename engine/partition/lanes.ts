import { ALL_PARTITIONS } from '../domain/placement.ts';
import { deliverAgain, type Heard } from '../journal/rewind.ts';
import type { Calls } from '../redis/calls.ts';
import { keysOf } from '../redis/keys.ts';
import type { OutRecord } from './batch.ts';

/** Messages of one delivery: bounds the destination's call. */
const MESSAGES_PER_DELIVERY = 128;
const BYTES_PER_DELIVERY = 256 * 1024;
const RETRY_MS = 200;

/** While deliveries are awaited that only another process can send again, ms. */
const AWAIT_MS = 1_000;

/** Messages sent to a destination behind the last one it has, up to a sequence, as far as they are known. */
export type Recall = (to: number, heard: Heard, through: number) => Promise<OutRecord[]>;

/** What comes next for a destination cannot, before another process has sent again what went before. */
class Awaited extends Error {}

/**
 * The ways from one partition's outbox to the others. Each lane is ordered and has one delivery in flight; the
 * destination keeps the last (epoch, sequence) it applied, so a delivery repeated after a crash changes nothing.
 * Lanes live and die with the ownership of their partition.
 */
export class Lanes {
  readonly #source: number;
  readonly #calls: Calls;
  readonly #waiting = new Map<number, OutRecord[]>();
  readonly #busy = new Set<number>();
  readonly #acked = new Map<number, number>();
  readonly #onError: (to: number, error: Error) => void;
  readonly #recall: Recall;
  /** destinations that lack something they had acknowledged, or should have */
  readonly #missed = new Set<number>();
  #fresh = new Set<number>();
  #stopped = false;

  constructor(source: number, calls: Calls, onError: (to: number, error: Error) => void, recall: Recall) {
    this.#recall = recall;
    this.#source = source;
    this.#calls = calls;
    this.#onError = onError;
  }

  /** Takes over an outbox: what its destinations had acknowledged is skipped. */
  restore(outs: readonly OutRecord[], acked: ReadonlyMap<number, number>): void {
    for (const [to, sequence] of acked) this.#acked.set(to, sequence);
    this.send(outs.filter((out) => out.sequence > (acked.get(out.to) ?? 0)));
  }

  send(outs: readonly OutRecord[]): void {
    for (const out of outs) {
      const queue = this.#waiting.get(out.to);
      if (queue) queue.push(out);
      else this.#waiting.set(out.to, [out]);
    }
    for (const out of outs) this.#pump(out.to);
  }

  /** Acknowledgements not yet written into the partition: destination → sequence. */
  takeAcks(): [to: number, sequence: number][] {
    const acks = [...this.#fresh].map((to): [number, number] => [to, this.#acked.get(to) ?? 0]);
    this.#fresh = new Set();
    return acks;
  }

  /** Deliveries acknowledged, by destination. */
  get acknowledged(): ReadonlyMap<number, number> {
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
    const args: (string | number)[] = [this.#source];
    let bytes = 0;
    let last: OutRecord | undefined;
    for (const out of queue.slice(0, MESSAGES_PER_DELIVERY)) {
      if (last && bytes + out.payload.length > BYTES_PER_DELIVERY) break;
      args.push(out.epoch, out.sequence, out.payload);
      bytes += out.payload.length;
      last = out;
    }
    if (last === undefined) return;
    const [epoch, sequence] = (await this.#calls.call('deliver', [keys.in, keys.seen, keys.wake], args)) as [
      number,
      number,
    ];
    if (this.#stopped) return;
    const behind = epoch < last.epoch || (epoch === last.epoch && sequence < last.sequence);
    const first = queue[0] as OutRecord;
    if (behind && sequence < first.sequence - 1) this.#missed.add(to);
    if (behind)
      throw new Error(`partition ${to} applied up to ${epoch}:${sequence}, not ${last.epoch}:${last.sequence}`);
    queue.splice(0, queue.indexOf(last) + 1);
    this.#acked.set(to, Math.max(last.sequence, this.#acked.get(to) ?? 0));
    this.#fresh.add(to);
  }

  /** @throws Awaited when it has still not all that goes before the queue */
  async #rewind(to: number, queue: readonly OutRecord[]): Promise<void> {
    if (!this.#missed.has(to)) return;
    const through = queue[0] === undefined ? (this.#acked.get(to) ?? 0) : queue[0].sequence - 1;
    let heard = await deliverAgain(this.#calls, this.#source, to, []);
    if (heard.sequence < through) {
      const outs = await this.#recall(to, heard, through);
      heard = await deliverAgain(this.#calls, this.#source, to, outs);
    }
    if (heard.sequence < through)
      throw new Awaited(`partition ${to} has ${heard.sequence} of ${through} that were sent to it`);
    this.#missed.delete(to);
  }
}

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
