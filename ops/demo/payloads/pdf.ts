/** A line or a rectangle, in points from the lower left corner of an A4 page (595 × 842). */
export type Stroke =
  | { line: readonly [number, number, number, number] }
  | { rectangle: readonly [x: number, y: number, width: number, height: number] };

export interface Page {
  title: string;
  lines: readonly string[];
  strokes?: readonly Stroke[];
}

const notice = 'Document fictif de démonstration, sans valeur. Les personnes citées n’existent pas.';

/** A small valid PDF 1.4: one A4 page each, Helvetica, uncompressed, with a cross-reference table. */
export function makePdf(pages: readonly Page[]): Buffer {
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  for (const page of pages) {
    const content = contentOf(page);
    const resources = '/Resources << /Font << /F1 3 0 R >> >>';
    const contents = `/Contents ${objects.length + 2} 0 R`;
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] ${resources} ${contents} >>`);
    objects.push(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
  }
  return assemble(objects);
}

// Text is Latin-1 here, one byte a character, so that string lengths are the byte offsets the format asks for.
function assemble(objects: readonly string[]): Buffer {
  let text = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n';
  const offsets: number[] = [];
  for (const [index, object] of objects.entries()) {
    offsets.push(text.length);
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const offset of offsets) text += `${String(offset).padStart(10, '0')} 00000 n \n`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

function contentOf(page: Page): string {
  const drawn = (page.strokes ?? []).map((stroke) =>
    'line' in stroke
      ? `${stroke.line[0]} ${stroke.line[1]} m ${stroke.line[2]} ${stroke.line[3]} l S`
      : `${stroke.rectangle.join(' ')} re S`,
  );
  const lines = page.lines.map((line) => `(${escaped(line)}) Tj T*`);
  return [
    ...drawn,
    'BT',
    `/F1 16 Tf 56 780 Td (${escaped(page.title)}) Tj`,
    '/F1 10 Tf 0 -30 Td 15 TL',
    ...lines,
    'ET',
    `BT /F1 7 Tf 56 30 Td (${escaped(notice)}) Tj ET`,
  ].join('\n');
}

// WinAnsi equals Latin-1 for what French needs, but for these few; what it lacks becomes a question mark.
const winAnsi: Readonly<Record<string, string>> = {
  '’': '\x92',
  '–': '\x96',
  œ: '\x9c',
  Œ: '\x8c',
  '…': '\x85',
  '€': '\x80',
};

function escaped(text: string): string {
  const encoded = [...text].map((one) => winAnsi[one] ?? ((one.codePointAt(0) as number) < 256 ? one : '?')).join('');
  return encoded.replace(/[\\()]/g, '\\$&');
}
