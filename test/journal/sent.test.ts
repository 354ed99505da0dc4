import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '#engine/domain/envelope.ts';
import type { CommitLog } from '#engine/journal/log.ts';
import type { TurnRecord } from '#engine/journal/record.ts';
import { recallFrom } from '#engine/journal/rewind.ts';
import { follows, sentBehind } from '#engine/journal/sent.ts';
import type { Heard } from '#engine/partition/heard.ts';

/** What a source finds in its journal for a destination that lost deliveries. */
const [SOURCE, TO] = [3, 1];
const at = (text: string): Heard => {
  const [epoch, sequence] = text.split(':').map(Number) as [number, number];
  return { epoch, sequence };
};

/** A journal whose commits sent these, newest segment last. */
function journalOf(...segments: string[][]): CommitLog {
  const records = segments.map((sent) =>
    sent.map((text): TurnRecord => {
      const { epoch, sequence } = at(text);
      const operations = ['O', 5, 5, sequence, TO, sequence, epoch, text];
      const done = { covered: [], promoted: [], messages: [], keys: [], operations };
      return { partition: SOURCE, epoch, turn: sequence, before: '', mark: '', done };
    }),
  );
  const search: CommitLog['search'] = async (_, enough) => {
    for (let from = records.length - 1; from >= 0; from -= 1) if (enough(records.slice(from).flat())) return;
  };
  return { search } as CommitLog;
}
const found = async (journal: CommitLog, heard: string, through: string): Promise<unknown[]> => {
  const sent = await sentBehind(journal, SOURCE, TO, at(heard), at(through));
  return [sent.before && `${sent.before.epoch}:${sent.before.sequence}`, sent.outs.map(({ payload }) => payload)];
};

test('behind what was heard, from as many segments as it takes', async () => {
  const journal = journalOf(['3:1', '3:2'], ['3:3'], ['3:4', '3:5']);
  assert.deepEqual(await found(journal, '3:2', '3:4'), [undefined, ['3:3', '3:4']]);
  assert.deepEqual(await found(journal, '0:0', '3:2'), ['0:0', ['3:1', '3:2']]);
});

test('what was sent in the place of messages that the source lost, though the destination heard more of those', async () => {
  const journal = journalOf(['2:3'], ['3:4', '3:5', '3:6', '3:7'], ['4:4', '4:5', '4:6']);
  assert.deepEqual(await found(journal, '3:7', '4:6'), ['2:3', ['4:4', '4:5', '4:6']]);
  assert.deepEqual(await found(journal, '2:3', '4:6'), ['2:3', ['4:4', '4:5', '4:6']]);
});

test('the first stretch without a gap: what follows it is awaited from others', async () => {
  assert.deepEqual(await found(journalOf(['3:1', '3:2', '3:5']), '0:0', '3:6'), ['0:0', ['3:1', '3:2']]);
});

test('a stretch follows what was heard by the message before it, or by its sequence where nobody knows that one', () => {
  const outs = [{ number: 0, to: TO, payload: '', ...at('4:4') }];
  assert.ok(follows({ before: at('2:3'), outs }, at('3:7')));
  assert.ok(!follows({ before: at('3:3'), outs }, at('2:7')));
  assert.ok(!follows({ before: undefined, outs }, at('3:7')));
  assert.ok(follows({ before: undefined, outs }, at('3:3')));
  assert.ok(!follows({ before: at('2:3'), outs }, at('3:2')));
});

test('what no journal has is named at last: message by message, or once where only the epoch tells', async (context) => {
  const recalled = async (journal: CommitLog, heard: string, through: string): Promise<string[]> => {
    const recall = recallFrom(journal, SOURCE);
    assert.deepEqual((await recall(TO, at(heard), at(through))).outs, []);
    const now = performance.now();
    const clock = context.mock.method(performance, 'now', () => now + 60_000);
    const { outs } = await recall(TO, at(heard), at(through));
    clock.mock.restore();
    for (const { payload } of outs) assert.equal(decodeMessage(payload).command.kind, 'dead.lost');
    return outs.map(({ epoch, sequence }) => `${epoch}:${sequence}`);
  };
  const empty = journalOf([]);
  assert.deepEqual(await recalled(empty, '3:4', '4:6'), ['3:5']);
  assert.deepEqual(await recalled(empty, '3:5', '4:6'), ['4:6']);
  assert.deepEqual(await recalled(empty, '3:7', '4:6'), ['4:6']);
  assert.deepEqual(await recalled(empty, '5:4', '4:6'), ['5:5'], 'heard of an epoch that is lost: still in order');
  assert.deepEqual(await recalled(journalOf(['4:5', '4:6']), '3:7', '4:6'), ['4:4'], 'before what it has');
});
