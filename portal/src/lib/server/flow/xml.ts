/**
 * The few rules of XML that business flows use. No document type, hence no entities of its own and nothing external to
 * fetch; bounded in depth and number of elements. What is not understood is refused, never guessed.
 */

export interface Node {
  name: string;
  attributes: { name: string; value: string }[];
  children: Node[];
  text: string;
}

const MOST_DEPTH = 32;
const MOST_NODES = 3_000;
const NAME = /[A-Za-z_\u00c0-\uffff][\w.\-\u00b7-\uffff]*(?::[A-Za-z_\u00c0-\uffff][\w.\-\u00b7-\uffff]*)?/y;
const ATTRIBUTE = /\s+([^\s=<>"'/]+)\s*=\s*("[^"<]*"|'[^'<]*')/y;
const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export class Unreadable extends Error {
  override name = 'Unreadable';
}

export function parseXml(text: string): Node {
  return new Reader(text.replace(/^\ufeff/, '')).document();
}

class Reader {
  readonly #text: string;
  #at = 0;
  #nodes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Node {
    this.#misc();
    if (this.#text[this.#at] !== '<') throw new Unreadable('no root element');
    const root = this.#element(0);
    this.#misc();
    if (this.#at < this.#text.length) throw new Unreadable('text after the root element');
    return root;
  }

  /** Spaces, comments and instructions. */
  #misc(): void {
    for (;;) {
      while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
      if (this.#starts('<?')) this.#past('?>');
      else if (this.#starts('<!--')) this.#past('-->');
      else if (this.#starts('<!')) throw new Unreadable('a document type is not read');
      else return;
    }
  }

  #element(depth: number): Node {
    if (depth > MOST_DEPTH) throw new Unreadable('too deep');
    if (++this.#nodes > MOST_NODES) throw new Unreadable('too many elements');
    this.#at++;
    const name = this.#match(NAME)[0];
    const node: Node = { name: local(name), attributes: [], children: [], text: '' };
    for (let found = this.#try(ATTRIBUTE); found; found = this.#try(ATTRIBUTE)) {
      const attribute = found[1] as string;
      if (!/^xmlns(:|$)|^xsi:/.test(attribute)) {
        node.attributes.push({ name: local(attribute), value: decode((found[2] as string).slice(1, -1)) });
      }
    }
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
    if (this.#starts('/>')) {
      this.#at += 2;
      return node;
    }
    if (!this.#starts('>')) throw new Unreadable('a tag does not end');
    this.#at++;
    this.#content(node, name, depth);
    return node;
  }

  #content(node: Node, name: string, depth: number): void {
    for (;;) {
      const next = this.#text.indexOf('<', this.#at);
      if (next < 0) throw new Unreadable(`${name} does not end`);
      node.text += decode(this.#text.slice(this.#at, next));
      this.#at = next;
      if (this.#starts('</')) {
        this.#at += 2;
        if (this.#match(NAME)[0] !== name) throw new Unreadable(`${name} ends as another`);
        while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
        if (!this.#starts('>')) throw new Unreadable('a tag does not end');
        this.#at++;
        return;
      }
      if (this.#starts('<!--')) this.#past('-->');
      else if (this.#starts('<![CDATA[')) {
        const end = this.#text.indexOf(']]>', this.#at);
        if (end < 0) throw new Unreadable('a section does not end');
        node.text += this.#text.slice(this.#at + 9, end);
        this.#at = end + 3;
      } else if (this.#starts('<?')) this.#past('?>');
      else if (this.#starts('<!')) throw new Unreadable('a declaration is not read');
      else node.children.push(this.#element(depth + 1));
    }
  }

  #starts(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #past(text: string): void {
    const end = this.#text.indexOf(text, this.#at);
    if (end < 0) throw new Unreadable(`no ${text}`);
    this.#at = end + text.length;
  }

  #try(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #match(pattern: RegExp): RegExpExecArray {
    const found = this.#try(pattern);
    if (!found) throw new Unreadable('a name is missing');
    return found;
  }
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&\s]{1,10});|&/g, (_, name: string | undefined) => {
    if (name === undefined) throw new Unreadable('a bare ampersand');
    if (name.startsWith('#'))
      return character(/^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1)));
    const known = PREDEFINED[name];
    if (known === undefined) throw new Unreadable(`an entity ${name} is not read`);
    return known;
  });
}

function character(code: number): string {
  if (!Number.isInteger(code) || code < 9 || code > 0x10ffff) throw new Unreadable('no such character');
  return String.fromCodePoint(code);
}
