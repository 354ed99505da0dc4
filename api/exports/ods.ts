import type { Cell, Column } from './columns.ts';
import { shownMoment } from './csv.ts';

/** Texts of the files an OpenDocument spreadsheet is made of (ODF 1.3, ISO/IEC 26300); `writer.ts` packs them. */

export const ODS_TYPE = 'application/vnd.oasis.opendocument.spreadsheet';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const URN = 'urn:oasis:names:tc:opendocument:xmlns';
const SPACES = `xmlns:office="${URN}:office:1.0" xmlns:style="${URN}:style:1.0" xmlns:text="${URN}:text:1.0" xmlns:table="${URN}:table:1.0" xmlns:number="${URN}:datastyle:1.0" xmlns:fo="${URN}:xsl-fo-compatible:1.0" xmlns:meta="${URN}:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** What XML 1.0 has no way to write. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(FORBIDDEN, '')
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign] as string);

const SPACE = '<text:s/>';

/** Spaces that a reader of XML would take together, and tabs, have elements of their own. */
const inParagraph = (text: string): string =>
  escaped(text).replaceAll('  ', ` ${SPACE}`).replace(/^ | $/g, SPACE).replaceAll('\t', '<text:tab/>');

/** A line of a cell is a paragraph: what spreadsheets make of a line break is nothing. */
const paragraphs = (text: string): string =>
  text === ''
    ? ''
    : text
        .split(/\r\n?|\n/)
        .map((line) => `<text:p>${inParagraph(line)}</text:p>`)
        .join('');

function odsCell(cell: Cell): string {
  if (typeof cell === 'string')
    return cell === ''
      ? '<table:table-cell/>'
      : `<table:table-cell office:value-type="string">${paragraphs(cell)}</table:table-cell>`;
  const { moment } = cell;
  return `<table:table-cell table:style-name="moment" office:value-type="date" office:date-value="${moment}">${paragraphs(shownMoment(moment))}</table:table-cell>`;
}

export const odsRow = (cells: readonly Cell[]): string =>
  `<table:table-row>${cells.map(odsCell).join('')}</table:table-row>\n`;

const MOMENT_STYLE = `<number:date-style style:name="N100" number:language="fr" number:country="FR" number:automatic-order="false"><number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/><number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/></number:date-style>
<style:style style:name="moment" style:family="table-cell" style:parent-style-name="Default" style:data-style-name="N100"/>
<style:style style:name="titre" style:family="table-cell" style:parent-style-name="Default"><style:text-properties fo:font-weight="bold"/></style:style>`;

/** `content.xml` up to the first row: styles, columns, titles. */
export function contentHead(columns: readonly Column[]): string {
  const styles = columns.map(
    ({ width }, index) =>
      `<style:style style:name="c${index}" style:family="table-column"><style:table-column-properties style:column-width="${width}cm"/></style:style>`,
  );
  const widths = columns.map((_, index) => `<table:table-column table:style-name="c${index}"/>`);
  const titles = columns.map(
    ({ title }) =>
      `<table:table-cell table:style-name="titre" office:value-type="string">${paragraphs(title)}</table:table-cell>`,
  );
  return `${HEAD}<office:document-content ${SPACES} office:version="1.3"><office:automatic-styles>
${MOMENT_STYLE}
${styles.join('\n')}
</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Dossiers">${widths.join('')}
<table:table-header-rows><table:table-row>${titles.join('')}</table:table-row></table:table-header-rows>
`;
}

export const CONTENT_TAIL = '</table:table></office:spreadsheet></office:body></office:document-content>\n';

export const MANIFEST = `${HEAD}<manifest:manifest xmlns:manifest="${URN}:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="${ODS_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
`;

/** The document's language: screen readers speak it so. */
export const STYLES = `${HEAD}<office:document-styles ${SPACES} office:version="1.3"><office:styles><style:default-style style:family="table-cell"><style:text-properties fo:language="fr" fo:country="FR"/></style:default-style><style:style style:name="Default" style:family="table-cell"/></office:styles></office:document-styles>
`;

export const metaOf = (title: string, author: string, moment: string): string =>
  `${HEAD}<office:document-meta ${SPACES} office:version="1.3"><office:meta><meta:generator>Relais</meta:generator><dc:title>${escaped(title)}</dc:title><dc:creator>${escaped(author)}</dc:creator><dc:date>${moment}</dc:date><dc:language>fr-FR</dc:language></office:meta></office:document-meta>
`;
