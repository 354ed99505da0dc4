/**
 * Slips as other programs read them: `./hub test e2e/slip`. veraPDF, which would say of each rule of PDF/UA whether it is kept,
 * is neither in Debian nor on npm: qpdf and poppler look at the syntax, the structure and what is linked to it.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { slipPdf } from '#lib/server/bordereau/pdf.ts';
import { pdfInfo, pdfText, qpdf } from './programs.ts';

const AT = new Date('2026-11-26T13:32:05Z');
const BY = 'Nadia Benali-Exemple, officière d’état civil';
const PIECES = 60;
/** An artifact: readers of the structure pass over it. */
const FOOT = /^Relais, portail des agents — .* page \d+ sur \d+$/gm;

interface Dictionary {
  [key: string]: unknown;
}
/** Version 2 of qpdf's JSON: objects by their reference. */
type Objects = Record<string, { value?: unknown; stream?: { dict: Dictionary } }>;

const slip = (number: number, pieces: number) => ({
  title: `Bordereau du dossier DILA-EC-${number}-01`,
  facts: [
    { label: 'Numéro', value: `DILA-EC-${number}-01` },
    { label: 'Demandeur', value: 'Œuvré Đặng Łukasz' },
  ],
  heading: `Pièces : ${pieces}`,
  pieces: Array.from({ length: pieces }, (_, n) => ({
    name: `pièce ${number}-${n}.pdf`,
    lines: ['Acte, dépôt', `SHA-256 ${'ab'.repeat(32)}`],
  })),
});

let pdf: Buffer;
let objects: Objects;
before(async () => {
  pdf = await slipPdf({ slips: [slip(1, PIECES), slip(2, 0), slip(3, 2)], by: BY, at: AT });
  objects = (JSON.parse(qpdf(pdf, '--json', '--json-key=qpdf')) as { qpdf: [unknown, Objects] }).qpdf[1];
});

const dictionaries = (type: string): Dictionary[] =>
  Object.values(objects)
    .map(({ value, stream }) => (stream?.dict ?? value) as Dictionary | undefined)
    .filter((one): one is Dictionary => one !== null && typeof one === 'object' && one['/Type'] === type);
/** A dictionary that stands there, or is referred to. */
const follow = (given: unknown): Dictionary =>
  (typeof given === 'string' ? objects[`obj:${given}`]?.value : given) as Dictionary;

describe('a slip, read by others', () => {
  it('has no fault of syntax, nor a stream that cannot be read', () => {
    match(qpdf(pdf, '--check'), /No syntax or stream encoding errors found/);
  });

  it('says to poppler that it is tagged, in French, under its title', () => {
    const said = pdfInfo(pdf);
    match(said, /^Tagged:\s+yes$/m);
    match(said, /^Title:\s+\S/m);
    equal(dictionaries('/Catalog')[0]?.['/Lang'], 'u:fr-FR');
  });

  it('leads from each page to its structure, in the order of it', () => {
    const pages = dictionaries('/Page');
    ok(pages.length > 3);
    for (const page of pages) equal(page['/Tabs'], '/S');
    const root = dictionaries('/StructTreeRoot')[0] ?? {};
    const numbers = (follow(root['/ParentTree'])['/Nums'] as unknown[]).filter((_, at) => at % 2 === 0);
    deepEqual(new Set(numbers), new Set(pages.map((page) => page['/StructParents'])));
  });

  it('has each element under another one, and headings without a gap', () => {
    const elements = dictionaries('/StructElem');
    for (const element of elements) ok(follow(element['/P']), 'its parent is there');
    const levels = [...pdfInfo(pdf, '-struct').matchAll(/^\s*H([1-6])\b/gm)].map(([, level]) => Number(level));
    equal(levels.filter((level) => level === 1).length, 3);
    for (const [at, level] of levels.entries())
      ok(level - (levels[at - 1] ?? 0) <= 1, `H${level} after H${levels[at - 1]}`);
  });

  it('has a text for each sign of its fonts, all of them embedded', () => {
    const fonts = dictionaries('/Font').filter((font) => font['/Subtype'] === '/Type0');
    ok(fonts.length > 0);
    for (const font of fonts) ok(font['/ToUnicode'], String(font['/BaseFont']));
    for (const one of dictionaries('/FontDescriptor'))
      ok(one['/FontFile2'] ?? one['/FontFile3'], String(one['/FontName']));
  });

  it('has all that is on its pages in its structure, but what repeats at their feet', () => {
    const words = (text: string): string[] => text.match(/[\p{L}\p{N}.-]{3,}/gu) ?? [];
    const structure = words(pdfInfo(pdf, '-struct-text'));
    const told = new Set(structure);
    const shown = words(pdfText(pdf).replaceAll(FOOT, ''));
    for (let n = 0; n < PIECES; n += 1) ok(told.has(`1-${n}.pdf`), `pièce 1-${n}.pdf`);
    deepEqual([...new Set(shown.filter((word) => !told.has(word)))], []);
  });
});
