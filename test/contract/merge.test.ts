import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Merge } from '#api/answers/box.ts';
import type { Hub } from '#engine/client/hub.ts';
import { type Id, KIND, newId, notificationId } from '#engine/domain/ids.ts';
import type { NotificationState } from '#engine/domain/records/notification.ts';

/** The list of a recipient of several démarches: in one order, and at the cost of what is given. */

const RECIPIENT = 'SI-21940000000016-94054';
const NOW = Date.UTC(2026, 10, 23);
const CASE: Id = newId(KIND.case, 1, NOW);

const entry = (box: number, sequence: number): { sequence: number; notification: NotificationState } => ({
  sequence,
  notification: {
    id: notificationId(1, box, sequence, NOW),
    case: CASE,
    event: null,
    transmitter: 'OSL-13000000000017-00000',
    recipient: RECIPIENT,
    process: `P${box}`,
  },
});

/** A hub that holds these boxes, and counts what it gave. */
function holding(boxes: number[][]): { hub: Pick<Hub, 'box'>; given: () => number } {
  let given = 0;
  const hub: Pick<Hub, 'box'> = {
    box: async ({ box }, after, limit) => {
      const page = (boxes[box] ?? []).filter((sequence) => sequence > after).slice(0, limit);
      given += page.length;
      return page.map((sequence) => entry(box, sequence));
    },
  };
  return { hub, given: () => given };
}

/** Which box each number of a common sequence went to. */
const spread = fc.array(fc.nat({ max: 5 }), { maxLength: 900 });

test('gives all, once, in the order of the common sequence, whatever the chunks', async () => {
  await fc.assert(
    fc.asyncProperty(spread, fc.integer({ min: 1, max: 400 }), async (places, chunk) => {
      const boxes: number[][] = Array.from({ length: 6 }, () => []);
      for (const [at, box] of places.entries()) boxes[box]?.push(at + 1);
      const { hub } = holding(boxes);
      const merge = new Merge(
        hub as Hub,
        1,
        RECIPIENT,
        boxes.map((_, box) => ({ process: `P${box}`, box })),
      );
      const all: NotificationState[] = [];
      for (;;) {
        const taken = await merge.next(chunk);
        all.push(...taken);
        if (taken.length < chunk) break;
      }
      const expected = places.map((box, at) => entry(box, at + 1).notification.id);
      assert.deepEqual(
        all.map(({ id }) => id),
        expected,
      );
    }),
    { numRuns: 100 },
  );
});

test('reads no more than it gives and a page of each box', async () => {
  const boxes = Array.from({ length: 6 }, (_, box) => Array.from({ length: 5000 }, (_, at) => at * 6 + box + 1));
  const { hub, given } = holding(boxes);
  const merge = new Merge(
    hub as Hub,
    1,
    RECIPIENT,
    boxes.map((_, box) => ({ process: `P${box}`, box })),
  );
  assert.equal((await merge.next(25)).length, 25);
  assert(given() <= 25 + 6 * 8, `${given()} read for 25`);
  const one = holding(boxes);
  await new Merge(one.hub as Hub, 1, RECIPIENT, [{ process: 'P0', box: 0 }]).next(25);
  assert.equal(one.given(), 25);
});
