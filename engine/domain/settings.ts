import { FORMATS, type Format } from './format.ts';

const DAY_MS = 86_400_000;

/** What the operator sets and deciders obey; the same in every process of a hub. */
export interface Settings {
  /** how long an entry of a feed is kept at least, ms */
  readonly feedMs: number;
  /** what may be written: raised while a process runs, when the administrator finalises an upgrade */
  readonly format: Format;
}

export const DEFAULT_SETTINGS: Settings = { feedMs: 30 * DAY_MS, format: FORMATS.max };
