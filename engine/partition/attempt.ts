import type { Behaviour } from '../domain/behaviour.ts';
import type { Command } from '../domain/commands.ts';
import { Decision, Missing } from '../domain/decision.ts';
import { type Arrived, CorruptMessage, decodeMessage } from '../domain/envelope.ts';
import { DomainError } from '../domain/errors.ts';
import type { Settings } from '../domain/settings.ts';
import { isSupervision } from '../domain/supervision.ts';
import { type Trace, traceOf } from '../domain/trace.ts';
import { type Batch, type DeadLetter, DRAINING, type ParkNote, Unwritable } from './batch.ts';
import { type Cells, Unreadable } from './cells.ts';
import { LOAD_ROUNDS } from './limits.ts';
import { directive, errorTrace } from './supervisor.ts';
import type { Span } from './watch.ts';

export interface Entry {
  id: string;
  payload: string;
  /** where it came from, as turn.lua tells; '' or absent: a request */
  origin?: string;
  /** what the payload says, when this process asks itself */
  message?: Arrived | undefined;
}

/** What deciding needs of its partition. */
export interface Desk {
  readonly partition: number;
  readonly cells: Cells;
  readonly behaviour: Behaviour;
  readonly settings: Settings;
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
  onFault(error: unknown, kind: string, trace: Trace | undefined): void;
  /** undefined: nobody records it */
  span(trace: Trace, kind: string): Span | undefined;
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

type Pages = Map<string, unknown>;

function decideOnce(desk: Desk, message: Arrived, batch: Batch, now: number, pages?: Pages): void {
  const lookup = (name: string): unknown => {
    const pending = batch.records.get(name);
    if (pending !== undefined || batch.records.has(name)) return pending;
    if (pages?.has(name)) return pages.get(name);
    const state = desk.cells.get(name);
    if (state === undefined && !desk.cells.has(name)) throw new Missing([name]);
    if (state instanceof Unreadable) throw state.error;
    return state;
  };
  const decision = new Decision(lookup, now, desk.partition, message.replyTo, desk.settings);
  const trace = traceOf(message.command);
  const span = trace === undefined ? undefined : desk.span(trace, message.command.kind);
  decision.trace = span?.trace ?? trace;
  desk.behaviour.decide(message.command as Command, decision);
  batch.absorb(decision, message);
  if (span) batch.spans.push(span);
}

/**
 * Decides one message of an actor into the batch, whether or not the actor is parked. Most have all they read in
 * memory and are answered at once, without a promise.
 * @returns false when it became a dead letter
 */
export function attempt(
  desk: Desk,
  entry: Entry,
  message: Arrived,
  batch: Batch,
  now: number,
): boolean | Promise<boolean> {
  if (isSupervision(message.command)) throw new Error(`${message.command.kind} belongs to no actor`);
  try {
    decideOnce(desk, message, batch, now);
    return true;
  } catch (error) {
    return attemptAgain(desk, entry, message, batch, now, error);
  }
}

async function attemptAgain(
  desk: Desk,
  entry: Entry,
  message: Arrived,
  batch: Batch,
  now: number,
  first: unknown,
): Promise<boolean> {
  const command = message.command as Command;
  const { behaviour } = desk;
  const pages: Pages = new Map();
  let [failures, error] = [0, first];
  for (let round = 0; ; round += 1) {
    if (error instanceof Unwritable) throw error;
    if (error instanceof Missing && round < LOAD_ROUNDS) {
      await desk.load(error.names.filter((name) => !isPage(name)));
      for (const name of error.names.filter(isPage)) pages.set(name, await desk.page(name, batch));
    } else if (error instanceof DomainError && !message.confirm) {
      batch.refuse(message, error.status, error.message);
      return true;
    } else {
      failures += 1;
      desk.onFault(error, command.kind, traceOf(command));
      const what = directive(failures, message);
      if (what !== 'retry') {
        bury(desk, entry, message, errorTrace(error), what === 'park', batch, now);
        return false;
      }
      for (const name of behaviour.reads(command)) if (!batch.records.has(name)) desk.cells.forget(name);
    }
    try {
      decideOnce(desk, message, batch, now, pages);
      return true;
    } catch (next) {
      error = next;
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
