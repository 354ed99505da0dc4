import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reads, readsNext } from '#engine/domain/deciders/index.ts';
import { recipientName } from '#engine/domain/records/names.ts';
import { CITY, HERE, notified, patchFolder, recipientIn, TOWN, uploaded } from './samples.ts';
import { World } from './world.ts';

const NEIGHBOUR = recipientIn(HERE, 1);

test('a completion reads the mailboxes of its recipients that lie with the folder', () => {
  const world = new World();
  const deposit = uploaded(world, { recipients: [TOWN, CITY, NEIGHBOUR] });
  const seen = (name: string): unknown => world.get(deposit.home, name as `f${string}`);
  const command = patchFolder(deposit, 'HUBEE_COMPLETED');
  assert.deepEqual(reads(command), [`f${deposit.folder}`]);
  assert.deepEqual(readsNext(command, seen), [recipientName(TOWN), recipientName(NEIGHBOUR)]);
});

test('nothing follows where no case will be shown: no folder, another status, completed before', () => {
  const world = new World();
  const waiting = uploaded(world);
  const done = notified(world);
  const seen = (name: string): unknown => world.get(waiting.home, name as `f${string}`);
  assert.deepEqual(
    readsNext(patchFolder(waiting, 'HUBEE_COMPLETED'), () => undefined),
    [],
  );
  assert.deepEqual(readsNext(patchFolder(waiting, 'CLOSED'), seen), []);
  assert.deepEqual(readsNext(patchFolder(done, 'HUBEE_COMPLETED'), seen), []);
  assert.deepEqual(readsNext({ kind: 'barrier' }, seen), []);
});
