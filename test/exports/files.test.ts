import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { type Cell, columnsOf, STATUS_LABELS } from '#api/exports/columns.ts';
import { csvLine } from '#api/exports/csv.ts';
import { escaped } from '#api/exports/ods.ts';
import { write } from '#api/exports/writer.ts';
import { localTime } from '#engine/domain/calendar.ts';
import { statusLabels } from '#lib/text/statuses.ts';
import { parse, type Tree, textOf } from './xml.ts';

/** Files as they are on disk, without LibreOffice: `./hub test e2e` opens them with it. */

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-exports-'));
});
after(() => rmSync(folder, { recursive: true }));

let serial = 0;
async function written(format: 'ods' | 'csv', rows: Cell[][]): Promise<Buffer> {
  serial += 1;
  const path = join(folder, `${serial}.${format}`);
  const groups = async function* () {
    for (let at = 0; at < rows.length; at += 2) yield rows.slice(at, at + 2);
  };
  const columns = columnsOf(false).slice(0, 2);
  const sheet = {
    columns,
    rows: groups(),
    title: 'Dossiers',
    author: 'Ada <&> Exemple',
    moment: '2026-11-26T14:32:05',
  };
  await write(path, format, sheet);
  assert.equal(statSync(path).mode & 0o077, 0);
  return readFileSync(path);
}

interface Member {
  name: string;
  method: number;
  offset: number;
  extra: number;
  bytes: Buffer;
}

/** Members of a ZIP, by the directory at its end. */
function members(zip: Buffer): Member[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'));
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    const [names, extras, notes] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const offset = zip.readUInt32LE(at + 42);
    const method = zip.readUInt16LE(at + 10);
    const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    const packed = zip.subarray(start, start + zip.readUInt32LE(at + 20));
    const member = {
      ...{ name: zip.toString('utf8', at + 46, at + 46 + names), method, offset },
      ...{ extra: zip.readUInt16LE(offset + 28), bytes: method === 0 ? packed : inflateRawSync(packed) },
    };
    at += 46 + names + extras + notes;
    return member;
  });
}

const contentOf = (zip: Buffer): Tree =>
  parse(
    members(zip)
      .find(({ name }) => name === 'content.xml')!
      .bytes.toString(),
  );

const rowsOf = (content: Tree): string[][] =>
  content
    .all('table:table-row')
    .map((row) => row.all('table:table-cell').map((cell) => cell.all('text:p').map(textOf).join('\n')));

describe('an OpenDocument spreadsheet', () => {
  test('begins with its type, stored, where readers look for it', async () => {
    const zip = await written('ods', []);
    const [first, ...others] = members(zip);
    assert.deepEqual([first!.name, first!.method, first!.offset, first!.extra], ['mimetype', 0, 0, 0]);
    assert.equal(zip.toString('latin1', 30, 38), 'mimetype');
    assert.equal(zip.toString('latin1', 38, 38 + 46), 'application/vnd.oasis.opendocument.spreadsheet');
    const names = others.map(({ name }) => name).sort();
    assert.deepEqual(names, ['META-INF/manifest.xml', 'content.xml', 'meta.xml', 'styles.xml']);
    const listed = parse(others.find(({ name }) => name.endsWith('manifest.xml'))!.bytes.toString())
      .all('manifest:file-entry')
      .map((entry) => entry.attributes['manifest:full-path']);
    assert.deepEqual(listed.filter((path) => path !== '/').sort(), ['content.xml', 'meta.xml', 'styles.xml']);
    const meta = parse(others.find(({ name }) => name === 'meta.xml')!.bytes.toString());
    assert.equal(textOf(meta.all('dc:creator')[0]!), 'Ada <&> Exemple');
  });

  test('holds any text as it is, and dates as dates', async () => {
    const texts = [
      '=1+1',
      'L’« Œuvre » <b>&amp;',
      '',
      'a  b',
      ' bord ',
      'une\nligne;"deux"',
      'tab\tici',
      '\u0001\ud800',
    ];
    const rows: Cell[][] = texts.map((text) => [text, { moment: '2026-03-29T03:00:00' }]);
    const content = contentOf(await written('ods', rows));
    const shown = texts.map((text) => text.replace('\u0001', '').replace('\ud800', '\ufffd'));
    assert.deepEqual(rowsOf(content), [['Numéro', 'Demandeur'], ...shown.map((text) => [text, '29/03/2026 03:00'])]);
    const [, cell] = content.all('table:table-row')[1]!.all('table:table-cell');
    assert.equal(cell!.attributes['office:value-type'], 'date');
    assert.equal(cell!.attributes['office:date-value'], '2026-03-29T03:00:00');
    for (const one of content.all('table:table-cell')) assert.equal(one.attributes['table:formula'], undefined);
  });

  test('is well-formed whatever it holds', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(texts, (text) => {
        const tree = parse(`<a b="${escaped(text)}">${escaped(text)}</a>`);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot write
        const kept = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
        assert.equal(textOf(tree), kept);
      }),
    );
  });
});

describe('a CSV', () => {
  test('says it is UTF-8, and holds no formula', async () => {
    const formulas = ['=1+1', '+33', '-2', '@SUM(A1)', '\tx', '\rx'];
    const csv = (
      await written(
        'csv',
        formulas.map((text) => [text, 'a;"b"\nc']),
      )
    ).toString();
    assert.ok(csv.startsWith('\ufeffNuméro;Demandeur\r\n'));
    for (const text of formulas) assert.ok(csv.includes(`'${text}`), text);
    assert.ok(csv.includes(';"a;""b""\nc"\r\n'));
    assert.doesNotMatch(csv, /(^|[;\n])"?[=+\-@]/m);
  });

  test('writes moments as French clocks do', () => {
    assert.equal(csvLine([{ moment: localTime(Date.UTC(2026, 6, 14, 22, 5)) }, 'x']), '15/07/2026 00:05;x\r\n');
  });
});

test('statuses are called as the portal calls them', () => {
  assert.deepEqual(STATUS_LABELS, { ...statusLabels });
});
