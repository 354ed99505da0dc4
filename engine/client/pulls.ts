import type { OrgKey } from '../domain/organization.ts';
import type { Client } from '../redis/connect.ts';
import { CONTROL } from '../redis/keys.ts';

/** How late what is noted is in Redis, ms: what a killed process loses of it. */
const WRITE_MS = 30_000;

/**
 * When each organisation last came for what is there for it, by whatever way. Noted in memory, written now and then: it
 * costs a request nothing, and is for who looks after recipients, not a promise.
 */
export class Pulls {
  readonly #client: Client;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #fresh = new Map<OrgKey, number>();

  constructor(client: Client, now: () => number) {
    this.#client = client;
    this.#now = now;
    this.#timer = setInterval(() => void this.#write(), WRITE_MS);
    this.#timer.unref();
  }

  note(org: OrgKey): void {
    this.#fresh.set(org, this.#now());
  }

  /** ms, of all processes; what others noted a moment ago excepted. */
  async all(): Promise<ReadonlyMap<OrgKey, number>> {
    await this.#write();
    const found = await this.#client.hgetall(CONTROL.pulls);
    return new Map(Object.entries(found).map(([org, ms]) => [org, Number(ms)]));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#write();
  }

  async #write(): Promise<void> {
    const noted = this.#fresh;
    if (noted.size === 0) return;
    this.#fresh = new Map();
    try {
      await this.#client.hset(CONTROL.pulls, Object.fromEntries(noted));
    } catch {
      // Away, or full: what came since counts more.
      this.#fresh = new Map([...noted, ...this.#fresh]);
    }
  }
}
