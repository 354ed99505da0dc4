import type { Caller } from '#engine/domain/commands/contents.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import type { CaseStatus } from '#engine/domain/records/case.ts';
import { caseName } from '#engine/domain/records/names.ts';
import { HERE, notified, PROCESS, received, SENDER, SENDER_HOME, TOWN } from './samples.ts';
import { World } from './world.ts';

/** One notified case, and what its two sides have been told. */
export interface Scene {
  world: World;
  case_: { id: never; home: number };
}

export function scene(): Scene {
  const world = new World();
  return { world, case_: notified(world).cases[0] as { id: never; home: number } };
}

/** Notifications of the exchange so far, the new case's apart: [to the recipient, to the sender]. */
export const told = (world: World): [number, number] => [
  world.box(HERE, TOWN, PROCESS).filter((one) => one.event !== null).length,
  world.box(SENDER_HOME, SENDER, PROCESS).length,
];
export const statusOf = ({ world, case_ }: Scene): CaseStatus | undefined =>
  world.get(HERE, caseName(case_.id))?.status;
export const lastEvent = ({ world, case_ }: Scene) => world.get(HERE, caseName(case_.id))?.events.at(-1);
export const uploadTo = (command: CommandOf<'case.event'>, caller: Caller, given = received('e0')) =>
  ({
    kind: 'case.event.upload',
    case: command.case,
    event: command.event.id,
    index: 0,
    caller,
    upload: given,
  }) as const;
export const remove = (command: CommandOf<'case.event'>, caller: Caller) =>
  ({ kind: 'case.event.delete', case: command.case, event: command.event.id, caller }) as const;
