import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandOf } from '#engine/domain/commands.ts';
import { decide } from '#engine/domain/deciders/index.ts';
import { Decision } from '#engine/domain/decision.ts';
import { decode } from '#engine/domain/records/codec.ts';
import { folderName, recipientName } from '#engine/domain/records/names.ts';
import { Batch } from '#engine/partition/batch.ts';
import { Cells } from '#engine/partition/cells.ts';
import { OperationList, writeBatch } from '#engine/partition/operations.ts';
import { Tally } from '#engine/partition/tally.ts';
import { createCommand, HERE, PURGE, received, TOWN } from '#test/domain/samples.ts';

/** What a deposit in one call writes of its folder and case is written, and not kept in memory; its mailbox is. */
test('of a deposit in one call memory keeps the mailbox; of a folder that is filled call by call, the folder', () => {
  const { kind: _, attachments, ...folder } = createCommand({ recipients: [TOWN] });
  const deposit: CommandOf<'folder.deposit'> = {
    kind: 'folder.deposit',
    ...folder,
    attachments: attachments.map((file, index) => ({ ...file, ...received(`b${index}`) })),
    mails: [null],
    purge: PURGE,
    repeated: false,
  };
  const create = createCommand({ recipients: [TOWN] });
  const numbers = {
    partition: HERE,
    epoch: 1,
    nextOut: () => 1,
    nextSequence: () => 1,
    nextJob: () => 1,
    nextLetter: () => 1,
  };
  const cells = new Cells(1e6, decode);
  const written = (command: CommandOf<'folder.deposit' | 'folder.create'>): string[] => {
    const batch = new Batch(numbers);
    const decision = new Decision(() => undefined, Date.now(), HERE);
    decide(command, decision);
    batch.absorb(decision, { command, confirm: false, inside: false });
    const list = new OperationList(HERE);
    writeBatch(list, HERE, batch, 0, 1, cells, new Tally(new Map()), () => true);
    return list.keys;
  };
  cells.load(folderName(deposit.folder), null);
  const keys = written(deposit);
  assert.ok(keys.some((key) => key.endsWith(folderName(deposit.folder))));
  assert.ok(keys.some((key) => /[}:]c[\w-]{22}$/.test(key)));
  assert.ok(cells.has(recipientName(TOWN)));
  assert.equal(cells.has(folderName(deposit.folder)), false);
  const kept = cells.size;
  written({ ...create, folder: deposit.folder });
  assert.ok(cells.has(folderName(deposit.folder)));
  assert.equal(cells.size, kept + 1);
});
