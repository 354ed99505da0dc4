/**
 * What was answered against what was read, case by case, in bounded memory: a case is forgotten once both are known.
 *
 * Lines of a batch that are under way together have no order between them; a line that was sent after another one was answered
 * has, and must be read after it.
 */
export class Ledger {
  /** when each was sent and answered, ms */
  readonly #answered = new Map<string, { sent: number; at: number }>();
  readonly #seen = new Set<string>();
  /** moment the last-sent case read of each recipient was sent, ms */
  readonly #lastSent = new Map<number, number>();
  matched = 0;
  reordered = 0;

  /** @param sent ms of the clock that `now` is of */
  answered(id: string, recipient: number, sent: number, now: number): void {
    if (this.#seen.delete(id)) this.#match(recipient, sent);
    else this.#answered.set(id, { sent, at: now });
  }

  /** In the order of its recipient's mailbox or feed. */
  seen(id: string, recipient: number): void {
    const answered = this.#answered.get(id);
    if (answered === undefined) {
      this.#seen.add(id);
      return;
    }
    this.#answered.delete(id);
    if (answered.at < (this.#lastSent.get(recipient) ?? 0)) this.reordered += 1;
    this.#match(recipient, answered.sent);
  }

  /** answered, and not read */
  get lost(): number {
    return this.#answered.size;
  }

  /** read twice, or never answered */
  get surplus(): number {
    return this.#seen.size;
  }

  #match(recipient: number, sent: number): void {
    this.matched += 1;
    if (sent > (this.#lastSent.get(recipient) ?? 0)) this.#lastSent.set(recipient, sent);
  }
}
