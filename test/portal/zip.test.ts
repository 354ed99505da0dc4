import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { archiveName } from '#lib/server/zip/names.ts';
import { type Entry, zip } from '#lib/server/zip/zip.ts';
import { unzip } from '#test/e2e/unzip.ts';

async function made(entries: Entry[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const each = async function* () {
    yield* entries;
  };
  for await (const part of zip(each())) parts.push(part);
  return Buffer.concat(parts);
}

const date = new Date(2026, 10, 26, 12, 30, 10);

describe('a ZIP made as it is sent', () => {
  it('holds what was put in', async () => {
    const entries = [
      { name: 'a.txt', date, content: [Buffer.from('bon'), Buffer.from('jour')] },
      { name: 'é.bin', date, content: [] },
    ];
    deepEqual(
      [...unzip(await made(entries))].map(([name, bytes]) => [name, bytes.toString()]),
      [
        ['a.txt', 'bonjour'],
        ['é.bin', ''],
      ],
    );
  });

  it('is one for another reader too', async (test) => {
    const folder = mkdtempSync(join(tmpdir(), 'relais-zip-'));
    try {
      const file = join(folder, 'a.zip');
      writeFileSync(file, await made([{ name: 'a.txt', date, content: [Buffer.from('bonjour')] }]));
      const code =
        'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.read("a.txt").decode(), z.infolist()[0].date_time)';
      const { status, stdout, error } = spawnSync('python3', ['-c', code, file], { encoding: 'utf8' });
      if (error) return test.diagnostic('no python3 here');
      equal(status, 0);
      equal(stdout.trim(), 'None bonjour (2026, 11, 26, 12, 30, 10)');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a name in the ZIP', () => {
  it('says what it is', () => {
    const one = {
      number: 'DILA-EC-1-01',
      applicant: 'N’Diaye Zoé',
      type: 'ActeEtatCivil-PDF',
      fileName: 'x.PDF',
      mimeType: 'application/pdf',
      place: 2,
    };
    equal(archiveName(one), 'DILA-EC-1-01_N-Diaye-Zoe_ActeEtatCivil-PDF_02.pdf');
  });

  it('is one every computer takes', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(text, text, text, text, (number, applicant, type, fileName) => {
        const name = archiveName({ number, applicant, type, fileName, mimeType: 'x/y', place: 1 });
        match(name, /^[A-Za-z0-9._-]+$/);
        ok(name.length <= 120 && !name.includes('..') && !name.startsWith('.'));
      }),
    );
  });
});
