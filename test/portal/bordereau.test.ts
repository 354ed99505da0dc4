import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inflateSync } from 'node:zlib';
import { type Slip, slipOf } from '#lib/server/bordereau/content.ts';
import { slipPdf } from '#lib/server/bordereau/pdf.ts';
import type { Case } from '#lib/server/hub/types.ts';

/** Slips as PDF: what ISO 14289-1 (PDF/UA) asks for. `./hub test e2e` reads their text with another program. */

const at = new Date('2026-11-26T13:32:05Z');

const pieces = (count: number): Slip['pieces'] =>
  Array.from({ length: count }, (_, n) => ({
    name: `pièce ${n}.pdf`,
    lines: ['Acte, dépôt', `SHA-256 ${'ab'.repeat(32)}`],
  }));

const slip = (count: number): Slip => ({
  title: 'Bordereau du dossier DILA-EC-1-01',
  facts: [
    { label: 'Numéro', value: 'DILA-EC-1-01' },
    { label: 'Demandeur', value: 'Œuvré Đặng Łukasz' },
  ],
  heading: `Pièces : ${count}`,
  pieces: pieces(count),
});

const made = async (...slips: Slip[]): Promise<string> =>
  (await slipPdf({ slips, by: 'Nadia Benali, officière d’état civil', at })).toString('latin1');

/** Content streams of pages. */
function streams(pdf: string): string[] {
  return [...pdf.matchAll(/\/Filter \/FlateDecode\s*>>\s*stream\r?\n([\s\S]*?)\r?\nendstream/g)].flatMap(([, body]) => {
    try {
      return [inflateSync(Buffer.from(body as string, 'latin1')).toString('latin1')];
    } catch {
      return [];
    }
  });
}

describe('a slip', () => {
  it('says that it is tagged, in which language, under which title', async () => {
    const pdf = await made(slip(2));
    const marked = /\/MarkInfo (\d+) 0 R/.exec(pdf)?.[1];
    const said: [what: string, where: RegExp][] = [
      ['its version', /^%PDF-1\.7/],
      ['that it is marked', new RegExp(`\\n${marked} 0 obj\\s*<<\\s*/Marked true\\s*>>`)],
      ['its language', /\/Lang \(fr-FR\)/],
      ['its structure', /\/StructTreeRoot \d+ 0 R/],
      ['to show its title', /\/DisplayDocTitle true/],
      ['its conformance', /<pdfuaid:part>1<\/pdfuaid:part>/],
    ];
    // a PDF in the report of a fault would hide it
    for (const [what, where] of said) ok(where.test(pdf), what);
  });

  it('has the structure that a reader follows', async () => {
    const kinds = [...(await made(slip(1))).matchAll(/\/S \/(\w+)/g)].map(([, kind]) => kind);
    const count = (wanted: string) => kinds.filter((kind) => kind === wanted).length;
    const tags = ['Document', 'Sect', 'H1', 'H2', 'L', 'LI', 'Lbl', 'LBody'];
    deepEqual(tags.map(count), [1, 1, 1, 2, 2, 3, 2, 3]);
  });

  it('embeds each of its fonts', async () => {
    const pdf = await made(slip(1));
    const fonts = [...pdf.matchAll(/\/BaseFont \/([\w+-]+)/g)].map(([, name]) => name as string);
    ok(fonts.length > 0);
    for (const name of fonts) match(name, /^[A-Z]{6}\+SourceSans3/);
    const descriptors = pdf.match(/\/Type \/FontDescriptor/g)?.length;
    equal(pdf.match(/\/FontFile[23]? \d+ 0 R/g)?.length, descriptors);
  });

  it('marks all that it shows, as content or as an artifact, on each of its pages', async () => {
    const pdf = await made(slip(40), slip(1));
    const pages = pdf.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
    ok(pages >= 3);
    const shown = streams(pdf).filter((one) => one.includes(' Tf'));
    equal(shown.length, pages);
    for (const one of shown) {
      equal(one.match(/\/Artifact\b/g)?.length, 1);
      let depth = 0;
      for (const word of one.match(/\bB[DM]C\b|\bEMC\b|\bTJ\b/g) ?? []) {
        if (word === 'TJ') ok(depth > 0, 'a text without a mark');
        else depth += word === 'EMC' ? -1 : 1;
      }
      equal(depth, 0);
    }
  });
});

describe('what a slip says', () => {
  const file = {
    id: 'a',
    status: 'RECEIVED',
    fileName: 'acte.pdf',
    type: 'x',
    size: 1234,
    mimeType: 'application/pdf',
  } as const;
  const one = {
    externalId: 'EC-1-01',
    processCode: 'EtatCivil',
    status: 'DONE',
    applicant: { firstName: 'Zoé', lastName: 'N’Diaye' },
    createDateTime: '2026-11-26T13:00:00Z',
    transmissionDateTime: '2026-11-26T13:32:05Z',
    updateDateTime: null,
    closeDateTime: null,
  } as Case;

  it('is the case, in French and at Paris’ time', () => {
    const made = slipOf({
      ...{ one, process: 'Demande d’acte', organisation: 'Orly', address: 'http://x/dossiers/1' },
      pieces: [
        { attachment: file, origin: 'dépôt', sha256: 'ff', archived: 'EC-1-01_01.pdf' },
        { attachment: { ...file, status: 'DELETED' }, origin: 'dépôt', sha256: undefined },
      ],
    });
    deepEqual(
      made.facts.map(({ label, value }) => `${label} ${value}`.replaceAll('\u00a0', ' ')),
      [
        'Numéro EC-1-01',
        'Démarche Demande d’acte (EtatCivil)',
        'Demandeur N’Diaye Zoé',
        'État Traité',
        'Organisation Orly',
        'Reçu le 26 novembre 2026 à 14 h 32',
        'Adresse http://x/dossiers/1',
      ],
    );
    const [there, gone] = made.pieces.map(({ lines }) => lines);
    deepEqual(there?.slice(1), ['SHA-256 ff', 'dans l’archive\u00a0: EC-1-01_01.pdf']);
    match(gone?.[1] ?? '', /^fichier absent/);
  });
});
