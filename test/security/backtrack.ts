/**
 * A backtracking matcher that counts its steps, as V8's does not: what a regular expression costs is then a number,
 * the same on every machine. Reads the syntax this project uses, and throws on any other.
 */
type Test = (char: string) => boolean;
export type Node =
  | { kind: 'char'; test: Test }
  | { kind: 'start' | 'end' | 'edge' }
  | { kind: 'group'; choices: Node[][] }
  | { kind: 'repeat'; node: Node; min: number; max: number };

const ESCAPES: Record<string, Test> = {
  d: (char) => /[0-9]/.test(char),
  w: (char) => /[A-Za-z0-9_]/.test(char),
  s: (char) => /\s/.test(char),
  S: (char) => !/\s/.test(char),
};
const LITERALS: Record<string, string> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

class Parser {
  #at = 0;
  readonly #source: string;
  readonly #fold: boolean;
  readonly #any: boolean;
  readonly #unicode: boolean;
  constructor({ source, flags }: RegExp) {
    this.#source = source;
    this.#fold = flags.includes('i');
    this.#any = flags.includes('s');
    this.#unicode = flags.includes('u');
    if (flags.includes('m')) throw new Error('lines');
  }

  choices(): Node[][] {
    const found: Node[][] = [[]];
    while (this.#at < this.#source.length && this.#peek() !== ')') {
      if (this.#take('|')) found.push([]);
      else found.at(-1)?.push(this.#quantified());
    }
    return found;
  }

  #peek = (): string => this.#source[this.#at] ?? '';

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #quantified(): Node {
    const node = this.#atom();
    const braces = /^\{(\d+)(,?)(\d*)\}/.exec(this.#source.slice(this.#at));
    let [min, max] = [1, 1];
    if (this.#take('*')) [min, max] = [0, Number.POSITIVE_INFINITY];
    else if (this.#take('+')) max = Number.POSITIVE_INFINITY;
    else if (this.#take('?')) min = 0;
    else if (braces) {
      this.#at += braces[0].length;
      min = Number(braces[1]);
      max = braces[2] === '' ? min : braces[3] === '' ? Number.POSITIVE_INFINITY : Number(braces[3]);
    } else return node;
    if (this.#peek() === '?') throw new Error('a lazy quantifier');
    return { kind: 'repeat', node, min, max };
  }

  #atom(): Node {
    if (this.#take('^')) return { kind: 'start' };
    if (this.#take('$')) return { kind: 'end' };
    if (this.#take('\\b')) return { kind: 'edge' };
    if (this.#take('(')) {
      if (!this.#take('?:') && this.#peek() === '?') throw new Error('a look-around or a named group');
      const choices = this.choices();
      if (!this.#take(')')) throw new Error('a group without end');
      return { kind: 'group', choices };
    }
    if (this.#take('.')) return { kind: 'char', test: (char) => this.#any || !/[\n\r\u2028\u2029]/.test(char) };
    if (this.#take('[')) return this.#class();
    return { kind: 'char', test: this.#one() };
  }

  #class(): Node {
    const from = this.#at - 1;
    for (; this.#peek() !== ']'; this.#at += 1) if (this.#peek() === '\\') this.#at += 1;
    this.#at += 1;
    const set = new RegExp(this.#source.slice(from, this.#at), (this.#fold ? 'i' : '') + (this.#unicode ? 'u' : ''));
    return { kind: 'char', test: (char) => set.test(char) };
  }

  #one(): Test {
    const char = this.#peek();
    this.#at += 1;
    if (char !== '\\')
      return this.#fold ? (other) => other.toLowerCase() === char.toLowerCase() : (other) => other === char;
    const escaped = this.#peek();
    this.#at += 1;
    if (escaped === 'u' || escaped === 'x') {
      const digits = escaped === 'u' ? 4 : 2;
      const wanted = String.fromCharCode(Number.parseInt(this.#source.slice(this.#at, this.#at + digits), 16));
      this.#at += digits;
      return (other) => other === wanted;
    }
    if (/[1-9]/.test(escaped)) throw new Error('a reference back');
    const wanted = LITERALS[escaped] ?? escaped;
    return ESCAPES[escaped] ?? ((other) => other === wanted);
  }
}

export const parse = (expression: RegExp): Node => ({ kind: 'group', choices: new Parser(expression).choices() });

/** Steps a search through the text takes, to its end or to the first match. */
export function steps(root: Node, text: string): { count: number; found: boolean } {
  let count = 0;
  const word = (at: number): boolean => /\w/.test(text[at] ?? '');
  function match(node: Node, at: number, next: (at: number) => boolean): boolean {
    count += 1;
    switch (node.kind) {
      case 'char':
        return at < text.length && node.test(text[at] as string) && next(at + 1);
      case 'start':
        return at === 0 && next(at);
      case 'end':
        return at === text.length && next(at);
      case 'edge':
        return word(at - 1) !== word(at) && next(at);
      case 'group':
        return node.choices.some((sequence) => inOrder(sequence, 0, at, next));
      case 'repeat':
        return again(node, 0, at, next);
    }
  }
  const inOrder = (sequence: Node[], index: number, at: number, next: (at: number) => boolean): boolean =>
    index === sequence.length
      ? next(at)
      : match(sequence[index] as Node, at, (after) => inOrder(sequence, index + 1, after, next));
  const again = (node: Node & { kind: 'repeat' }, done: number, at: number, next: (at: number) => boolean): boolean => {
    const more = done < node.max && match(node.node, at, (after) => after > at && again(node, done + 1, after, next));
    return more || (done >= node.min && next(at));
  };
  for (let from = 0; from <= text.length; from += 1) if (match(root, from, () => true)) return { count, found: true };
  return { count, found: false };
}
