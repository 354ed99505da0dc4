/** Other programs that read what the product writes, as its readers do: fetched from Debian when this runs as root. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable, here, install } from '#ops/debian.ts';

export class MissingProgram extends Error {
  override name = 'MissingProgram';
}

function program(name: string, from: string): string {
  const found = executable(name);
  if (found) return found;
  const apt = executable('apt-get');
  if (here().root && apt) install(apt, from);
  const installed = executable(name);
  if (installed) return installed;
  throw new MissingProgram(`${name} is missing. As root: apt-get install -y --no-install-recommends ${from}`);
}

/** A conversion that hangs is a fault, ms. */
const LONGEST_MS = 120_000;

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'relais-office-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Semicolons, double quotes, UTF-8, cells as they are shown, texts not quoted for their own sake. */
const CSV_FILTER = 'csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,true';

/** What LibreOffice shows of a spreadsheet, as CSV. */
export const sheetText = (ods: Buffer): string =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'liste.ods'), ods);
    const home = `-env:UserInstallation=file://${join(folder, 'home')}`;
    const words = [home, '--headless', '--norestore', '--convert-to', CSV_FILTER, '--outdir', folder];
    const run = { timeout: LONGEST_MS, stdio: 'pipe' as const };
    execFileSync(program('soffice', 'libreoffice-calc'), [...words, join(folder, 'liste.ods')], run);
    return readFileSync(join(folder, 'liste.csv'), 'utf8');
  });

/** The text of a PDF in the order it is read. */
export const pdfText = (pdf: Buffer): string =>
  inFolder((folder) => {
    const path = join(folder, 'a.pdf');
    writeFileSync(path, pdf);
    return execFileSync(program('pdftotext', 'poppler-utils'), ['-raw', path, '-'], { encoding: 'utf8' });
  });

/** What poppler finds in a PDF: title, tags, language… */
export const pdfInfo = (pdf: Buffer, ...words: string[]): string =>
  inFolder((folder) => {
    const path = join(folder, 'a.pdf');
    writeFileSync(path, pdf);
    return execFileSync(program('pdfinfo', 'poppler-utils'), [...words, path], { encoding: 'utf8' });
  });

/** What qpdf says of a PDF; a warning is a fault. */
export const qpdf = (pdf: Buffer, ...words: string[]): string =>
  inFolder((folder) => {
    const path = join(folder, 'a.pdf');
    writeFileSync(path, pdf);
    return execFileSync(program('qpdf', 'qpdf'), [...words, path], { encoding: 'utf8', maxBuffer: MOST_BYTES });
  });
/** Of what a program says. */
const MOST_BYTES = 64 * 1024 ** 2;

/** Cells of a CSV with semicolons. */
export function cellsOf(csv: string): string[][] {
  const rows: string[][] = [[]];
  const text = csv.replace(/^\ufeff/, '');
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^;\r\n"]*))(;|\r?\n|$)/g)) {
    rows.at(-1)!.push(quoted === undefined ? (plain as string) : quoted.replaceAll('""', '"'));
    if (end !== ';' && end !== '') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.length > 1);
}

/** The sign that keeps a text from being a formula is no part of it. */
export const withoutGuard = (rows: string[][]): string[][] =>
  rows.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r])/, '')));
