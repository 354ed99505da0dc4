import assert from 'node:assert/strict';
import type { OrgKey } from '#engine/domain/organization.ts';
import { recipientName } from '#engine/domain/records/names.ts';
import { ADMIN, MOVERS, osl, PURGE, SENDERS, uploadOf } from './cast.ts';
import { create } from './sender.ts';
import type { World } from './world.ts';

/**
 * A deposit that is completed in several turns, the first of which send what the answer waits for: cases of its own
 * partition are shown two a turn, and those of an organisation that migrated meanwhile follow it to another one. The last
 * turn sends nothing, or other things. As soon as it is answered, whoever took the organisation's place lists its cases.
 */
export async function moveAway(world: World): Promise<void> {
  const { desk, book, chance } = world;
  const [here, there] = twoOf(chance.below(MOVERS.length), chance.below(MOVERS.length - 1));
  const [source, neighbour] = MOVERS[here] as [OrgKey, OrgKey];
  const [target] = MOVERS[there] as [OrgKey];
  const second = chance.pick([source, neighbour]);
  const made = await create(desk, chance, chance.pick(SENDERS), [
    ...[source, second, neighbour],
    ...(chance.chance(0.3) ? [target] : []),
  ]);
  const { folder, home, sender, process, cases } = made;
  const caller = osl(sender);
  book.deposited(made);
  await desk.must(home, { kind: 'folder.upload', folder, index: 0, caller, upload: uploadOf(`b${folder}`) }, 204);
  book.migrated.add(source).add(target);
  await desk.must(home, { kind: 'mailbox.migrate', source, target, process: null, caller: ADMIN, moved: 0 }, 200);
  const completed = book.completing(made);
  const mails = cases.map(() => null);
  const ended = { status: 'HUBEE_COMPLETED', closed: null, mails, purge: PURGE } as const;
  const complete = { kind: 'folder.patch', folder, caller, ...ended } as const;
  const answer = await desk.once(home, complete);
  // A repeated one does not wait for cases that follow a migration (docs/STATUS.md, Known).
  if (answer === undefined) await desk.must(home, complete, 204);
  else assert.equal(answer.status, 204);
  completed();
  if (answer === undefined) return;
  // By a Redis' clock gone back, the migration came before the deposit: its cases stay.
  const lists = await Promise.all([target, source].map((org) => desk.notifications(org, process)));
  if (book.waits.has(recipientName(source)) || book.waits.has(recipientName(target))) return;
  const told = new Set(lists.flat().map((one) => one.case));
  for (const { id, recipient } of cases)
    if (recipient === source) assert.ok(told.has(id), `${target} is not told of ${id}, whose completion was answered`);
  world.count('moved away');
}

/** Two places that differ. */
const twoOf = (one: number, other: number): [number, number] => [one, other + (other < one ? 0 : 1)];
