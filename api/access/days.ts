import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Files of the access log: one a day and member, named by both. */
export interface DayName {
  name: string;
  /** `2026-11-26`, UTC */
  day: string;
  member: string;
}

const NAME = /^(\d{4}-\d{2}-\d{2})-(\d+)\.ndjson$/;
const DAY_MS = 86_400_000;
const DATE_LENGTH = 10;

/**
 * Twelve months, also those with a 29 February: long enough to answer a citizen or an inquiry, and what the CNIL takes as the
 * most for logs without a further reason (six months to a year, délibération 2021-122).
 */
export const KEPT_DAYS = 366;

export const accessFolder = (data: string): string => join(data, 'access');
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, DATE_LENGTH);
export const nameOf = (day: string, member: string): string => `${day}-${member}.ndjson`;
/** Days before this one are over. */
export const oldestDay = (now: number): string => dayOf(now - KEPT_DAYS * DAY_MS);
export const beginOf = (day: string): string => `${day}T00:00:00.000Z`;

export function parseName(name: string): DayName | undefined {
  const [, day, member] = NAME.exec(name) ?? [];
  return day === undefined || member === undefined ? undefined : { name, day, member };
}

/** Files of the folder, oldest first. */
export async function filesOf(folder: string): Promise<DayName[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .sort()
    .map(parseName)
    .filter((found) => found !== undefined);
}

/** Removes the days that are over, of all members. */
export async function prune(folder: string, now: number): Promise<void> {
  const oldest = oldestDay(now);
  for (const { name, day } of await filesOf(folder)) if (day < oldest) await rm(join(folder, name), { force: true });
}
