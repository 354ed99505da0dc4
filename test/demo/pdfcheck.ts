/** Says what is wrong with the structure of a PDF that has a classic cross-reference table, or nothing. */
export function pdfFault(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1');
  if (!text.startsWith('%PDF-1.')) return 'no header';
  const start = /startxref\n(\d+)\n%%EOF\n$/.exec(text);
  if (!start) return 'no startxref';
  const table = /^xref\n0 (\d+)\n((?:\d{10} \d{5} [nf] \n)+)trailer\n<< \/Size (\d+) \/Root 1 0 R >>\n/.exec(
    text.slice(Number(start[1])),
  );
  if (!table) return 'startxref does not point to a table and its trailer';
  const entries = (table[2] as string).split('\n').slice(0, -1);
  if (entries.length !== Number(table[1]) || table[1] !== table[3]) return 'wrong number of entries';
  for (const [number, entry] of entries.entries()) {
    if (number === 0) continue;
    const offset = Number(entry.slice(0, 10));
    if (!text.startsWith(`${number} 0 obj\n`, offset)) return `object ${number} is not at ${offset}`;
  }
  return streamFault(text) ?? referenceFault(text, entries.length);
}

function streamFault(text: string): string | undefined {
  for (const match of text.matchAll(/<< \/Length (\d+) >>\nstream\n/g)) {
    const end = match.index + match[0].length + Number(match[1]);
    if (!text.startsWith('\nendstream\nendobj\n', end)) return `a stream's length is not ${match[1]}`;
  }
  return undefined;
}

function referenceFault(text: string, size: number): string | undefined {
  const pages = [...text.matchAll(/\/Type \/Page /g)].length;
  const count = Number(/\/Count (\d+)/.exec(text)?.[1]);
  if (pages === 0 || pages !== count) return `${count} pages announced, ${pages} there`;
  const missing = [...text.matchAll(/(\d+) 0 R/g)].find((match) => Number(match[1]) >= size);
  return missing && `no object ${missing[1]}`;
}
