import type { Behaviour } from '../domain/behaviour.ts';
import { Decision, Missing } from '../domain/decision.ts';
import { type Arrived, CorruptMessage, decodeMessage } from '../domain/envelope.ts';
import { DomainError } from '../domain/errors.ts';
import { isSupervision } from '../domain/supervision.ts';
import { type Batch, type DeadLetter, DRAINING, type ParkNote, Unwritable } from './batch.ts';
import { type Cells, Unreadable } from './cells.ts';
import { LOAD_ROUNDS } from './limits.ts';
import { directive, errorTrace } from './supervisor.ts';

export interface Entry {
  id: string;
  payload: string;
  /** where it came from, as turn.lua tells; '' or absent: a request */
  origin?: string;
  /** what the payload says, when this process wrote it just now */
  message?: Arrived | undefined;
}

/** What deciding needs of its partition. */
export interface Desk {
  readonly partition: number;
  readonly cells: Cells;
  readonly behaviour: Behaviour;
  /** actors whose deliveries wait */
  readonly parked: ReadonlyMap<string, ParkNote>;
  /** some entry under way may have ended the process: one at a time */
  readonly careful: boolean;
  load(names: readonly string[]): Promise<void>;
  /** First entries of a sorted set as of now, for one message only: see records/page.ts. */
  page(name: string, batch: Batch): Promise<unknown>;
  letter(number: number): Promise<DeadLetter | undefined>;
  /** The first deliveries that wait for an actor, as committed. */
  delayed(actor: string, count: number): Promise<Entry[]>;
  delayedCount(actor: string): Promise<number>;
  onFault(error: unknown, kind: string): void;
}

export const isPage = (name: string): boolean => name.startsWith('z');

/** The message of an entry; undefined when it is not what was written. */
export function open(entry: Pick<Entry, 'payload' | 'message'>): Arrived | undefined {
  try {
    return entry.message ?? decodeMessage(entry.payload);
  } catch (error) {
    if (error instanceof CorruptMessage || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const actorOf = (desk: Desk, message: Arrived): string =>
  isSupervision(message.command) ? '' : desk.behaviour.actorOf(message.command);

/** Why the actor is parked, as this turn sees it. */
export function parkOf(desk: Desk, batch: Batch, actor: string): ParkNote | undefined {
  const now = batch.parks.get(actor);
  return now === undefined ? desk.parked.get(actor) : (now ?? undefined);
}

/**
 * Decides one message of an actor into the batch, whether or not the actor is parked.
 * @returns false when it became a dead letter
 */
export async function attempt(desk: Desk, entry: Entry, message: Arrived, batch: Batch, now: number): Promise<boolean> {
  const { command } = message;
  if (isSupervision(command)) throw new Error(`${command.kind} belongs to no actor`);
  const { behaviour } = desk;
  const pages = new Map<string, unknown>();
  const lookup = (name: string): unknown => {
    if (batch.records.has(name)) return batch.records.get(name);
    if (pages.has(name)) return pages.get(name);
    if (!desk.cells.has(name)) throw new Missing([name]);
    const state = desk.cells.get(name);
    if (state instanceof Unreadable) throw state.error;
    return state;
  };
  let failures = 0;
  for (let round = 0; ; round += 1) {
    const decision = new Decision(lookup, now, desk.partition, message.replyTo);
    try {
      behaviour.decide(command, decision);
      batch.absorb(decision, message);
      return true;
    } catch (error) {
      if (error instanceof Unwritable) throw error;
      if (error instanceof Missing && round < LOAD_ROUNDS) {
        await desk.load(error.names.filter((name) => !isPage(name)));
        for (const name of error.names.filter(isPage)) pages.set(name, await desk.page(name, batch));
        continue;
      }
      if (error instanceof DomainError && !message.confirm) {
        batch.refuse(message, error.status, error.message);
        return true;
      }
      failures += 1;
      desk.onFault(error, command.kind);
      const what = directive(failures, message);
      if (what === 'retry') {
        for (const name of behaviour.reads(command)) if (!batch.records.has(name)) desk.cells.forget(name);
        continue;
      }
      bury(desk, entry, message, errorTrace(error), what === 'park', batch, now);
      return false;
    }
  }
}

/** A message given up: kept for the administrator, its caller told, its actor parked behind it when asked for. */
export function bury(
  desk: Desk,
  entry: Entry,
  message: Arrived,
  error: string,
  park: boolean,
  batch: Batch,
  now: number,
): void {
  const actor = actorOf(desk, message);
  const letter = batch.bury({
    entry: entry.id,
    actor,
    kind: message.command.kind,
    error,
    at: now,
    payload: entry.payload,
  });
  const note = parkOf(desk, batch, actor);
  const replaced = note === undefined || note.letter === DRAINING || batch.settled.has(note.letter);
  if (park && replaced) batch.parks.set(actor, { letter, since: now });
  if (!message.confirm) batch.refuse(message, 500, 'Internal Server Error');
}

/** An entry that is not what was written. */
export function buryCorrupt(entry: Entry, batch: Batch, now: number): void {
  batch.bury({
    entry: entry.id,
    actor: '',
    kind: 'corrupt',
    error: 'CorruptMessage',
    at: now,
    payload: entry.payload,
  });
}
