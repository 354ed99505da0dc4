import type { Behaviour } from '../domain/behaviour.ts';
import { type Command, frees } from '../domain/commands.ts';
import type { Answer } from '../domain/decision.ts';
import { type Arrived, encodeMessage } from '../domain/envelope.ts';
import { DomainError } from '../domain/errors.ts';
import { isSupervision, type Supervision } from '../domain/supervision.ts';
import type { Asker, Local } from '../local.ts';
import { BUSY, type ReplyItem } from '../partition/replies.ts';
import type { Acceptor } from './accept.ts';

/** Requests of one process that wait for their answers: bounds its memory; beyond, 503 before anything is done. */
export const ASKS_IN_FLIGHT = 20_000;
/** Requests that wait on one actor: a hot one gets 429 and leaves room to the others. */
export const ASKS_PER_ACTOR = 256;
const SWEEP_MS = 250;
/** Commands of administrators count together. */
const SUPERVISOR = '';

interface Pending {
  actor: string;
  deadline: number;
  answer: Answer | undefined;
  /** deliveries still to be confirmed; may go below zero while the answer is on its way */
  waits: number;
  /** it went by the mailbox: its answer may come by the channel */
  far: boolean;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

/**
 * Synchronous requests on top of mailboxes: a command is accepted, decided and committed, then its answer comes back
 * by the process's channel, with the confirmations of the deliveries it waits for, in any order. When the owner of the
 * partition lives in this process, it takes the command straight.
 */
export class Asks implements Asker {
  readonly #api: string;
  readonly #acceptor: Acceptor;
  readonly #timeoutMs: number;
  readonly #actorOf: Behaviour['actorOf'];
  readonly #local: Local | undefined;
  readonly #pending = new Map<number, Pending>();
  readonly #actors = new Map<string, number>();
  readonly #sweeper: NodeJS.Timeout;
  #next = 1;

  /** @param api name of this process's channel, unique among all processes for ever */
  constructor(api: string, acceptor: Acceptor, timeoutMs: number, actorOf: Behaviour['actorOf'], local?: Local) {
    this.#actorOf = actorOf;
    this.#local = local;
    this.#api = api;
    this.#acceptor = acceptor;
    this.#timeoutMs = timeoutMs;
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
    this.#sweeper.unref();
  }

  get inFlight(): number {
    return this.#pending.size;
  }

  /** @throws DomainError busy or tooMany; after busy the effect may yet come, and a repeated request finds it */
  ask(partition: number, command: Command | Supervision): Promise<Answer> {
    const actor = isSupervision(command) ? SUPERVISOR : this.#actorOf(command);
    const onActor = this.#actors.get(actor) ?? 0;
    if (this.#pending.size >= ASKS_IN_FLIGHT) return Promise.reject(new DomainError('busy'));
    if (onActor >= ASKS_PER_ACTOR) return Promise.reject(new DomainError('tooMany'));
    const number = this.#next;
    this.#next += 1;
    this.#actors.set(actor, onActor + 1);
    return new Promise<Answer>((resolve, reject) => {
      const pending: Pending = {
        actor,
        deadline: performance.now() + this.#timeoutMs,
        answer: undefined,
        waits: 0,
        far: false,
        resolve,
        reject,
      };
      this.#pending.set(number, pending);
      const replyTo = { api: this.#api, ask: number };
      const message: Arrived = { command, replyTo, confirm: false, inside: false };
      if (!this.#local?.owner(partition)?.take(message, this)) this.divert(partition, message);
    });
  }

  divert(partition: number, message: Arrived): void {
    const pending = this.#pending.get(message.replyTo?.ask ?? 0);
    if (pending) pending.far = true;
    this.#acceptor
      .accept(partition, encodeMessage(message), frees(message.command))
      .catch((error: Error) => this.#fail(message, error));
  }

  doubt(message: Arrived): void {
    this.#fail(message, new DomainError('busy'));
  }

  /** A publication on this process's channel. */
  receive(payload: string): void {
    this.take(JSON.parse(payload) as ReplyItem[]);
  }

  take(items: readonly ReplyItem[]): void {
    for (const [number, status, waits, body] of items) {
      const pending = this.#pending.get(number);
      if (pending === undefined) continue;
      if (status === BUSY) {
        this.#giveUp(number, pending);
        continue;
      }
      if (status === 0) pending.waits += waits - 1;
      else {
        pending.answer = body === undefined ? { status } : { status, body };
        pending.waits += waits;
      }
      if (pending.answer === undefined || pending.waits > 0) continue;
      this.#end(number, pending);
      pending.resolve(pending.answer);
    }
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const [number, pending] of this.#pending) this.#giveUp(number, pending);
  }

  /**
   * The channel was cut: answers given meanwhile are lost, and nobody should wait for them. Their effects stay. A request
   * that an owner of this process took is answered without the channel, but for deliveries it may wait for.
   */
  interrupt(): void {
    for (const [number, pending] of this.#pending)
      if (pending.far || pending.answer !== undefined) this.#giveUp(number, pending);
  }

  #giveUp(number: number, pending: Pending): void {
    this.#end(number, pending);
    pending.reject(new DomainError('busy'));
  }

  #fail({ replyTo }: Arrived, error: Error): void {
    const number = replyTo?.ask ?? 0;
    const pending = this.#pending.get(number);
    if (pending === undefined) return;
    this.#end(number, pending);
    pending.reject(error instanceof DomainError ? error : new DomainError('busy'));
  }

  #end(number: number, pending: Pending): void {
    this.#pending.delete(number);
    const left = (this.#actors.get(pending.actor) ?? 1) - 1;
    if (left > 0) this.#actors.set(pending.actor, left);
    else this.#actors.delete(pending.actor);
  }

  /** All wait the same time, so the map is in deadline order. */
  #sweep(): void {
    const now = performance.now();
    for (const [number, pending] of this.#pending) {
      if (pending.deadline > now) return;
      this.#giveUp(number, pending);
    }
  }
}
