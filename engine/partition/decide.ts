import type { Command } from '../domain/commands.ts';
import type { Arrived } from '../domain/envelope.ts';
import { isSupervision } from '../domain/supervision.ts';
import { actorOf, attempt, buryCorrupt, type Desk, type Entry, isPage, open, parkOf } from './attempt.ts';
import type { Batch } from './batch.ts';
import { Unreadable } from './cells.ts';
import { delay, supervise } from './park.ts';

type Opened = { entry: Entry; message: Arrived | undefined };

/**
 * Decides entries in their order into one batch, until it is full. Deciding is synchronous; only missing records are
 * awaited.
 * @returns how many were decided
 */
export async function decideAll(desk: Desk, entries: readonly Entry[], batch: Batch, now: number): Promise<number> {
  const opened = entries.map((entry): Opened => ({ entry, message: open(entry) }));
  await prefetch(desk, opened);
  for (const [index, { entry, message }] of opened.entries()) {
    if (batch.full) return index;
    if (message === undefined) buryCorrupt(entry, batch, now);
    else if (isSupervision(message.command)) await supervise(desk, message, message.command, batch, now);
    else {
      const actor = actorOf(desk, message);
      if (parkOf(desk, batch, actor) === undefined) {
        const decided = attempt(desk, entry, message, batch, now);
        if (typeof decided !== 'boolean') await decided;
      } else delay(actor, entry, message, batch);
    }
  }
  return entries.length;
}

/** One round trip for what the messages name, one for what these records name: not one for each message. */
async function prefetch(desk: Desk, opened: readonly Opened[]): Promise<void> {
  const { cells, behaviour } = desk;
  const commands: Command[] = [];
  for (const { message } of opened) {
    if (message !== undefined && !isSupervision(message.command)) commands.push(message.command);
  }
  await loadMissing(desk, commands, (command) => behaviour.reads(command));
  const seen = (name: string): unknown => {
    const state = cells.get(name);
    return state instanceof Unreadable ? undefined : state;
  };
  await loadMissing(desk, commands, (command) => behaviour.readsNext?.(command, seen) ?? []);
}

async function loadMissing(
  desk: Desk,
  commands: readonly Command[],
  namesOf: (command: Command) => readonly string[],
): Promise<void> {
  const names = new Set<string>();
  for (const command of commands) {
    for (const name of namesOf(command)) if (!desk.cells.has(name) && !isPage(name)) names.add(name);
  }
  if (names.size > 0) await desk.load([...names]);
}
