import type { Command } from '../domain/commands.ts';
import type { Arrived } from '../domain/envelope.ts';
import { isSupervision } from '../domain/supervision.ts';
import { actorOf, attempt, buryCorrupt, type Desk, type Entry, isPage, open, parkOf } from './attempt.ts';
import type { Batch } from './batch.ts';
import { Unreadable } from './cells.ts';
import { TURN_ENTRIES } from './limits.ts';
import { delay, supervise } from './park.ts';
import { type Part, partsOf } from './part.ts';

/** An entry and what it stands for: itself, or several. */
type Opened = { entry: Entry; message: Arrived | undefined; parts: Part[] | undefined };

/**
 * Decides entries in their order into one batch, until it is full. Deciding is synchronous; only missing records are
 * awaited.
 * @returns how many were decided
 */
export async function decideAll(desk: Desk, entries: readonly Entry[], batch: Batch, now: number): Promise<number> {
  const opened = entries.map((entry): Opened => {
    const message = open(entry);
    return { entry, message, parts: message && partsOf(desk, entry, message) };
  });
  await prefetch(desk, opened);
  let commands = 0;
  for (const [index, { entry, message, parts }] of opened.entries()) {
    if (batch.full || commands >= TURN_ENTRIES) return index;
    commands += parts?.length ?? 1;
    if (message === undefined) buryCorrupt(entry, batch, now);
    else if (isSupervision(message.command)) await supervise(desk, message, message.command, batch, now);
    else if (parts === undefined) {
      const decided = decideOne(desk, entry, message, batch, now);
      if (decided !== undefined) await decided;
    } else {
      for (const part of parts) {
        const decided = decideOne(desk, part, part.message, batch, now);
        if (decided !== undefined) await decided;
      }
    }
  }
  return entries.length;
}

/** @returns a promise when something is to be loaded first */
function decideOne(
  desk: Desk,
  entry: Entry,
  message: Arrived,
  batch: Batch,
  now: number,
): Promise<boolean> | undefined {
  const actor = actorOf(desk, message);
  if (parkOf(desk, batch, actor) !== undefined) {
    delay(actor, entry, message, batch);
    return undefined;
  }
  const decided = attempt(desk, entry, message, batch, now);
  return typeof decided === 'boolean' ? undefined : decided;
}

/** One round trip for what the messages name, one for what these records name: not one for each message. */
async function prefetch(desk: Desk, opened: readonly Opened[]): Promise<void> {
  const { cells, behaviour } = desk;
  const commands: Command[] = [];
  for (const { message, parts } of opened) {
    if (parts !== undefined) for (const part of parts) commands.push(part.message.command as Command);
    else if (message !== undefined && !isSupervision(message.command)) commands.push(message.command);
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
