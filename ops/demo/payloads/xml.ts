/** Content of an element: text, or a list of elements already written. */
export type XmlContent = string | number | readonly XmlText[];

/** Well-formed XML, already escaped: only `element` makes it. */
export interface XmlText {
  readonly xml: string;
}

/** `<name a="b">content</name>`; text and attribute values are escaped, control characters that XML 1.0 forbids are left out. */
export function element(
  name: string,
  content: XmlContent = '',
  attributes: Readonly<Record<string, string>> = {},
): XmlText {
  const head = Object.entries(attributes).reduce((text, [key, value]) => `${text} ${key}="${escaped(value)}"`, name);
  const inner = typeof content === 'object' ? content.map((one) => one.xml).join('') : escaped(String(content));
  return { xml: inner === '' ? `<${head}/>` : `<${head}>${inner}</${name}>` };
}

/** One element per entry, in order: `fields({ Nom: 'X' })` is `<Nom>X</Nom>`. */
export function fields(values: Readonly<Record<string, XmlContent>>): XmlText[] {
  return Object.entries(values).map(([name, content]) => element(name, content));
}

/** A whole UTF-8 document. */
export function document(root: XmlText): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml}\n`;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/(?![\t\n\r])\p{Cc}/gu, '').replace(/[&<>"]/g, (one) => escapes[one] as string);
}
