/** Texts with words between braces that a case fills in. */

export const VARIABLES = ['numero', 'demandeur', 'demarche', 'date', 'agent'] as const;
export type Variable = (typeof VARIABLES)[number];
export type Values = Readonly<Record<Variable, string>>;

/** What a template is for, by the form that uses it, with the field of its text. */
export const FORMS = {
  ecrire: { kind: 'message', field: 'texte' },
  demander: { kind: 'request', field: 'manque' },
  refuser: { kind: 'refusal', field: 'precisions' },
} as const;
export type FormName = keyof typeof FORMS;
export const isForm = (name: string): name is FormName => Object.hasOwn(FORMS, name);

/** Longest text of each kind, characters: what its form sends, beside the list or the reason that go before it. */
export const LONGEST_TEXT = { message: 1000, request: 800, refusal: 750 } as const;
export type Kind = keyof typeof LONGEST_TEXT;
export const isKind = (text: string): text is Kind => Object.hasOwn(LONGEST_TEXT, text);

const WORD = /\{([^{}\n]{1,40})\}/g;
const isVariable = (word: string): word is Variable => (VARIABLES as readonly string[]).includes(word);

/** A word between braces that would stay as it is. */
export const unknownIn = (text: string): string | undefined =>
  Array.from(text.matchAll(WORD), ([, word]) => word as string).find((word) => !isVariable(word));

/** What is filled in is not looked at again: a name with braces stays a name. */
export const filled = (text: string, values: Values): string =>
  text.replace(WORD, (whole, word: string) => (isVariable(word) ? values[word] : whole));

/** Added after what was typed, which stays as it was. */
export const joined = (typed: string, added: string): string =>
  typed.trim() === '' ? added : `${typed.trimEnd()}\n\n${added}`;

/** Templates of a case's forms, as their lists show them. */
export type Offered = Record<Kind, { id: string; name: string }[]>;

export function offered(
  templates: readonly { id: string; kind: Kind; name: string; processCode: string | null }[],
  process: string,
): Offered {
  const of = (kind: Kind) =>
    templates
      .filter((one) => one.kind === kind && (one.processCode ?? process) === process)
      .map(({ id, name }) => ({ id, name }))
      .sort((a, b) => a.name.localeCompare(b.name, 'fr'));
  return { message: of('message'), request: of('request'), refusal: of('refusal') };
}
