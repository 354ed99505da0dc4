/**
 * Says what is wrong with an XML document, or nothing: one root, tags that match, quoted attributes given once,
 * known entities, no stray `<` or `&`. Enough for documents without DTD, comments or CDATA, which the demo never writes.
 */
export function xmlFault(text: string): string | undefined {
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/, '');
  if (body === text) return 'no declaration';
  const open: string[] = [];
  let roots = 0;
  for (const [token] of body.matchAll(/<[^>]*>|[^<]+|</g)) {
    if (!token.startsWith('<')) {
      if (open.length === 0 && token.trim() !== '') return `text outside the root: ${token}`;
      if (!cleanText(token)) return `bad text: ${token}`;
      continue;
    }
    const closing = /^<\/([\w:.-]+)>$/.exec(token);
    if (closing) {
      if (open.pop() !== closing[1]) return `unexpected ${token}`;
      continue;
    }
    const opening = /^<([A-Za-z_][\w:.-]*)((?: [\w:.-]+="[^"<]*")*)(\/?)>$/.exec(token);
    if (!opening) return `bad tag: ${token}`;
    const [, name = '', attributes = '', empty] = opening;
    const names = [...attributes.matchAll(/ ([\w:.-]+)="/g)].map((match) => match[1]);
    if (new Set(names).size !== names.length || !cleanText(attributes)) return `bad attributes: ${token}`;
    if (open.length === 0 && roots++ > 0) return 'two roots';
    if (!empty) open.push(name);
  }
  return open.length > 0 || roots !== 1 ? `unclosed ${open.join(' ')}` : undefined;
}

function cleanText(text: string): boolean {
  return !/&(?!(?:amp|lt|gt|quot|apos|#\d+);)/.test(text) && !/(?![\t\n\r])\p{Cc}/u.test(text);
}
