/** French typography, set once for the whole catalogue: the sources are written with plain spaces. */

const NARROW = '\u202f';
const NO_BREAK = '\u00a0';

/** `Nouveau : « oui » ?` with the spaces that do not break, and the typographic apostrophe. */
export function typeset(text: string): string {
  return text
    .replaceAll("'", '’')
    .replaceAll('...', '…')
    .replace(/ ([;!?])/g, `${NARROW}$1`)
    .replace(/ ([:»%€])/g, `${NO_BREAK}$1`)
    .replace(/« /g, `«${NO_BREAK}`)
    .replace(/\bn° /g, `n°${NO_BREAK}`)
    .replace(/(\d) (?=\d{3}\b)/g, `$1${NARROW}`);
}

type Phrase = string | ((...given: never[]) => string);
export interface Phrases {
  readonly [name: string]: Phrase | Phrases;
}

/**
 * The same phrases, typeset. Texts of a case or a person must not go through it: they are shown as they came.
 * Its call does nothing else, which the build must know: else each page carries the catalogues nobody reads of a module.
 */
// @__NO_SIDE_EFFECTS__
export function catalogue<const T extends Phrases>(phrases: T): T {
  const set = (one: Phrase | Phrases): Phrase | Phrases => {
    if (typeof one === 'string') return typeset(one);
    if (typeof one === 'function') return (...given: never[]) => typeset(one(...given));
    return Object.fromEntries(Object.entries(one).map(([name, value]) => [name, set(value)]));
  };
  return set(phrases) as T;
}

/** `1 dossier`, `12 dossiers`: French counts zero and one as singular. */
export const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('fr-FR')}${NO_BREAK}${count < 2 ? one : many}`;
