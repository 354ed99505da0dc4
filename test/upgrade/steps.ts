import { equal, match, ok } from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { FORMATS } from '#engine/domain/format.ts';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { SEAL_LENGTH } from '#engine/domain/records/seal.ts';
import type { Ground } from './ground.ts';
import { FIELD, NEXT } from './next.ts';
import { calm } from './trial.ts';

/** What an operator does to processes under load, and what must be seen of it. */
const REACHED_MS = 20_000;
const LOOK_MS = 100;

/** Each process restarted, one after the other, again and again. */
export async function rolled(ground: Ground, rounds: number, done: () => void): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const member of ground.members) {
      await calm();
      ok(await ground.restart(member), `${member.name} had to be killed`);
      done();
    }
  }
  await calm();
}

/** Cases that bear what only the next format has. */
export const bearing = async (ground: Ground): Promise<number> =>
  (await ground.strings('*}c*')).filter(
    (text) => typeof (JSON.parse(text.slice(SEAL_LENGTH)) as unknown[])[FIELD] === 'number',
  ).length;

/** Both versions side by side, back to the one before, and on to the next one: which writes what the one before reads. */
export async function upgraded(ground: Ground, before: string, next: string, done: () => void): Promise<void> {
  const [first, ...others] = ground.members;
  const to = async (tree: string, members = ground.members): Promise<void> => {
    for (const member of members) {
      await calm();
      ok(await ground.restart(member, tree), `${member.name} had to be killed`);
      done();
    }
  };
  await to(next, first ? [first] : []);
  await calm();
  const both = (await ground.upgrade(next)).said;
  match(both, new RegExp(`the hub writes format ${FORMATS.max}`));
  match(both, new RegExp(NEXT.version.replaceAll('.', '\\.')));
  const refused = await ground.upgrade(next, 'finalise');
  equal(refused.status, 1, refused.said);
  match(refused.said, /stop them first/);
  await to(next, others);
  await to(before);
  await to(next);
  ok((await ground.strings('*}c*')).length > ALL_PARTITIONS / 2, 'no cases were made');
  equal(await bearing(ground), 0, 'the next version wrote what the one before cannot read');
}

/** The end of roll-back. */
export async function finalised(ground: Ground, before: string, next: string, done: () => void): Promise<void> {
  const said = await ground.upgrade(next, 'finalise');
  equal(said.status, 0, said.said);
  match(said.said, new RegExp(`writes format ${NEXT.format} now`));
  match(said.said, /functions that no version uses any more, removed: relais_/);
  done();
  for (const deadline = performance.now() + REACHED_MS; (await bearing(ground)) === 0; await pause(LOOK_MS))
    ok(performance.now() < deadline, 'nothing was written in the new format');
  const attempt = await ground.attempt(before);
  equal(attempt.status, 1, attempt.said);
  match(
    attempt.said,
    new RegExp(
      `finalised to format ${NEXT.format}, this version reads .*${FORMATS.max}: start a version that reads it`,
    ),
  );
  await calm();
}
