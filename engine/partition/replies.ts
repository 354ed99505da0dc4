/**
 * Answers of one turn, one publication per waiting API process. JSON of items: `[ask, status, waits, body?]` for an
 * answer, `[ask, 0, waits]` for a delivery confirmed by its destination; `waits` is how many further deliveries the
 * request has to see confirmed. `[ask, -1, 0]`: it was done, and does not count (BUSY).
 */
/** Too few replicas have what would be answered: its effect stays, and a repeated request finds it. */
export const BUSY = -1;

export type ReplyItem = [ask: number, status: number, waits: number, body?: unknown];

export class Replies {
  readonly #byApi = new Map<string, ReplyItem[]>();

  add(api: string, item: ReplyItem): void {
    const items = this.#byApi.get(api);
    if (items) items.push(item);
    else this.#byApi.set(api, [item]);
  }

  /** Whether all answers are for API processes of which `which` holds. */
  every(which: (api: string) => boolean): boolean {
    for (const api of this.#byApi.keys()) if (!which(api)) return false;
    return true;
  }

  /** Answers by API process. */
  all(): Iterable<[api: string, items: readonly ReplyItem[]]> {
    return this.#byApi;
  }
}
