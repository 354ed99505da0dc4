import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Behaviour } from '#engine/domain/behaviour.ts';
import type { Command } from '#engine/domain/commands.ts';
import type { Arrived } from '#engine/domain/envelope.ts';
import type { RecordName } from '#engine/domain/records/names.ts';
import type { Desk, Entry } from '#engine/partition/attempt.ts';
import { Batch } from '#engine/partition/batch.ts';
import { Cells } from '#engine/partition/cells.ts';
import { decideAll } from '#engine/partition/decide.ts';

/** Each command reads its folder, then the recipient the folder's text names, then writes the counters. */
const behaviour = (hints: boolean): Behaviour => {
  const folder = (command: Command): RecordName => `f${command.kind}`;
  const recipient = (text: unknown): RecordName => `o${text}`;
  return {
    actorOf: folder,
    reads: (command) => [folder(command)],
    decide(command, decision) {
      decision.get(recipient(decision.get(folder(command))));
      decision.put('n', { boxes: (decision.get('n')?.boxes ?? 0) + 1 });
    },
    ...(hints && { readsNext: (command, seen) => [recipient(seen(folder(command)))] }),
  };
};

async function loadsOf(hints: boolean): Promise<string[][]> {
  const loads: string[][] = [];
  const cells = new Cells(1e6, (_, text) => text);
  cells.load('n', null);
  const desk: Partial<Desk> = {
    partition: 0,
    cells,
    behaviour: behaviour(hints),
    parked: new Map(),
    load: async (names) => {
      loads.push([...names]);
      for (const name of names) cells.load(name, name.startsWith('f') ? `town of ${name}` : 'a mailbox');
    },
  };
  const number = (): number => 1;
  const numbers = {
    partition: 0,
    epoch: 1,
    nextOut: number,
    nextJob: number,
    nextLetter: number,
    nextSequence: number,
  };
  const entries = ['a', 'b', 'c'].map((kind): Entry => {
    const message = { command: { kind }, confirm: false, inside: true } as unknown as Arrived;
    return { id: `${kind}-0`, payload: '', message };
  });
  const batch = new Batch(numbers);
  assert.equal(await decideAll(desk as Desk, entries, batch, 0), 3);
  assert.deepEqual(batch.records.get('n'), { boxes: 3 });
  return loads;
}

test('records named by the records of a batch are loaded together, in a second round trip', async () => {
  assert.deepEqual(await loadsOf(true), [
    ['fa', 'fb', 'fc'],
    ['otown of fa', 'otown of fb', 'otown of fc'],
  ]);
});

test('without that hint each message loads what it misses, and is decided alike', async () => {
  assert.equal((await loadsOf(false)).length, 4);
});
