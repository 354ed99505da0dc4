/** Exports opened by LibreOffice: what it shows is what the CSV says. */
import { deepEqual, equal } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { type Cell, columnsOf } from '#api/exports/columns.ts';
import { write } from '#api/exports/writer.ts';
import { localTime } from '#engine/domain/calendar.ts';
import { cellsOf, sheetText, withoutGuard } from './programs.ts';

const LONG = 3_000;
const NAMES = [
  'Hélène Cœurdacier',
  'N’Guyễn Łukasz',
  '=1+1',
  '=HYPERLINK("http://x";"y")',
  '+33 6 00 00 00 00',
  '-12',
  '@nom',
  'guillemets "et" ; points-virgules',
  '007',
  '1/2',
  '2026-11-26',
  'deux  espaces',
  'une\nligne',
  "l'apostrophe",
  '<b>&amp;</b>',
  '🙂',
];

function rowsOf(): Cell[][] {
  return Array.from({ length: LONG }, (_, n) => {
    const moment: Cell = { moment: localTime(Date.UTC(2026, 0, 1) + n * 7_654_321) };
    return [`EC-${n}`, NAMES[n % NAMES.length] as string, 'Démarche', '', moment, '', 'Reçu', moment];
  });
}

async function written(folder: string, format: 'ods' | 'csv'): Promise<Buffer> {
  const groups = async function* () {
    const rows = rowsOf();
    for (let at = 0; at < rows.length; at += 500) yield rows.slice(at, at + 500);
  };
  const path = join(folder, `a.${format}`);
  const sheet = {
    columns: columnsOf(false),
    rows: groups(),
    title: 'Dossiers',
    author: 'Ada',
    moment: '2026-11-26T14:32:05',
  };
  await write(path, format, sheet);
  return readFileSync(path);
}

it('a long list with every sign people write is the same in both files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relais-office-'));
  try {
    const shown = cellsOf(sheetText(await written(folder, 'ods')));
    const said = cellsOf((await written(folder, 'csv')).toString());
    equal(said.length, LONG + 1);
    deepEqual(shown, withoutGuard(said));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
