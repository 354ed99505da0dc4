const DAY_MS = 86_400_000;

/** What the operator sets and deciders obey; the same in every process of a hub. */
export interface Settings {
  /** how long an entry of a feed is kept at least, ms */
  feedMs: number;
}

export const DEFAULT_SETTINGS: Settings = { feedMs: 30 * DAY_MS };
