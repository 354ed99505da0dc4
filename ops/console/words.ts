/** Figures and times as an operator reads them at a glance: few characters, never more digits than they mean. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KILO = 1_000;
const UNITS = ['', 'k', 'M', 'G', 'T'];
/** Below, one digit after the point says something. */
const SMALL = 10;

/** `0.4 s`, `12 s`, `3 min`, `5 h`, `2 d`. */
export function ago(ms: number): string {
  if (ms < SMALL * SECOND) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < 2 * MINUTE) return `${Math.round(ms / SECOND)} s`;
  if (ms < 2 * HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.round(ms / HOUR)} h`;
  return `${Math.round(ms / DAY)} d`;
}

/** `7`, `1.2k`, `34k`, `5.6M`. */
export function count(value: number): string {
  let [shown, unit] = [value, 0];
  while (Math.abs(shown) >= KILO && unit < UNITS.length - 1) [shown, unit] = [shown / KILO, unit + 1];
  if (unit === 0) return Number.isInteger(shown) ? String(shown) : shown.toFixed(shown < SMALL ? 1 : 0);
  return `${shown.toFixed(shown < SMALL ? 1 : 0)}${UNITS[unit]}`;
}

/** `512 MB`, `1.5 GB`. */
export function bytes(value: number): string {
  const text = count(value);
  const unit = /[kMGT]$/.exec(text)?.[0] ?? '';
  return `${text.slice(0, text.length - unit.length)} ${unit}B`;
}

/** `2026-11-26 19:04:12`, UTC. */
export const moment = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

/** Cells of a table under each other, the numbers of `right` (columns) at the right; no spaces at the end. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length));
        return right.includes(column) ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd(),
  );
}
