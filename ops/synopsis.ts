/**
 * What the docstring that opens a program says of it, and the options it names: one text, for who reads the file, for
 * `--help`, and for what refuses a word that it does not name.
 */

/** What follows `=`: letters in capitals stand for a number, others for themselves; '': nothing may follow. */
type Form = string;

const OPENING = /^\/\*\*(.*?)\*\//s;
const NAMED = /--([a-z][a-z-]*)(?:=([A-Z]+|[a-z]+(?:\|[a-z]+)*))?/g;
const NUMBER = /^\d+(?:\.\d+)?$/;

/** The docstring at the beginning of a file, without its marks; '': there is none. */
export function opening(source: string): string {
  const lines = OPENING.exec(source)?.[1]?.split('\n') ?? [];
  return lines
    .map((line) => line.replace(/^ ?\* ?/, '').trim())
    .join('\n')
    .trim();
}

/** The options that a text names: `--keep`, `--cases=N`, `--durability=fsync|everysec`; by name. */
export function optionsIn(text: string): Map<string, Form> {
  const found = new Map<string, Form>();
  for (const [, name = '', form = ''] of text.matchAll(NAMED)) found.set(name, form || (found.get(name) ?? ''));
  return found;
}

const shown = ([name, form]: [string, Form]): string => `--${name}${form === '' ? '' : `=${form}`}`;

/** Why words are no such options; undefined: they are. */
export function refusal(words: readonly string[], known: ReadonlyMap<string, Form>): string | undefined {
  for (const word of words) {
    const [, name = '', value] = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(word) ?? [];
    const form = known.get(name);
    if (form === undefined) return `no option « ${word} ». There is: ${[...known].map(shown).join(' ') || 'none'}`;
    if ((value === undefined) !== (form === '')) return `${word}: it is ${shown([name, form])}`;
    if (value !== undefined && !fits(value, form)) return `${word}: it is ${shown([name, form])}`;
  }
  return undefined;
}

const fits = (value: string, form: Form): boolean =>
  /^[A-Z]/.test(form) ? NUMBER.test(value) : form.split('|').includes(value);
