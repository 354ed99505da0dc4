import type { Arrived } from '../domain/envelope.ts';
import { isSupervision } from '../domain/supervision.ts';
import { actorOf, attempt, buryCorrupt, type Desk, type Entry, isPage, open, parkOf } from './attempt.ts';
import type { Batch } from './batch.ts';
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

async function prefetch(desk: Desk, opened: readonly Opened[]): Promise<void> {
  const names = new Set<string>();
  for (const { message } of opened) {
    if (message === undefined || isSupervision(message.command)) continue;
    for (const name of desk.behaviour.reads(message.command)) {
      if (!desk.cells.has(name) && !isPage(name)) names.add(name);
    }
  }
  if (names.size > 0) await desk.load([...names]);
}
