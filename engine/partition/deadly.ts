import { isSupervision } from '../domain/supervision.ts';
import { bury, type Desk, type Entry, open } from './attempt.ts';
import type { Batch } from './batch.ts';
import { TRIES_BEFORE_DEAD } from './limits.ts';
import { giveUp } from './park.ts';
import { spread } from './part.ts';

/** What a dead letter says that nothing else could: its decision never returned. */
const DEADLY = 'its decision ended the process several times';

/**
 * An entry handed out alone, because it may have ended the process: taken apart when it is several; given up undecided
 * when it did so too often. @returns whether that is all there is to do about it
 */
export async function disarm(desk: Desk, entry: Entry, tries: number, batch: Batch, now: number): Promise<boolean> {
  const message = open(entry);
  if (message === undefined) return false;
  if (spread(desk, entry, message, batch, now)) return true;
  if (tries < TRIES_BEFORE_DEAD) return false;
  const { command } = message;
  if (isSupervision(command)) await giveUp(desk, message, command, DEADLY, batch, now);
  else bury(desk, entry, message, DEADLY, message.confirm || message.replyTo === undefined, batch, now);
  return true;
}
