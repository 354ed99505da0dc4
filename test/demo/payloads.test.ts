import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Demarche } from '#ops/demo/france/demarche.ts';
import { demarches } from '#ops/demo/france/demarches.ts';
import { buildFrance } from '#ops/demo/france/recipients.ts';
import { planCount } from '#ops/demo/payloads/building.ts';
import { Random } from '#ops/demo/random.ts';
import type { Deposit } from '#ops/demo/traffic/deposit.ts';
import { drawDeposit, writeDeposit } from '#ops/demo/traffic/deposit.ts';
import { Flow } from '#ops/demo/traffic/flow.ts';
import { pdfFault } from './pdfcheck.ts';
import { xmlFault } from './wellformed.ts';

const france = buildFrance();
const flow = new Flow(demarches, france);
const on = new Date('2026-03-02T09:00:00Z');
const perDemarche = 6;

const samples = demarches.flatMap((demarche) =>
  Array.from({ length: perDemarche }, (_, serial) => sample(demarche, serial)),
);

function sample(demarche: Demarche, serial: number): Deposit {
  const random = new Random(`${demarche.code}/${serial}`);
  return writeDeposit({ demarche, recipients: flow.recipientsOf(demarche, random) }, random, serial, on);
}

test('the same seed, number and date give the same deposit, byte for byte; another seed does not', () => {
  for (let serial = 0; serial < 50; serial++) {
    const one = drawDeposit(flow, 'a', serial, on);
    assert.deepEqual(one, drawDeposit(new Flow(demarches, france), 'a', serial, on));
    assert.notDeepEqual(one.folder, drawDeposit(flow, 'b', serial, on).folder);
  }
});

test('every folder satisfies the settings of its démarche and the form of the contract', () => {
  for (const { demarche, folder, files } of samples) {
    const { attachmentTypesEnabled, attachmentFormatsEnabled, attachmentMaxSizeEnabled } = demarche.process;
    assert.ok(folder.externalId.length <= 30, folder.externalId);
    const numbers = folder.cases.map((one) => one.externalId);
    assert.equal(new Set(numbers).size, numbers.length);
    assert.ok(numbers.every((number) => number.length <= 100));
    assert.equal(files.length, folder.attachments.length);
    for (const [index, attachment] of folder.attachments.entries()) {
      assert.ok(attachmentTypesEnabled.includes(attachment.type), `${demarche.code} ${attachment.type}`);
      assert.ok(attachmentFormatsEnabled.includes(attachment.mimeType), `${demarche.code} ${attachment.mimeType}`);
      assert.equal(attachment.size, files[index]?.length);
      assert.ok(attachment.size > 0 && attachment.size <= attachmentMaxSizeEnabled);
      assert.ok(attachment.fileName.length <= 255);
      assert.ok(attachment.recipients.length > 0 && attachment.recipients.every((one) => numbers.includes(one)));
    }
    for (const number of numbers) {
      assert.ok(
        folder.attachments.some((one) => one.recipients.includes(number)),
        `${number} gets no file`,
      );
    }
  }
});

test('every file is what its media type says', () => {
  const seen = new Set<string>();
  for (const { demarche, folder, files } of samples) {
    for (const [index, { mimeType, fileName }] of folder.attachments.entries()) {
      const bytes = files[index] as Buffer;
      seen.add(mimeType);
      assert.equal(fault(mimeType, bytes), undefined, `${demarche.code} ${fileName}`);
    }
  }
  assert.ok(seen.size >= 7, [...seen].join(' '));
});

test('the checks of the two formats do find faults', () => {
  const pdf = samples[0]?.files[0] as Buffer;
  assert.equal(pdfFault(pdf), undefined);
  assert.match(pdfFault(Buffer.concat([pdf.subarray(0, 20), Buffer.from('x'), pdf.subarray(20)])) ?? '', /startxref/);
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  for (const bad of ['<a><b></a></b>', '<a>', '<a>&</a>', '<a x="1" x="2"/>', '<a/><b/>', '<a><</a>', 'x']) {
    assert.notEqual(xmlFault(declaration + bad), undefined, bad);
  }
});

test('a death certificate gives its VA_ files to both communes and the others to the first only', () => {
  const certificates = samples.filter((one) => one.demarche.code === 'CERTDC' && one.folder.cases.length === 2);
  assert.ok(certificates.length > 0);
  for (const { folder } of certificates) {
    const [first, second] = folder.cases.map((one) => one.externalId);
    for (const { type, recipients } of folder.attachments) {
      assert.deepEqual(recipients, type.startsWith('VA_') ? [first, second] : [first]);
    }
  }
});

test('a change of address goes to operators and communes, an application for a permit has twenty plans', () => {
  const change = samples.filter((one) => one.demarche.code === 'JeChangeDeCoordonnees');
  assert.ok(change.every((one) => one.folder.cases.length >= 3));
  const permit = samples.find((one) => one.demarche.code === 'AutorisationUrbanisme');
  assert.equal(permit?.folder.attachments.filter((one) => one.type === 'plan').length, planCount);
});

test('every person says by the name that it does not exist', () => {
  for (const { demarche, folder } of samples) {
    if (demarche.sender.code === 'SNATED' || (demarche.sender.code === 'CNAF' && demarche.code !== 'FormulaireQF')) {
      continue; // their applicant is a service
    }
    assert.match(folder.applicant.lastName, /-(Exemple|Fictif|Spécimen|Essai|Démo|Imaginaire)$/);
  }
});

test('démarches are drawn by their volumes, the electoral rolls in their season only', () => {
  const draws = 20_000;
  const year = demarches.reduce((sum, one) => sum + one.yearly, 0);
  const counts = new Map<string, number>();
  const random = new Random('volumes');
  for (let i = 0; i < draws; i++) {
    const { code } = flow.draw(random).demarche;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  for (const { code, yearly } of demarches) {
    const expected = (draws * yearly) / year;
    const drawn = counts.get(code) ?? 0;
    assert.ok(Math.abs(drawn - expected) < 5 * Math.sqrt(expected) + 1, `${code}: ${drawn} for ${expected}`);
  }
  const november = new Flow(demarches, france, 11);
  const drawn = Array.from({ length: 5_000 }, () => november.draw(random).demarche.code);
  assert.ok(!drawn.includes('InscriptionListesElectorales'));
});

function fault(mimeType: string, bytes: Buffer): string | undefined {
  switch (mimeType) {
    case 'application/pdf':
      return pdfFault(bytes);
    case 'application/xml':
      return xmlFault(bytes.toString('utf8'));
    case 'application/json':
      return typeof JSON.parse(bytes.toString('utf8')) === 'object' ? undefined : 'not an object';
    case 'text/plain':
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes).includes('\r\n') ? undefined : 'no line';
    default:
      return zipFault(bytes);
  }
}

function zipFault(bytes: Buffer): string | undefined {
  if (bytes.readUInt32LE(0) !== 0x04034b50) return 'no local header';
  const end = bytes.length - 22;
  if (bytes.readUInt32LE(end) !== 0x06054b50) return 'no end of directory';
  let place = bytes.readUInt32LE(end + 16);
  for (let entry = 0; entry < bytes.readUInt16LE(end + 10); entry++) {
    if (bytes.readUInt32LE(place) !== 0x02014b50) return `no directory entry at ${place}`;
    if (bytes.readUInt32LE(bytes.readUInt32LE(place + 42)) !== 0x04034b50) return 'entry points nowhere';
    place += 46 + bytes.readUInt16LE(place + 28);
  }
  return place === end ? undefined : 'directory of another length';
}
