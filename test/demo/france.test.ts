import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessModes, apiShare, yearlyCases } from '#ops/demo/france/access.ts';
import { demarches } from '#ops/demo/france/demarches.ts';
import { departementSirens } from '#ops/demo/france/departements.ts';
import { headOffice, passesLuhn } from '#ops/demo/france/luhn.ts';
import { buildFrance, everyRecipient } from '#ops/demo/france/recipients.ts';
import { senders } from '#ops/demo/france/senders.ts';
import { subscribersOf } from '#ops/demo/france/subscriptions.ts';
import { identityText } from '#ops/demo/wire.ts';

const france = buildFrance();
const recipients = everyRecipient(france);

test('there are 9,200 recipients: 8,000 communes, 101 départements, thirty operators and EPCI', () => {
  assert.equal(recipients.length, 9_200);
  assert.equal(france.communes.length, 8_000);
  assert.equal(france.departements.length, 101);
  assert.equal(france.operators.length, 30);
  assert.ok(france.epci.length > 1_000);
});

test('every SIRET passes the Luhn check and every identity is unique and within the contract', () => {
  const identities = [...recipients, ...senders].map((one) => one.identity);
  for (const { companyRegister, branchCode } of identities) {
    assert.match(companyRegister, /^[0-9]{9}0001[0-9]$/);
    assert.ok(passesLuhn(companyRegister), companyRegister);
    assert.match(branchCode, /^[0-9A-Z]{5}$/);
  }
  assert.equal(new Set(identities.map(identityText)).size, identities.length);
});

test('a known SIRET comes out of its SIREN', () => {
  // Seine-et-Marne, the example of the contract, section 1.
  assert.equal(headOffice(departementSirens['77'] as string), '22770001000019');
  assert.throws(() => headOffice('227700011'), /not a SIREN/);
});

test('communes come by population, with real places', () => {
  assert.deepEqual(
    france.communes.slice(0, 3).map((one) => [one.code, one.name]),
    [
      ['75056', 'Mairie – Paris'],
      ['13055', 'Mairie – Marseille'],
      ['69123', 'Mairie – Lyon'],
    ],
  );
  for (const [index, one] of france.communes.entries()) {
    assert.ok(one.population <= (france.communes[index - 1]?.population ?? Number.POSITIVE_INFINITY));
    assert.match(one.postalCode, /^[0-9]{5}$/);
  }
});

test('organisations stay within the lengths of the contract and every e-mail ends in .test', () => {
  for (const one of recipients) {
    assert.ok(one.name.length <= 100 && one.territory.length <= 255, one.name);
    assert.match(one.email, /^[a-zA-Z0-9._-]+@[a-zA-Z0-9._-]{2,}\.test$/);
  }
  assert.ok(france.operators.every((one) => one.code.length <= 10));
});

test('the démarches of section 12 are there, once each, with settings the contract accepts', () => {
  const codes = demarches.map((one) => one.code);
  assert.equal(new Set(codes).size, codes.length);
  assert.ok(codes.length >= 40, `${codes.length}`);
  for (const { process, prefix, sender } of demarches) {
    assert.ok(process.code.length <= 30 && process.name.length <= 100 && prefix.length <= 9);
    assert.ok(process.attachmentFormatsEnabled.length > 0 && process.attachmentTypesEnabled.length > 0);
    assert.ok(Number.isInteger(process.attachmentMaxSizeEnabled) && process.attachmentMaxSizeEnabled > 0);
    assert.equal(process.osl, sender.identity);
    assert.equal(process.statusBeforeFileDeletion, process.code === 'CERTDC' ? 'IN_PROGRESS' : 'CLOSED');
  }
});

test('CERTDC is subscribed by the 1,336 most populous communes only', () => {
  const certificate = demarches.find((one) => one.code === 'CERTDC');
  assert.ok(certificate);
  assert.deepEqual(subscribersOf(certificate, france), france.communes.slice(0, 1_336));
});

test('every démarche has subscribers, each once; all together about sixty thousand', () => {
  let total = 0;
  for (const demarche of demarches) {
    const subscribers = subscribersOf(demarche, france);
    assert.ok(subscribers.length > 0, demarche.code);
    assert.equal(new Set(subscribers).size, subscribers.length, demarche.code);
    total += subscribers.length;
  }
  assert.ok(total > 45_000 && total < 65_000, `${total}`);
  const served = new Set(demarches.flatMap((one) => subscribersOf(one, france)));
  assert.equal(served.size, recipients.length);
});

test('software serves everybody but the smallest communes, and 90 % of the cases', () => {
  const modeOf = accessModes(demarches, france);
  let [software, all] = [0, 0];
  for (const [recipient, cases] of yearlyCases(demarches, france)) {
    all += cases;
    if (modeOf(recipient) === 'API') software += cases;
  }
  assert.ok(Math.abs(software / all - apiShare) < 0.001, `${software / all}`);
  const modes = france.communes.map(modeOf);
  assert.ok(modes.lastIndexOf('API') < modes.indexOf('PORTAIL'));
  assert.ok(recipients.filter((one) => modeOf(one) === 'PORTAIL').every((one) => one.kind === 'commune'));
});
