/** Lines of a screen: parts with a tone, cut to a width, as text or with the terminal's colours. */

export type Tone = 'bad' | 'warn' | 'dim' | 'bold' | 'bar';
export type Part = string | readonly [tone: Tone, text: string];
export type Line = readonly Part[];

const CODES: Record<Tone, string> = { bad: '1;31', warn: '33', dim: '2', bold: '1', bar: '7' };
const CONTROL = /\p{Cc}/gu;

const textOf = (part: Part): string => (typeof part === 'string' ? part : part[1]);

/** What a server or an organisation is called must not move the cursor. */
const clean = (text: string): string => text.replace(CONTROL, '?');

/** The line in `columns` cells at most; `…` where it was cut. */
export function paint(line: Line, columns: number, colours: boolean): string {
  let left = columns;
  let painted = '';
  const whole = line.reduce((sum, part) => sum + [...textOf(part)].length, 0);
  const cut = whole > columns;
  for (const part of line) {
    const letters = [...clean(textOf(part))];
    const room = cut ? left - 1 : left;
    const shown = letters.slice(0, Math.max(0, room)).join('');
    const text = cut && letters.length > room && left > 0 ? `${shown}…` : shown;
    left -= [...text].length;
    painted += typeof part === 'string' || !colours || text === '' ? text : `\x1b[${CODES[part[0]]}m${text}\x1b[0m`;
    if (left <= 0 || text.endsWith('…')) break;
  }
  return painted;
}

/** The line filled with spaces up to the last column, for a bar. */
export const bar = (text: string, columns: number): Line => [['bar', text.padEnd(columns)]];
