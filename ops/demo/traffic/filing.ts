import type { Folder } from '../wire.ts';

/** Cases remembered: those of agents on the portal may stay open for ever, so the oldest are forgotten beyond this. */
const most = 250_000;

/** The senders' own record of which folder a case belongs to: the hub's case does not say (contract 5.6). */
export class Filing {
  readonly #folders = new Map<string, string>();
  readonly #open = new Map<string, number>();

  constructor(entries: Iterable<readonly [caseId: string, folderId: string]> = []) {
    for (const [caseId, folderId] of entries) this.#add(caseId, folderId);
  }

  open(folder: Folder): void {
    for (const one of folder.cases) this.#add(one.id, folder.id);
  }

  /** Notes that a case is closed; gives its folder's id when that was the last open one. */
  close(caseId: string): string | undefined {
    const folderId = this.#folders.get(caseId);
    if (folderId === undefined) return undefined;
    this.#folders.delete(caseId);
    const left = (this.#open.get(folderId) ?? 1) - 1;
    if (left > 0) this.#open.set(folderId, left);
    else this.#open.delete(folderId);
    return left > 0 ? undefined : folderId;
  }

  /** To be kept for a later run. */
  entries(): [caseId: string, folderId: string][] {
    return [...this.#folders];
  }

  #add(caseId: string, folderId: string): void {
    this.#folders.set(caseId, folderId);
    this.#open.set(folderId, (this.#open.get(folderId) ?? 0) + 1);
    if (this.#folders.size <= most) return;
    const oldest = this.#folders.keys().next().value;
    if (oldest !== undefined) this.close(oldest);
  }
}
