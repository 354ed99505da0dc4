/**
 * Slips as one PDF that screen readers follow (PDF/UA, ISO 14289-1): structure, language, title, embedded fonts; what
 * repeats on each page is an artifact. The only file that knows pdfkit.
 */
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { moment } from '#lib/format/date.ts';
import { bordereauText } from '#lib/text/bordereau.ts';
import type { Slip } from './content.ts';

const require = createRequire(import.meta.url);
/** Adobe's Source Sans 3, under the SIL Open Font License: it may be embedded in any document. */
const FONTS = {
  plain: require.resolve('@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf'),
  strong: require.resolve('@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf'),
};
/** Points. */
const MARGIN = { top: 56, bottom: 64, left: 56, right: 56 };
const SIZE = { title: 18, heading: 13, text: 10.5, small: 9 };
const LABEL_WIDTH = 120;
const GAP = 4;
/** A file's name is not alone at the foot of a page: room for what follows it. */
const TOGETHER = 48;

export interface Made {
  slips: readonly Slip[];
  /** who asks for it, as a decision is signed */
  by: string;
  at: Date;
}

/** Bytes of the PDF. */
export async function slipPdf({ slips, by, at }: Made): Promise<Buffer> {
  const [first] = slips;
  const title = slips.length === 1 && first ? first.title : bordereauText.titleMany(slips.length);
  // its types know neither PDF/UA nor a producer
  const doc = new PDFDocument({
    ...{ size: 'A4', margins: MARGIN, bufferPages: true, font: FONTS.plain },
    ...{ pdfVersion: '1.7', subset: 'PDF/UA', tagged: true, lang: 'fr-FR', displayTitle: true },
    info: { Title: title, Author: by, Creator: 'Relais', Producer: 'pdfkit', CreationDate: at },
  } as unknown as PDFKit.PDFDocumentOptions);
  const parts: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    doc.on('data', (part: Buffer) => parts.push(part));
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  const root = doc.struct('Document', { title });
  doc.addStructure(root);
  const made = bordereauText.made(moment(at.toISOString()), by);
  for (const [index, slip] of slips.entries()) {
    if (index > 0) doc.addPage();
    section(doc, root, slip, made);
  }
  root.end();
  footers(doc, title);
  doc.end();
  await ended;
  return Buffer.concat(parts);
}

type Doc = PDFKit.PDFDocument;

const width = (doc: Doc): number => doc.page.width - MARGIN.left - MARGIN.right;

/** Takes another page before a text that would be cut: nothing of the structure goes over the edge of one. */
function room(doc: Doc, height: number): void {
  if (doc.y + height > doc.page.height - MARGIN.bottom) doc.addPage();
}

type Element = PDFKit.PDFStructureElement;

/** Inside its parent at once: what it holds is written when it is added, on the page of that moment. */
function within(doc: Doc, parent: Element, kind: string): Element {
  const element = doc.struct(kind);
  parent.add(element);
  return element;
}

/** A text across the page. */
function block(doc: Doc, parent: Element, kind: string, text: string, font: keyof typeof FONTS, size: number): void {
  doc.font(FONTS[font]).fontSize(size);
  room(doc, doc.heightOfString(text, { width: width(doc) }));
  const write = () => {
    doc.text(text, MARGIN.left, doc.y, { width: width(doc) });
  };
  parent.add(doc.struct(kind, {}, write));
  doc.y += GAP;
}

function section(doc: Doc, root: Element, slip: Slip, made: string): void {
  const part = within(doc, root, 'Sect');
  block(doc, part, 'H1', slip.title, 'strong', SIZE.title);
  block(doc, part, 'P', made, 'plain', SIZE.text);
  block(doc, part, 'H2', bordereauText.facts, 'strong', SIZE.heading);
  facts(doc, part, slip);
  block(doc, part, 'H2', slip.heading, 'strong', SIZE.heading);
  if (slip.pieces.length === 0) block(doc, part, 'P', bordereauText.noPieces, 'plain', SIZE.text);
  else pieceList(doc, part, slip);
  block(doc, part, 'P', bordereauText.warning, 'plain', SIZE.text);
  part.end();
}

/** Each fact is an item: its label, then its value beside it. */
function facts(doc: Doc, part: Element, slip: Slip): void {
  const list = within(doc, part, 'L');
  const beside = { width: width(doc) - LABEL_WIDTH };
  for (const { label, value } of slip.facts) {
    const item = within(doc, list, 'LI');
    doc.font(FONTS.plain).fontSize(SIZE.text);
    room(doc, doc.heightOfString(value, beside));
    const top = doc.y;
    const name = () => {
      doc.font(FONTS.strong).fontSize(SIZE.text).text(label, MARGIN.left, top, { width: LABEL_WIDTH });
    };
    const said = () => {
      doc
        .font(FONTS.plain)
        .fontSize(SIZE.text)
        .text(value, MARGIN.left + LABEL_WIDTH, top, beside);
    };
    item.add(doc.struct('Lbl', {}, name));
    item.add(doc.struct('LBody', {}, said));
    doc.y += GAP;
    item.end();
  }
  list.end();
}

function pieceList(doc: Doc, part: Element, { pieces }: Slip): void {
  const list = within(doc, part, 'L');
  for (const { name, lines } of pieces) {
    room(doc, TOGETHER);
    const item = within(doc, list, 'LI');
    const body = within(doc, item, 'LBody');
    block(doc, body, 'P', name, 'strong', SIZE.text);
    for (const line of lines) block(doc, body, 'P', line, 'plain', SIZE.small);
    body.end();
    item.end();
    doc.y += GAP;
  }
  list.end();
}

/** Product, title and number of the page, at the foot of each: readers of the structure pass over them. */
function footers(doc: Doc, title: string): void {
  const { start, count } = doc.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    doc.switchToPage(start + index);
    // What is written below the margin would else begin a page of its own.
    doc.page.margins.bottom = 0;
    doc.markContent('Artifact', { type: 'Pagination', attached: ['Bottom'] });
    const text = `${bordereauText.product} — ${title} — ${bordereauText.page(index + 1, count)}`;
    doc
      .font(FONTS.plain)
      .fontSize(SIZE.small)
      .text(text, MARGIN.left, doc.page.height - MARGIN.bottom + GAP * 4, { width: width(doc), lineBreak: false });
    doc.endMarkedContent();
  }
}
