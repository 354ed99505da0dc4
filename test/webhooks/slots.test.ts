import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Slots } from '#api/webhooks/slots.ts';

describe('slots', () => {
  test('of slow receivers are apart, however many wait for them', async () => {
    const slots = new Slots({ quick: 2, slow: 1 }, 1);
    const held = await slots.take('slow', 'lente-1');
    const entered: string[] = [];
    const waiting = ['lente-2', 'lente-3'].map((org) =>
      slots.take('slow', org).then((leave) => {
        entered.push(org);
        return leave;
      }),
    );
    const quick = await slots.take('quick', 'vive');
    assert.deepEqual([slots.taken('slow'), slots.waiting('slow'), slots.taken('quick')], [1, 2, 1]);
    held();
    (await waiting[0])?.();
    (await waiting[1])?.();
    quick();
    assert.deepEqual(entered, ['lente-2', 'lente-3']);
    assert.deepEqual([slots.taken('slow'), slots.taken('quick')], [0, 0]);
  });

  test('give one organisation its share and no more, and let nobody wait behind it', async () => {
    const slots = new Slots({ quick: 3, slow: 1 }, 1);
    const first = await slots.take('quick', 'gourmande');
    const second = slots.take('quick', 'gourmande');
    const other = await slots.take('quick', 'autre');
    assert.equal(slots.tryTake('quick', 'gourmande'), undefined);
    assert.deepEqual([slots.taken('quick'), slots.waiting('quick')], [2, 1]);
    first();
    first();
    (await second)();
    other();
    assert.equal(slots.taken('quick'), 0);
  });
});
