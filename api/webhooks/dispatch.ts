import type { Hub } from '#engine/client/hub.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { WebhookPlace } from '#engine/domain/records/webhook.ts';
import { Courier, type CourierState, type Hold } from './courier.ts';
import type { Desk } from './desk.ts';

/** Times of sharing the work among processes, ms. */
export interface DispatchPace {
  /** how long a hold lasts without being renewed: a killed process's webhooks wait as long */
  leaseMs: number;
  /** how often holds are renewed, and webhooks and processes looked for */
  lookMs: number;
  /** a process that says nothing for as long takes no part */
  silenceMs: number;
  /** a call's own limit: none begins that would outlive the hold */
  callMs: number;
}
export const DISPATCH_PACE: DispatchPace = { leaseMs: 20_000, lookMs: 2_000, silenceMs: 8_000, callMs: 10_000 };

/** The hold on one partition, and who works there. */
class Round implements Hold {
  readonly partition: number;
  readonly couriers = new Map<Id, Courier>();
  epoch = 0;
  /** end of the hold, ms of this process's clock */
  until = 0;
  readonly #callMs: number;

  constructor(partition: number, callMs: number) {
    this.partition = partition;
    this.#callMs = callMs;
  }

  mayCall(): boolean {
    return performance.now() + this.#callMs < this.until;
  }

  lost(): void {
    this.until = 0;
  }
}

type Work = Pick<Hub, 'webhooks' | 'ask'>;

/**
 * Delivers to webhooks in this process: takes its share of the partitions, one holder each, and keeps one courier for
 * each webhook there (decision record 012).
 */
export class Dispatch {
  readonly #hub: Work;
  readonly #desk: Desk;
  readonly #pace: DispatchPace;
  readonly #rounds = new Map<number, Round>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(hub: Work, desk: Desk, pace: DispatchPace = DISPATCH_PACE) {
    this.#hub = hub;
    this.#desk = desk;
    this.#pace = pace;
  }

  /** its name among the processes that deliver */
  get name(): string {
    return this.#desk.courier;
  }

  /** webhooks of this process, by how they are */
  get states(): Record<CourierState, number> {
    const count = { delivering: 0, failing: 0, paused: 0 };
    for (const { couriers } of this.#rounds.values()) {
      for (const { state } of couriers.values()) count[state] += 1;
    }
    return count;
  }

  /** When the first of the replaced secrets of this process's webhooks ends that is valid at `now`, ms; undefined: none. */
  firstSecretEnd(now: number): number | undefined {
    let first: number | undefined;
    for (const { couriers } of this.#rounds.values())
      for (const { secretEnds } of couriers.values())
        for (const end of secretEnds)
          if (end !== null && end > now && end < (first ?? Number.POSITIVE_INFINITY)) first = end;
    return first;
  }

  get held(): number {
    let count = 0;
    for (const { until } of this.#rounds.values()) if (until > performance.now()) count += 1;
    return count;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), this.#pace.lookMs);
    void this.look();
  }

  /** Compares what is with what should be; called from time to time, and when this process changed a webhook. */
  look(): Promise<void> {
    this.#again = true;
    this.#looking ??= this.#lookOn().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** No call is under way afterwards; others may take over at once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#looking;
    const leaving = [...this.#rounds.values()].map((round) => this.#end(round));
    this.#desk.outbound.close();
    await Promise.all(leaving);
    await this.#hub.webhooks.leave(this.#desk.courier).catch((error: unknown) => this.#desk.onTrouble(error));
  }

  /** One that is under way may have looked before what it is called for: another one follows. */
  async #lookOn(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      await this.#look().catch((error: unknown) => this.#desk.onTrouble(error));
    }
  }

  async #look(): Promise<void> {
    const mine = new Set(await this.#hub.webhooks.beat(this.#desk.courier, this.#pace.silenceMs));
    const places = await this.#hub.webhooks.places([...mine]);
    const foreign = [...this.#rounds.values()].filter(
      ({ partition }) => !mine.has(partition) || !places.has(partition),
    );
    await Promise.all(foreign.map((round) => this.#end(round)));
    await Promise.all([...places].map(([partition, webhooks]) => this.#tend(partition, webhooks)));
  }

  async #tend(partition: number, webhooks: readonly WebhookPlace[]): Promise<void> {
    const round = this.#rounds.get(partition) ?? new Round(partition, this.#pace.callMs);
    this.#rounds.set(partition, round);
    if (!(await this.#claim(round))) return;
    const wanted = new Map(webhooks.map((place) => [place.id, place]));
    for (const [id, courier] of round.couriers) {
      if (wanted.has(id)) continue;
      round.couriers.delete(id);
      void courier.stop();
    }
    for (const [id, place] of wanted) {
      const courier = round.couriers.get(id);
      if (courier === undefined) {
        const made = new Courier({ ...place }, round, this.#desk);
        round.couriers.set(id, made);
        void made.start();
      } else if (courier.version !== place.version) courier.wake(place.version);
    }
  }

  /** The hold counts from before it was asked for. */
  async #claim(round: Round): Promise<boolean> {
    const { leaseMs } = this.#pace;
    const before = performance.now();
    const command = { kind: 'courier.claim', courier: this.#desk.courier, leaseMs } as const;
    try {
      const { status, body } = await this.#hub.ask(round.partition, command);
      if (status === 200) {
        round.epoch = (body as { epoch: number }).epoch;
        round.until = before + leaseMs;
        return true;
      }
      round.lost();
    } catch (error) {
      // Nobody knows whether it was renewed: it ends when it would have without.
      this.#desk.onTrouble(error);
    }
    return false;
  }

  async #end(round: Round): Promise<void> {
    this.#rounds.delete(round.partition);
    // What is under way may end, and be reported, while the hold lasts.
    const stopped = [...round.couriers.values()].map((courier) => courier.stop());
    await Promise.all(stopped);
    if (round.until === 0) return;
    const { courier } = this.#desk;
    await this.#hub
      .ask(round.partition, { kind: 'courier.release', courier, epoch: round.epoch })
      .catch((error: unknown) => this.#desk.onTrouble(error));
  }
}
