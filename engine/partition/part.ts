import { type Arrived, encodeMessage, WAY } from '../domain/envelope.ts';
import { isSupervision } from '../domain/supervision.ts';
import { traced, traceOf } from '../domain/trace.ts';
import { actorOf, type Desk, type Entry, parkOf } from './attempt.ts';
import { type Batch, DRAINING } from './batch.ts';
import { delay } from './park.ts';

/**
 * One command of an entry that stands for several. It has its own actor, its own supervision and its own confirmation:
 * what waits or becomes a dead letter is this command alone, in the form it would have had by itself.
 */
export class Part implements Entry {
  readonly id: string;
  readonly message: Arrived;

  constructor(id: string, message: Arrived) {
    this.id = id;
    this.message = message;
  }

  /** Only who waits, or is given up, keeps it. */
  get payload(): string {
    return encodeMessage(this.message, WAY.lane);
  }
}

/** What an entry stands for; undefined: for itself. */
export function partsOf(desk: Desk, { id }: Entry, message: Arrived): Part[] | undefined {
  if (isSupervision(message.command)) return undefined;
  const trace = traceOf(message.command);
  const parts = desk.behaviour.partsOf?.(message.command);
  return parts?.map((command) => new Part(id, { ...message, command: traced(command, trace) }));
}

/**
 * One of the parts may end the process: each waits for its actor's turn, and is decided there by itself, in its order.
 * True: the entry is dealt with.
 */
export function spread(desk: Desk, entry: Entry, message: Arrived, batch: Batch, now: number): boolean {
  const parts = partsOf(desk, entry, message);
  if (parts === undefined) return false;
  for (const part of parts) {
    const actor = actorOf(desk, part.message);
    if (parkOf(desk, batch, actor) === undefined) {
      batch.parks.set(actor, { letter: DRAINING, since: now });
      batch.continue({ command: { kind: 'actor.drain', actor, careful: 1 } });
    }
    delay(actor, part, part.message, batch);
  }
  return true;
}
