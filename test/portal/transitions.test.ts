import { deepEqual, equal, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CASE_STATUSES } from '#engine/domain/records/case.ts';
import { acknowledgement, needsMessage, notOurs, steps, targets } from '#lib/transitions.ts';

const plain = { code: 'EtatCivil', authorizedAwaiting: false };
const awaiting = { code: 'recensementCitoyen', authorizedAwaiting: true };
const death = { code: 'CERTDC', authorizedAwaiting: false };

describe('what an agent may make of a case', () => {
  it('follows the démarche (contract §12)', () => {
    deepEqual(targets(plain, 'HUBEE_NOTIFIED'), ['SI_RECEIVED', 'IN_PROGRESS', 'DONE', 'REFUSED', 'SI_INTG_ERROR']);
    deepEqual(targets(awaiting, 'SI_RECEIVED'), ['IN_PROGRESS', 'ADD_AWAITING', 'DONE', 'REFUSED', 'SI_INTG_ERROR']);
    deepEqual(targets(death, 'SENT'), ['IN_PROGRESS', 'DONE', 'SI_INTG_ERROR']);
    deepEqual(targets(death, 'IN_PROGRESS'), ['DONE', 'SI_INTG_ERROR']);
  });

  it('is nothing once it is decided, or before it is there', () => {
    for (const status of ['DONE', 'REFUSED', 'CLOSED', 'ARCHIVED', 'SI_INTG_ERROR', 'HUBEE_RECEIVED']) {
      deepEqual(targets(plain, status), [], status);
    }
  });

  it('never leads where it is already, nor outside of what an SI may set (contract §8.2)', () => {
    const allowed = ['SENT', 'SI_RECEIVED', 'IN_PROGRESS', 'ADD_AWAITING', 'REFUSED', 'SI_INTG_ERROR', 'DONE'];
    for (const status of CASE_STATUSES) {
      for (const rules of [plain, awaiting, death]) {
        for (const target of targets(rules, status)) ok(target !== status && allowed.includes(target));
      }
    }
  });

  it('records the acknowledgement before a decision that comes first', () => {
    deepEqual(steps(plain, 'HUBEE_NOTIFIED', 'DONE'), ['SI_RECEIVED', 'DONE']);
    deepEqual(steps(death, 'HUBEE_NOTIFIED', 'DONE'), ['IN_PROGRESS', 'DONE']);
    deepEqual(steps(plain, 'SI_RECEIVED', 'DONE'), ['DONE']);
    deepEqual(steps(plain, 'HUBEE_NOTIFIED', 'SI_INTG_ERROR'), ['SI_INTG_ERROR']);
  });

  it('acknowledges a death certificate by « en cours »', () => {
    equal(acknowledgement('CERTDC'), 'IN_PROGRESS');
    equal(acknowledgement('EtatCivil'), 'SI_RECEIVED');
  });

  it('sends back by a refusal, or by an error where there is none', () => {
    equal(notOurs(plain, 'SENT'), 'REFUSED');
    equal(notOurs(death, 'SENT'), 'SI_INTG_ERROR');
    equal(notOurs(plain, 'DONE'), undefined);
    ok(needsMessage('REFUSED') && !needsMessage('DONE'));
  });
});
