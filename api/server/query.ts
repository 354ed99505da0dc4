import { HttpError } from './errors.ts';

const NONE: readonly string[] = [];

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw new HttpError(400, 'Bad Request : the query string is not percent-encoded UTF-8');
  }
}

/** Parameters of a query string, parsed when first asked for.  */
export class Query {
  readonly #text: string;
  #values: Map<string, string[]> | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** First value, undefined when absent. @throws HttpError 400 when the text is not percent-encoded UTF-8, as all here */
  one(name: string): string | undefined {
    return this.#text === '' ? undefined : this.#parsed().get(name)?.[0];
  }

  /** All values as given: `a=1&a=2` → ['1', '2']. */
  all(name: string): readonly string[] {
    return this.#text === '' ? NONE : (this.#parsed().get(name) ?? NONE);
  }

  /** Values of an array parameter: repeated, or one comma-separated (contract §2); empty ones left out. */
  list(name: string): string[] {
    return this.all(name).flatMap((value) => value.split(',').filter((part) => part !== ''));
  }

  /** Names in order of first appearance. */
  names(): readonly string[] {
    return this.#text === '' ? NONE : [...this.#parsed().keys()];
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
