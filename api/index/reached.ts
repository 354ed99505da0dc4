import type { OrgKey } from '#engine/domain/organization.ts';
import type { Position } from './search.ts';

/** How far each feed is in the index, and who waits for it to go on. */
export class Reached {
  readonly #positions = new Map<OrgKey, Position>();
  readonly #waiting = new Map<OrgKey, Set<() => void>>();

  constructor(known: readonly Position[]) {
    for (const position of known) this.#positions.set(position.org, position);
  }

  of(org: OrgKey): Position | undefined {
    return this.#positions.get(org);
  }

  has(org: OrgKey, position: number): boolean {
    return (this.#positions.get(org)?.position ?? -1) >= position;
  }

  set(position: Position): void {
    this.#positions.set(position.org, position);
    for (const look of this.#waiting.get(position.org) ?? []) look();
  }

  /** Resolves when the index has this position, or at the signal. */
  until(org: OrgKey, position: number, signal: AbortSignal): Promise<void> {
    if (this.has(org, position) || signal.aborted) return Promise.resolve();
    const waiting = this.#waiting.get(org) ?? new Set();
    this.#waiting.set(org, waiting);
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.has(org, position) && !signal.aborted) return;
        waiting.delete(look);
        if (waiting.size === 0 && this.#waiting.get(org) === waiting) this.#waiting.delete(org);
        resolve();
      };
      waiting.add(look);
      signal.addEventListener('abort', look, { once: true });
    });
  }
}
