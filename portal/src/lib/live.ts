/** What a page that is looked at hears of, while nobody moves. */

/** Between two looks of the server, and of a page that has no stream. ms */
export const LOOK_MS = 15_000;
export const POLL_MS = 30_000;

export interface News {
  /** cases of the list that came since it was read */
  fresh?: number;
  /** colleagues who have the case before them */
  present?: string[];
  /** changes with whatever the page shows of the case's state */
  stamp?: string;
}

/** Of a case: its version, and the decision that waits. */
export const stampOf = (version: string, pending: { id: string } | null): string => `${version} ${pending?.id ?? ''}`;
