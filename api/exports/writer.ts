import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Cell, Column } from './columns.ts';
import { CSV_HEAD, csvLine } from './csv.ts';
import { CONTENT_TAIL, contentHead, MANIFEST, metaOf, ODS_TYPE, odsRow, STYLES } from './ods.ts';

/** The only file that knows yazl. Files are written as rows come: memory holds one group of them. */

export const FORMATS = ['ods', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export const TYPES: Readonly<Record<Format, string>> = { ods: ODS_TYPE, csv: 'text/csv; charset=utf-8' };

export interface Sheet {
  columns: readonly Column[];
  /** groups of rows */
  rows: AsyncIterable<readonly (readonly Cell[])[]>;
  title: string;
  author: string;
  /** as clocks in Paris show it, `2026-11-26T14:32:05` */
  moment: string;
}

/** It is others' data too: nobody else on the machine reads it. */
const PRIVATE_FILE = 0o600;

/** Writes a file that is not there yet, to its end. @throws what reading rows or writing throws */
export async function write(path: string, format: Format, sheet: Sheet): Promise<void> {
  const file = createWriteStream(path, { flags: 'wx', mode: PRIVATE_FILE });
  await pipeline(format === 'csv' ? Readable.from(csv(sheet), { objectMode: false }) : ods(sheet), file);
}

async function* csv({ columns, rows }: Sheet): AsyncGenerator<Buffer> {
  yield Buffer.from(CSV_HEAD + csvLine(columns.map(({ title }) => title)));
  for await (const group of rows) yield Buffer.from(group.map(csvLine).join(''));
}

async function* content({ columns, rows }: Sheet): AsyncGenerator<Buffer> {
  yield Buffer.from(contentHead(columns));
  for await (const group of rows) yield Buffer.from(group.map(odsRow).join(''));
  yield Buffer.from(CONTENT_TAIL);
}

/** The type first, stored and without an extra field: readers look for it at a fixed place (ODF 1.3 part 2, 3.3). */
async function* ods(sheet: Sheet): AsyncGenerator<Buffer> {
  const zip = new ZipFile();
  const out = zip.outputStream as Readable;
  zip.on('error', (error: Error) => out.destroy(error));
  // a moment without a zone: the ZIP, which knows none either, says what clocks in Paris show
  const dated = { mtime: new Date(sheet.moment), forceDosTimestamp: true };
  zip.addBuffer(Buffer.from(ODS_TYPE), 'mimetype', { ...dated, compress: false });
  zip.addBuffer(Buffer.from(MANIFEST), 'META-INF/manifest.xml', dated);
  zip.addBuffer(Buffer.from(metaOf(sheet.title, sheet.author, sheet.moment)), 'meta.xml', dated);
  zip.addBuffer(Buffer.from(STYLES), 'styles.xml', dated);
  const rows = Readable.from(content(sheet), { objectMode: false });
  zip.addReadStream(rows, 'content.xml', dated);
  zip.end();
  try {
    for await (const chunk of out) yield chunk as Buffer;
  } finally {
    rows.destroy();
  }
}
