/**
 * Answers of one turn, one publication per waiting API process. JSON of items: `[ask, status, waits, body?]` for an
 * answer, `[ask, 0, waits]` for a delivery confirmed by its destination; `waits` is how many further deliveries the
 * request has to see confirmed.
 */
export type ReplyItem = [ask: number, status: number, waits: number, body?: unknown];

export class Replies {
  readonly #byApi = new Map<string, ReplyItem[]>();

  add(api: string, item: ReplyItem): void {
    const items = this.#byApi.get(api);
    if (items) items.push(item);
    else this.#byApi.set(api, [item]);
  }

  /** Whether all answers are for API processes that `local` knows: given after the commit, not with it. */
  areLocal(local: { api(name: string): unknown } | undefined): boolean {
    for (const api of this.#byApi.keys()) if (local?.api(api) === undefined) return false;
    return true;
  }

  /** Answers by API process. */
  all(): Iterable<[api: string, items: readonly ReplyItem[]]> {
    return this.#byApi;
  }
}
