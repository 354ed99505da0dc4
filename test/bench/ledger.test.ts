import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ledger } from '#bench/ledger.ts';

const state = ({ lost, surplus, matched, reordered }: Ledger) => ({ lost, surplus, matched, reordered });

describe('the ledger of a bench', () => {
  it('matches what was answered and read, whichever comes first', () => {
    const ledger = new Ledger();
    ledger.answered('a', 1, 0, 5);
    ledger.seen('b', 1);
    ledger.seen('a', 1);
    ledger.answered('b', 1, 0, 6);
    assert.deepEqual(state(ledger), { lost: 0, surplus: 0, matched: 2, reordered: 0 });
  });

  it('names what was lost, and what was read twice', () => {
    const ledger = new Ledger();
    ledger.answered('a', 1, 0, 5);
    ledger.answered('b', 1, 0, 5);
    ledger.seen('a', 1);
    ledger.seen('a', 1);
    assert.deepEqual(state(ledger), { lost: 1, surplus: 1, matched: 1, reordered: 0 });
  });

  it('sees what was sent after an answer and read before', () => {
    const ledger = new Ledger();
    ledger.answered('first', 1, 0, 5);
    ledger.answered('under way with it', 1, 4, 9);
    ledger.answered('after it', 1, 6, 9);
    ledger.answered('elsewhere', 2, 20, 30);
    for (const id of ['under way with it', 'after it', 'first']) ledger.seen(id, 1);
    ledger.seen('elsewhere', 2);
    assert.deepEqual(state(ledger), { lost: 0, surplus: 0, matched: 4, reordered: 1 });
  });
});
