import type { Generator, Piece } from './payload.ts';
import { pdfPiece, xmlPiece } from './payload.ts';
import { makePdf } from './pdf.ts';
import { address, addressLine, day, person, personLines, personXml, placeName } from './person.ts';
import { document, element, fields } from './xml.ts';
import { makeZip } from './zip.ts';

const odt = 'application/vnd.oasis.opendocument.text';
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** A note of SNATED to a département: its data as XML, and a document in one of the three office formats. */
export const concernNote: Generator = ({ random, on, recipients, externalId }) => {
  const where = recipients[0];
  if (!where) throw new Error('a note needs a recipient');
  const child = person(random, on, 1, 16, placeName(where));
  const lines = [
    `Note n° ${externalId}`,
    ...personLines(child),
    addressLine(address(random, where)),
    'Appel reçu au 119 (texte de démonstration).',
  ];
  const data = element('InformationPreoccupante', [
    ...fields({ Numero: externalId, DateAppel: day(on), Departement: where.code }),
    personXml('Enfant', child),
  ]);
  const kind = random.pick(['pdf', 'odt', 'docx'] as const);
  const name = `note-${externalId.slice(-13)}.${kind}`;
  const note: Piece =
    kind === 'pdf'
      ? pdfPiece('documents', name, makePdf([{ title: 'Information préoccupante', lines }]))
      : { type: 'documents', fileName: name, mimeType: kind === 'odt' ? odt : docx, bytes: office(kind, lines) };
  return {
    applicant: { firstName: 'Service', lastName: 'National 119' },
    pieces: [xmlPiece('documents', `note-${externalId.slice(-13)}.xml`, document(data)), note],
  };
};

// The smallest archives that an office suite opens: the parts OpenDocument 1.2 and ECMA-376 require, and no style.
function office(kind: 'odt' | 'docx', lines: readonly string[]): Buffer {
  const part = (name: string, text: string) => ({ name, bytes: Buffer.from(text, 'utf8') });
  if (kind === 'odt') {
    const body = element('office:body', [
      element(
        'office:text',
        lines.map((line) => element('text:p', line)),
      ),
    ]);
    const names = {
      'xmlns:office': 'urn:oasis:names:tc:opendocument:xmlns:office:1.0',
      'xmlns:text': 'urn:oasis:names:tc:opendocument:xmlns:text:1.0',
      'office:version': '1.2',
    };
    const entry = (path: string, type: string) =>
      element('manifest:file-entry', '', { 'manifest:full-path': path, 'manifest:media-type': type });
    const manifest = element('manifest:manifest', [entry('/', odt), entry('content.xml', 'text/xml')], {
      'xmlns:manifest': 'urn:oasis:names:tc:opendocument:xmlns:manifest:1.0',
      'manifest:version': '1.2',
    });
    return makeZip([
      part('mimetype', odt),
      part('content.xml', document(element('office:document-content', [body], names))),
      part('META-INF/manifest.xml', document(manifest)),
    ]);
  }
  const main = 'http://schemas.openxmlformats.org';
  const paragraphs = lines.map((line) => element('w:p', [element('w:r', [element('w:t', line)])]));
  const override = { PartName: '/word/document.xml', ContentType: `${docx}.main+xml` };
  const rels = { Extension: 'rels', ContentType: 'application/vnd.openxmlformats-package.relationships+xml' };
  const target = {
    Id: 'r1',
    Type: `${main}/officeDocument/2006/relationships/officeDocument`,
    Target: 'word/document.xml',
  };
  return makeZip([
    part(
      '[Content_Types].xml',
      document(
        element('Types', [element('Default', '', rels), element('Override', '', override)], {
          xmlns: `${main}/package/2006/content-types`,
        }),
      ),
    ),
    part(
      '_rels/.rels',
      document(
        element('Relationships', [element('Relationship', '', target)], {
          xmlns: `${main}/package/2006/relationships`,
        }),
      ),
    ),
    part(
      'word/document.xml',
      document(
        element('w:document', [element('w:body', paragraphs)], { 'xmlns:w': `${main}/wordprocessingml/2006/main` }),
      ),
    ),
  ]);
}
