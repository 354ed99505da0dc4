import type { OrgKey } from '#engine/domain/organization.ts';

/** Calls under way at once to receivers that answer well. */
const QUICK = 256;
/** The same to those that failed, or were slow, last time: however many there are, they take no place of the others. */
const SLOW = 64;
/** Calls of one organisation at once: many addresses give no larger share. */
const OF_ONE = 4;

export type Lane = 'quick' | 'slow';

interface Waiting {
  org: OrgKey;
  go: () => void;
}

/** Places for calls of one process. Who waits holds nothing but its turn. */
export class Slots {
  readonly #limits: Readonly<Record<Lane, number>>;
  readonly #ofOne: number;
  readonly #taken: Record<Lane, number> = { quick: 0, slow: 0 };
  readonly #orgs = new Map<OrgKey, number>();
  readonly #queues: Record<Lane, Waiting[]> = { quick: [], slow: [] };

  constructor(limits: Readonly<Record<Lane, number>> = { quick: QUICK, slow: SLOW }, ofOne = OF_ONE) {
    this.#limits = limits;
    this.#ofOne = ofOne;
  }

  taken(lane: Lane): number {
    return this.#taken[lane];
  }

  waiting(lane: Lane): number {
    return this.#queues[lane].length;
  }

  /** A place now, or none. */
  tryTake(lane: Lane, org: OrgKey): (() => void) | undefined {
    if (!this.#free(lane, org)) return undefined;
    this.#enter(lane, org);
    return this.#once(lane, org);
  }

  /** @returns how to give the place back */
  async take(lane: Lane, org: OrgKey): Promise<() => void> {
    if (!this.#free(lane, org)) await new Promise<void>((go) => this.#queues[lane].push({ org, go }));
    else this.#enter(lane, org);
    return this.#once(lane, org);
  }

  #once(lane: Lane, org: OrgKey): () => void {
    let held = true;
    return () => {
      if (held) this.#leave(lane, org);
      held = false;
    };
  }

  #free(lane: Lane, org: OrgKey): boolean {
    return this.#taken[lane] < this.#limits[lane] && (this.#orgs.get(org) ?? 0) < this.#ofOne;
  }

  #enter(lane: Lane, org: OrgKey): void {
    this.#taken[lane] += 1;
    this.#orgs.set(org, (this.#orgs.get(org) ?? 0) + 1);
  }

  #leave(lane: Lane, org: OrgKey): void {
    this.#taken[lane] -= 1;
    const left = (this.#orgs.get(org) ?? 1) - 1;
    if (left > 0) this.#orgs.set(org, left);
    else this.#orgs.delete(org);
    // The organisation's place is one of both lanes: whoever waited for it may wait in the other.
    this.#call('quick');
    this.#call('slow');
  }

  /** Lets the first ones in that may; those of a busy organisation wait without holding the others up. */
  #call(lane: Lane): void {
    const queue = this.#queues[lane];
    for (let i = 0; i < queue.length && this.#taken[lane] < this.#limits[lane]; ) {
      const next = queue[i] as Waiting;
      if (this.#free(lane, next.org)) {
        queue.splice(i, 1);
        this.#enter(lane, next.org);
        next.go();
      } else i += 1;
    }
  }
}
