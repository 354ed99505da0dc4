import type { Client } from '../redis/connect.ts';

/** How often Redis' clock is looked at, ms: what two machines' clocks drift apart meanwhile is of no account. */
const LOOK_MS = 1_000;
const S = 1_000;
const US = 1_000;

/** Hub time: this process's clock corrected by Redis', which alone decides. */
export class HubClock {
  #offset = 0;
  readonly #timer: NodeJS.Timeout;

  /** `open` makes one. */
  private constructor(look: () => Promise<void>) {
    this.#timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
    this.#timer.unref();
  }

  static async open(client: Client): Promise<HubClock> {
    const look = async (): Promise<void> => {
      const [seconds, micros] = await client.time();
      clock.set(Number(seconds) * S + Math.floor(Number(micros) / US));
    };
    const clock = new HubClock(look);
    await look();
    return clock;
  }

  /** ms */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** Redis has just said its time, ms. */
  set(redisMs: number): void {
    this.#offset = redisMs - Date.now();
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
