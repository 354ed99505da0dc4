import { problemOf } from '#api/server/problem.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply } from '#api/server/types.ts';

/** Requests of one client under way in this process: a quarter of what the server takes of all. */
export const REQUESTS_PER_CLIENT = 2048;

/**
 * How many requests each client has under way, and what it is told of it (draft-ietf-httpapi-ratelimit-headers: a
 * quota of concurrent requests has no window, and frees itself as answers come).
 */
export class Quota {
  readonly #limit: number;
  readonly #policy: string;
  readonly #underWay = new Map<string, number>();

  constructor(limit = REQUESTS_PER_CLIENT) {
    this.#limit = limit;
    this.#policy = `"client";q=${limit};qu="concurrent-requests"`;
  }

  /** Runs a request within its client's quota. @throws Problem too-many-requests */
  async within(client: string, run: () => Promise<Reply> | Reply): Promise<Reply> {
    const count = this.#underWay.get(client) ?? 0;
    if (count >= this.#limit) throw new Problem('too-many-requests', undefined, { headers: this.#fields(0) });
    this.#underWay.set(client, count + 1);
    try {
      const reply = await run();
      return { ...reply, headers: { ...reply.headers, ...this.#fields(this.#left(client)) } };
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      const { code, detail, errors, headers, acr } = problem;
      throw new Problem(code, detail, {
        ...(errors && { errors }),
        ...(acr && { acr }),
        headers: { ...headers, ...this.#fields(this.#left(client)) },
      });
    } finally {
      this.#leave(client);
    }
  }

  #leave(client: string): void {
    const left = (this.#underWay.get(client) ?? 1) - 1;
    if (left > 0) this.#underWay.set(client, left);
    else this.#underWay.delete(client);
  }

  #left(client: string): number {
    return this.#limit - (this.#underWay.get(client) ?? 0) + 1;
  }

  #fields(left: number): Record<string, string> {
    return { 'RateLimit-Policy': this.#policy, RateLimit: `"client";r=${left}` };
  }
}
