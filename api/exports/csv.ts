import type { Cell } from './columns.ts';

/** For spreadsheets set up in French: semicolons, and a mark that says UTF-8. */
export const CSV_HEAD = '\ufeff';
/** A text that a spreadsheet would take for a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;
const QUOTED = /[;"\r\n]/;

/** `26/11/2026 14:32`. */
export function shownMoment(moment: string): string {
  const [year, month, day, hour, minute] = moment.split(/[-T:]/);
  return `${day}/${month}/${year} ${hour}:${minute}`;
}

function csvCell(cell: Cell): string {
  if (typeof cell !== 'string') return shownMoment(cell.moment);
  // a sender's text must not become a formula
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(';')}\r\n`;
