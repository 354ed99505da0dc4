import { badRequest } from '#api/errors.ts';

const NONE: readonly string[] = [];

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw badRequest('Bad Request : the query string is not percent-encoded UTF-8');
  }
}

/** Parameters of a query string, parsed when first asked for. Same words as URLSearchParams, but strict. */
export class Query {
  readonly #text: string;
  #values: Map<string, string[]> | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** First value, null when the parameter is absent. @throws ApiError 400 when the text is not percent-encoded UTF-8 */
  get(name: string): string | null {
    return this.#text === '' ? null : (this.#parsed().get(name)?.[0] ?? null);
  }

  /** All values as given: `a=1&a=2` → ['1', '2']. */
  getAll(name: string): string[] {
    return this.#text === '' ? [] : [...(this.#parsed().get(name) ?? NONE)];
  }

  /** Names in order of first appearance. */
  keys(): string[] {
    return this.#text === '' ? [] : [...this.#parsed().keys()];
  }

  #parsed(): Map<string, string[]> {
    if (this.#values) return this.#values;
    const values = new Map<string, string[]>();
    for (const pair of this.#text.split('&')) {
      if (pair === '') continue;
      const at = pair.indexOf('=');
      const name = decode(at < 0 ? pair : pair.slice(0, at));
      const value = at < 0 ? '' : decode(pair.slice(at + 1));
      const known = values.get(name);
      if (known) known.push(value);
      else values.set(name, [value]);
    }
    this.#values = values;
    return values;
  }
}
