/** A strict reader of what our own files are made of: elements, attributes, texts. Anything else is a fault. */

export class Tree {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly content: (Tree | string)[] = [];

  constructor(name: string, attributes: Record<string, string>) {
    this.name = name;
    this.attributes = attributes;
  }

  /** Elements of that name inside, in order, at any depth. */
  all(name: string): Tree[] {
    const inside = this.content.filter((one) => typeof one !== 'string');
    return inside.flatMap((one) => (one.name === name ? [one, ...one.all(name)] : one.all(name)));
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function plain(text: string): string {
  if (/[<]|&(?!(amp|lt|gt|quot);)/.test(text)) throw new Error(`not well-formed: ${text.slice(0, 80)}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no XML may hold these
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) throw new Error('a forbidden character');
  if (!text.isWellFormed()) throw new Error('a lone surrogate');
  return text.replace(/&(\w+);/g, (_, name: string) => NAMED[name] as string);
}

const TAG = /<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;

/** The one element of a document. @throws Error when it is not well-formed */
export function parse(xml: string): Tree {
  const text = xml.replace(/^<\?xml [^>]*\?>\n?/, '').trimEnd();
  const root = new Tree('', {});
  const open = [root];
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('<', at);
    const end = next < 0 ? text.length : next;
    if (end > at) open.at(-1)!.content.push(plain(text.slice(at, end)));
    at = end;
    if (at >= text.length) break;
    TAG.lastIndex = at;
    const found = TAG.exec(text);
    if (found === null) throw new Error(`no tag: ${text.slice(at, at + 80)}`);
    at = TAG.lastIndex;
    const [, closes, name, rest, alone] = found as unknown as [string, string, string, string, string];
    if (closes) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes another element`);
      continue;
    }
    const pairs = [...rest.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, plain(value as string)]);
    const tree = new Tree(name, Object.fromEntries(pairs));
    open.at(-1)!.content.push(tree);
    if (!alone) open.push(tree);
  }
  if (open.length !== 1 || root.content.length !== 1) throw new Error('elements are left open');
  return root.content[0] as Tree;
}

/** What a spreadsheet shows of a paragraph. */
export function textOf(tree: Tree): string {
  return tree.content
    .map((one) => {
      if (typeof one === 'string') return one;
      return { 'text:s': ' ', 'text:tab': '\t', 'text:line-break': '\n' }[one.name] ?? textOf(one);
    })
    .join('');
}
