import type { Id } from '../domain/ids.ts';
import type { PresenceStore } from '../redis/presence.ts';
import { served } from './served.ts';

/** Without another look, who opened a case is thought to have left it, ms. */
export const PRESENT_MS = 120_000;

/** Which agents look at a case now. Outside of the engine's promise: what is lost is a courtesy. */
export class Presence {
  readonly #store: PresenceStore;
  readonly #now: () => number;

  constructor(store: PresenceStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** This agent looks at it; who else does. @throws DomainError busy */
  async note(case_: Id, agent: Id): Promise<Id[]> {
    const now = this.#now();
    const found = await served(this.#store.note(case_, agent, now, now + PRESENT_MS));
    return found.filter((one) => one !== agent) as Id[];
  }

  /** @throws DomainError busy */
  async of(case_: Id): Promise<Id[]> {
    return (await served(this.#store.read(case_, this.#now()))) as Id[];
  }
}
