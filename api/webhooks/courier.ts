import type { OrgKey } from '#engine/domain/organization.ts';
import type {
  Attempt,
  PauseReason,
  DeliveryReport as Report,
  WebhookPlace,
  WebhookState,
} from '#engine/domain/records/webhook.ts';
import { type Batch, type Desk, type Item, letterOf, nextBatch } from './desk.ts';
import type { Lane } from './slots.ts';

/** One report, thus one commit, after so many calls or so long, ms: what a crash may send twice. */
const BATCH_MS = 1_000;
/** A receiver that takes longer, ms, waits for its calls among the slow ones. */
const SLOW_MS = 1_000;
/** Nothing to do: whatever comes wakes it; looks by itself this often all the same, ms. */
const IDLE_MS = 30_000;
/** The hub could not take the report, or the lease is about to end, ms. */
const AGAIN_MS = 1_000;
/** How often a cursor is moved over entries that are of no interest to it, ms: long before retention reaches it. */
const PASS_MS = 600_000;

/** When to look again, ms from now; `deaf`: however the feed grows. */
interface Next {
  wait: number;
  deaf: boolean;
}
const AT_ONCE: Next = { wait: 0, deaf: false };
const LATER: Next = { wait: AGAIN_MS, deaf: true };

export type CourierState = 'delivering' | 'failing' | 'paused';

/** The hold a process has on the webhooks of a partition. */
export interface Hold {
  partition: number;
  epoch: number;
  /** a call begun now ends within the lease */
  mayCall(): boolean;
  /** another process has it */
  lost(): void;
}

/**
 * Delivers to one webhook: one call at a time, in the order of the feed, each until it succeeds. Holds nothing of what
 * it delivers but one batch; what is delivered, due or paused is in the record.
 */
export class Courier {
  readonly #place: WebhookPlace;
  readonly #hold: Hold;
  readonly #desk: Desk;
  #lane: Lane = 'quick';
  /** entries up to `position` are of no interest, as of that cursor */
  #passed: { cursor: number | null; position: number; at: number } | undefined;
  #running: Promise<void> | undefined;
  /** the record changed, or the feed grew, since the last look */
  #changed = false;
  #news = false;
  /** what it waits for is not news */
  #deaf = false;
  #cancel: (() => void) | undefined;
  #unfollow: (() => void) | undefined;
  #stopped = false;
  #state: CourierState = 'delivering';
  #secretEnds: readonly (number | null)[] = [];

  constructor(place: WebhookPlace, hold: Hold, desk: Desk) {
    this.#place = place;
    this.#hold = hold;
    this.#desk = desk;
  }

  get version(): number {
    return this.#place.version;
  }

  get org(): OrgKey {
    return this.#place.org;
  }

  /** Of its secrets, ms; null: it does not end. */
  get secretEnds(): readonly (number | null)[] {
    return this.#secretEnds;
  }

  /** as its record said when it was last read */
  get state(): CourierState {
    return this.#state;
  }

  async start(): Promise<void> {
    const unfollow = await this.#desk.news.follow(this.org, () => {
      this.#news = true;
      if (!this.#deaf) this.#go();
    });
    if (this.#stopped) return unfollow();
    this.#unfollow = unfollow;
    this.#go();
  }

  /** The record is no longer what it was. */
  wake(version: number): void {
    this.#place.version = version;
    this.#changed = true;
    this.#go();
  }

  /** Resolves when no call is under way any more; one that is cut now is no failure of the receiver. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    this.#unfollow?.();
    await this.#running;
  }

  #go(): void {
    if (this.#running !== undefined || this.#stopped) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    for (;;) {
      this.#changed = false;
      this.#news = false;
      const { wait, deaf } = await this.#step().catch((error: unknown) => {
        this.#desk.onTrouble(error);
        return LATER;
      });
      if (this.#stopped) return;
      if (wait <= 0 || this.#changed || (this.#news && !deaf)) continue;
      this.#deaf = deaf;
      this.#cancel = this.#desk.clock.after(wait, () => this.#go());
      return;
    }
  }

  async #step(): Promise<Next> {
    const desk = this.#desk;
    const now = desk.clock.now();
    if (!this.#hold.mayCall()) return LATER;
    const found = await desk.find(this.#hold.partition, this.#place.id, this.org);
    this.#secretEnds = found?.webhook.secrets.map(({ until }) => until) ?? [];
    this.#state = found?.webhook.paused ? 'paused' : found?.webhook.failing ? 'failing' : 'delivering';
    if (found === undefined || found.webhook.paused !== null) return { wait: IDLE_MS, deaf: true };
    const { webhook, cursor } = found;
    const { failing } = webhook;
    if (failing !== null && failing.next > now) return { wait: Math.min(failing.next - now, IDLE_MS), deaf: true };
    if (failing !== null) this.#lane = 'slow';
    const passed = this.#passed?.cursor === cursor ? this.#passed : undefined;
    const batch = await nextBatch(desk, webhook, cursor, passed?.position);
    if (batch === 'gap') return this.#report(webhook, { from: cursor, upTo: null, pause: 'gap' });
    if (batch.items.length > 0 || batch.missing.length > 0) return this.#deliver(webhook, batch);
    const since = passed?.at ?? now;
    this.#passed = { cursor, position: batch.upTo, at: since };
    if (batch.upTo > (cursor ?? 0) && now - since >= PASS_MS)
      return this.#report(webhook, { from: cursor, upTo: batch.upTo });
    return batch.more ? AT_ONCE : { wait: IDLE_MS, deaf: false };
  }

  async #deliver(webhook: WebhookState, batch: Batch): Promise<Next> {
    const { clock } = this.#desk;
    const until = clock.now() + BATCH_MS;
    const attempts: Attempt[] = [];
    const replayed: number[] = batch.missing;
    let [upTo, whole]: [number | null, boolean] = [null, true];
    let failed: Report['failed'] = null;
    let pause: Report['pause'] = null;
    for (const item of batch.items) {
      const made = clock.now() < until ? await this.#call(webhook, item) : undefined;
      if (made === undefined) {
        whole = false;
        break;
      }
      attempts.push(made.attempt);
      const { outcome } = made.attempt;
      if (outcome !== 'delivered') {
        failed = { jitter: this.#desk.jitter(), retryAfterMs: made.retryAfterMs };
        if (outcome === 'gone') pause = 'gone';
        whole = false;
        break;
      }
      if (item.again) replayed.push(item.sequence);
      else {
        upTo = item.sequence;
        this.#desk.taken?.(item);
      }
    }
    if (attempts.length === 0 && replayed.length === 0) return LATER;
    // What follows the last one and is of no interest is passed over with it.
    if (whole && !batch.again) upTo = batch.upTo;
    return this.#report(webhook, { from: batch.from, upTo, attempts, replayed, failed, pause });
  }

  /** undefined: it was not called, or was cut by our own end */
  async #call(
    webhook: WebhookState,
    item: Item,
  ): Promise<{ attempt: Attempt; retryAfterMs: number | null } | undefined> {
    const { slots, clock, outbound, count } = this.#desk;
    const giveBack = await slots.take(this.#lane, this.org);
    try {
      if (this.#stopped || !this.#hold.mayCall()) return undefined;
      const at = clock.now();
      const step = item.trace === undefined ? undefined : this.#desk.step?.(item.trace);
      const letter = letterOf(this.#desk, webhook, item, step ? step.trace : item.trace);
      const { outcome, status, retryAfterMs } = await outbound.call(letter);
      if (step) {
        const attributes = { 'http.response.status_code': status, 'relais.outcome': outcome };
        step.end({ attributes, failed: outcome !== 'delivered' });
      }
      const duration = Math.max(0, Math.round(clock.now() - at));
      if (this.#stopped && outcome !== 'delivered') return undefined;
      count(outcome, duration);
      this.#lane = outcome === 'delivered' && duration < SLOW_MS ? 'quick' : 'slow';
      return { attempt: { at: Math.round(at), position: item.sequence, outcome, status, duration }, retryAfterMs };
    } finally {
      giveBack();
    }
  }

  async #report(webhook: WebhookState, done: Pick<Report, 'from' | 'upTo'> & Partial<Report>): Promise<Next> {
    const { partition, epoch } = this.#hold;
    const report = {
      attempts: [],
      replayed: [],
      failed: null,
      pause: null,
      ...done,
      id: webhook.id,
      epoch,
      courier: this.#desk.courier,
      mail: this.#desk.mailOf(this.org),
    };
    const { status, body } = await this.#desk.ask(partition, { kind: 'webhook.report', report });
    this.#passed = undefined;
    const pausedNow = status === 200 ? (body as { pausedNow: PauseReason | null }).pausedNow : null;
    if (pausedNow !== null) this.#desk.paused(pausedNow);
    if (status === 409) this.#hold.lost();
    return status === 200 ? AT_ONCE : LATER;
  }
}
