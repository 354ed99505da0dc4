import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAnswered, looksAnswered } from '#lib/answered.ts';
import { hasReceipt, missingFrom, receiptOf } from '#lib/receipt.ts';
import { refusalOf, requestOf } from '#lib/server/talk/compose.ts';
import { mediaType } from '#lib/server/talk/formats.ts';
import { piecesOf } from '#lib/text/requests.ts';
import { mayAsk } from '#lib/transitions.ts';
import { typedOf } from '#lib/unsent.ts';

const told = (ours: boolean, actionType: string, caseNewStatus: string | null = null) => ({
  ours,
  actionType,
  caseNewStatus,
});
const asked = told(true, 'STATUS_UPDATE', 'ADD_AWAITING');
const answer = told(false, 'ATTACH_DEPOSIT');

describe('an answer to a request for documents', () => {
  it('is there from what the sender says until the town says something', () => {
    equal(isAnswered('ADD_AWAITING', [asked]), false);
    equal(isAnswered('ADD_AWAITING', [asked, answer]), true);
    equal(isAnswered('HUBEE_COMPLETED', [asked, told(false, 'STATUS_UPDATE', 'HUBEE_COMPLETED')]), true);
    equal(isAnswered('ADD_AWAITING', [asked, told(true, 'SENDING_MESSAGE'), answer]), true);
    equal(isAnswered('ADD_AWAITING', [asked, answer, asked]), false);
    equal(isAnswered('ADD_AWAITING', [asked, answer, told(true, 'COM_ADD'), told(true, 'ATTACH_DL')]), true);
    equal(isAnswered('DONE', [asked, answer, told(true, 'STATUS_UPDATE', 'DONE')]), false);
    equal(isAnswered('SI_RECEIVED', [answer]), false);
  });

  it('shows in a list without its events', () => {
    ok(looksAnswered('HUBEE_COMPLETED', false) && looksAnswered('ADD_AWAITING', true));
    ok(!looksAnswered('ADD_AWAITING', false) && !looksAnswered('SI_RECEIVED', true));
  });
});

describe('what the sender reads', () => {
  it('is a list of pieces of that démarche, then the agent’s words', () => {
    const [first] = piecesOf('EtatCivil');
    match(String(requestOf('EtatCivil', [first!, 'Autre chose'], 'Merci.')), new RegExp(`:\n– ${first}\n\nMerci\\.$`));
    equal(requestOf('EtatCivil', [], 'Seulement cela.'), 'Seulement cela.');
    equal((requestOf('EtatCivil', ['inconnue'], '') as { field: string }).field, 'pieces');
  });

  it('is a reason of that démarche, or the agent’s own words', () => {
    match(String(refusalOf('EtatCivil', 'unfound', 'Merci.')), /^Votre demande est refusée.*\nMerci\.$/s);
    equal(refusalOf('EtatCivil', 'other', 'Parce que.'), 'Parce que.');
    equal((refusalOf('EtatCivil', 'other', '') as { field: string }).field, 'precisions');
    equal((refusalOf('EtatCivil', 'home', '') as { field: string }).field, 'motif');
  });

  it('may be asked again after an answer, never for a death certificate', () => {
    ok(mayAsk({ code: 'recensementCitoyen', authorizedAwaiting: true }, 'ADD_AWAITING'));
    ok(mayAsk({ code: 'recensementCitoyen', authorizedAwaiting: true }, 'HUBEE_COMPLETED'));
    ok(!mayAsk({ code: 'EtatCivil', authorizedAwaiting: false }, 'SI_RECEIVED'));
    ok(!mayAsk({ code: 'CERTDC', authorizedAwaiting: true }, 'IN_PROGRESS'));
    ok(!mayAsk({ code: 'recensementCitoyen', authorizedAwaiting: true }, 'DONE'));
  });
});

describe('a receipt', () => {
  const service = {
    service: 'état civil',
    organisation: 'Mairie',
    postalCode: '77000',
    email: 'm@x.test',
    phone: null,
  };

  it('is for requests of citizens only', () => {
    for (const code of ['CERTDC', 'SNATED', 'RSA', 'RSAFIM', 'GRO']) ok(!hasReceipt(code), code);
    for (const code of ['EtatCivil', 'recensementCitoyen', 'depotDossierPACS']) ok(hasReceipt(code), code);
  });

  it('says what came when, who deals with it, and what is missing from it', () => {
    const text = receiptOf({ number: 'EC-1', process: 'Acte', received: '2026-11-26T10:00:00Z' }, service);
    match(text, /EC-1.*26\u00a0novembre\u00a02026.*état civil, Mairie \(77000\).*m@x\.test/s);
    ok(!text.includes('Téléphone'));
    equal(missingFrom(service), 'de numéro de téléphone');
  });
});

describe('what comes from a form', () => {
  it('is sent as a type the démarche takes, by the ending of its name', () => {
    equal(mediaType('A.PDF', 'application/octet-stream', ['application/pdf']), 'application/pdf');
    equal(mediaType('a.xml', '', ['text/xml']), 'text/xml');
    equal(mediaType('a.pdf', 'application/pdf', ['image/png']), undefined);
    equal(mediaType('plan.dwg', 'image/x-dwg', ['image/x-dwg']), 'image/x-dwg');
    equal(mediaType('sans', 'application/pdf', []), undefined);
  });

  it('is kept as it was typed, without where the case stood', () => {
    deepEqual(
      typedOf([
        ['depuis', 'SENT'],
        ['pieces', 'a'],
        ['pieces', 'b'],
        ['__proto__', 'x'],
      ])['pieces'],
      ['a', 'b'],
    );
  });
});
