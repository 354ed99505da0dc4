/** Dates of the wire (contract §2): any RFC 3339 date-time in, milliseconds and offset out. Inside: ms since 1970. */

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9})\d*)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Longest text looked at, characters: RFC 3339 bounds no fraction of a second, a body of megabytes must not be one. */
const MAX_LENGTH = 64;

/** Years outside 1–9999 have no four-digit text to give back. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
const MINUTE_MS = 60_000;

/** ms of an RFC 3339 date-time; undefined when it is none. A leap second counts as the next second. */
export function readDate(text: string): number | undefined {
  const match = text.length > MAX_LENGTH ? null : DATE_TIME.exec(text);
  if (match === null) return undefined;
  const part = (index: number) => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  // the calendar repeats every 400 years; Date.UTC would take years below 100 as 19xx
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > lastDay || hour > 23 || minute > 59 || second > 60) return undefined;
  if (part(9) > 23 || part(10) > 59) return undefined;
  const offset = (part(9) * 60 + part(10)) * MINUTE_MS * (match[8] === '-' ? -1 : 1);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const ms = date.setUTCHours(hour, minute, second, Math.floor(Number(`0.${match[7] ?? 0}`) * 1000)) - offset;
  return ms < FIRST_MS || ms > LAST_MS ? undefined : ms;
}

const SECOND_MS = 1000;
let lastSecond = Number.NaN;
let lastText = '';

/** `2024-07-04T08:54:15.438+00:00`; times of one list often share their second, so that its text is kept. */
export function dateText(ms: number): string {
  const second = Math.floor(ms / SECOND_MS);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(second * SECOND_MS).toISOString().slice(0, 20);
  }
  return `${lastText}${String(ms - second * SECOND_MS).padStart(3, '0')}+00:00`;
}

export const dateOrNull = (ms: number | null): string | null => (ms === null ? null : dateText(ms));
