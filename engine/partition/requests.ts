import { type Arrived, encodeMessage } from '../domain/envelope.ts';
import type { Asker } from '../local.ts';
import type { Entry } from './attempt.ts';

/** A request given straight to the owner: an entry that never lay in the stream. */
export class DirectEntry implements Entry {
  readonly id = '';
  readonly message: Arrived;
  readonly asker: Asker;
  /** the same as the journal keeps it, when it came as text */
  readonly json: string | undefined;

  constructor(message: Arrived, asker: Asker, json?: string) {
    this.message = message;
    this.asker = asker;
    this.json = json;
  }

  /** Only a dead letter keeps it. */
  get payload(): string {
    return encodeMessage(this.message);
  }
}

/** Requests of this process that wait for the next turn of a partition. */
export class Requests {
  readonly #partition: number;
  #waiting: DirectEntry[] = [];
  /** taken for the turn under way */
  #taken: DirectEntry[] = [];

  constructor(partition: number) {
    this.#partition = partition;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Decided in the turn under way. */
  get taken(): readonly DirectEntry[] {
    return this.#taken;
  }

  push(message: Arrived, asker: Asker, json?: string): void {
    this.#waiting.push(new DirectEntry(message, asker, json));
  }

  take(count: number): readonly DirectEntry[] {
    this.#taken = this.#waiting.length <= count ? this.#waiting : this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.length <= count ? [] : this.#waiting.slice(count);
    return this.#taken;
  }

  /** Only the first ones were decided: the others wait again. */
  keep(decided: number): void {
    this.#waiting.unshift(...this.#taken.splice(decided));
  }

  committed(): void {
    this.#taken = [];
  }

  /** Nothing of the turn under way was written: its requests, and those behind them, go by the mailbox. */
  divert(): void {
    for (const { message, asker } of [...this.#taken, ...this.#waiting]) asker.divert(this.#partition, message);
    this.#taken = [];
    this.#waiting = [];
  }

  /** The turn under way may have been written or not. */
  doubt(): void {
    for (const { message, asker } of this.#taken) asker.doubt(message);
    this.#taken = [];
  }
}
