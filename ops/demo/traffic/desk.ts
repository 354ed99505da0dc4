/** A case on an agent's desk: what remains to be done with it, and when. */
export interface Treatment {
  /** Subscription whose software holds the case. */
  key: string;
  caseId: string;
  /** Milliseconds since the epoch. */
  due: number;
  /** A complement was asked for already. */
  asked: boolean;
}

/** Cases being processed by the recipients' agents, until their time has come. */
export class Desk {
  #waiting: Treatment[];

  constructor(waiting: readonly Treatment[] = []) {
    this.#waiting = [...waiting];
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(treatment: Treatment): void {
    this.#waiting.push(treatment);
  }

  /** Takes at most `limit` of those whose time has come. */
  takeDue(now: number, limit: number): Treatment[] {
    const due: Treatment[] = [];
    const later: Treatment[] = [];
    for (const one of this.#waiting) (one.due <= now && due.length < limit ? due : later).push(one);
    this.#waiting = later;
    return due;
  }

  /** To be kept for a later run. */
  entries(): Treatment[] {
    return [...this.#waiting];
  }
}
