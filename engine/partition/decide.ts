import type { Behaviour } from '../domain/behaviour.ts';
import { Decision, Missing } from '../domain/decision.ts';
import { CorruptMessage, decodeMessage } from '../domain/envelope.ts';
import { DomainError } from '../domain/errors.ts';
import type { Message } from '../domain/message.ts';
import type { Batch } from './batch.ts';
import type { Cells } from './cells.ts';
import { LOAD_ROUNDS } from './limits.ts';
import { directive, errorTrace } from './supervisor.ts';

export interface Entry {
  id: string;
  payload: string;
}

/** What deciding needs of its partition. */
export interface Desk {
  readonly partition: number;
  readonly cells: Cells;
  readonly behaviour: Behaviour;
  /** actors whose deliveries wait behind a dead letter */
  readonly parked: ReadonlySet<string>;
  load(names: readonly string[]): Promise<void>;
  /** First entries of a sorted set as of now, for one message only: see records/page.ts. */
  page(name: string, batch: Batch): Promise<unknown>;
  onFault(error: unknown, kind: string): void;
}

const isPage = (name: string): boolean => name.startsWith('z');

type Decoded = { entry: Entry; message: (Message & { confirm: boolean }) | undefined };

/** Decides entries in their order into one batch. Deciding is synchronous; only missing records are awaited. */
export async function decideAll(desk: Desk, entries: readonly Entry[], batch: Batch, now: number): Promise<void> {
  const decoded = entries.map((entry): Decoded => ({ entry, message: open(entry) }));
  await prefetch(desk, decoded);
  for (const { entry, message } of decoded) {
    if (message === undefined) {
      batch.dead.push({ entry: entry.id, actor: '', kind: 'corrupt', error: 'CorruptMessage', payload: entry.payload });
      batch.count('dead', 1);
    } else await decideOne(desk, entry, message, batch, now);
  }
}

function open(entry: Entry): Decoded['message'] {
  try {
    return decodeMessage(entry.payload);
  } catch (error) {
    if (error instanceof CorruptMessage || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function prefetch(desk: Desk, decoded: readonly Decoded[]): Promise<void> {
  const names = new Set<string>();
  for (const { message } of decoded) {
    if (message === undefined) continue;
    for (const name of desk.behaviour.reads(message.command)) {
      if (!desk.cells.has(name) && !isPage(name)) names.add(name);
    }
  }
  if (names.size > 0) await desk.load([...names]);
}

export async function decideOne(
  desk: Desk,
  entry: Entry,
  message: Message & { confirm: boolean },
  batch: Batch,
  now: number,
): Promise<void> {
  const pages = new Map<string, unknown>();
  const lookup = (name: string): unknown => {
    if (batch.records.has(name)) return batch.records.get(name);
    if (desk.cells.has(name)) return desk.cells.get(name);
    if (pages.has(name)) return pages.get(name);
    throw new Missing([name]);
  };
  const { behaviour } = desk;
  const actor = behaviour.actorOf(message.command);
  if (desk.parked.has(actor) || batch.parked.some((parked) => parked.actor === actor)) {
    if (message.replyTo && !message.confirm)
      batch.refuse(message, 503, 'The record is suspended until an administrator replays a dead letter');
    else batch.parked.push({ actor, payload: entry.payload });
    return;
  }
  let attempt = 0;
  for (let round = 0; ; round += 1) {
    const decision = new Decision(lookup, now, desk.partition, message.replyTo);
    try {
      behaviour.decide(message.command, decision);
      batch.absorb(decision, message, message.confirm);
      return;
    } catch (error) {
      if (error instanceof Missing && round < LOAD_ROUNDS) {
        await desk.load(error.names.filter((name) => !isPage(name)));
        for (const name of error.names.filter(isPage)) pages.set(name, await desk.page(name, batch));
        continue;
      }
      if (error instanceof DomainError && !message.confirm) {
        batch.refuse(message, error.status, error.message);
        return;
      }
      attempt += 1;
      desk.onFault(error, message.command.kind);
      const what = directive(attempt, message, message.confirm);
      if (what === 'retry') {
        for (const name of behaviour.reads(message.command)) if (!batch.records.has(name)) desk.cells.forget(name);
        continue;
      }
      bury(entry, message, actor, errorTrace(error), what === 'park', batch);
      return;
    }
  }
}

/** A message given up without deciding it again: kept for the administrator, its caller told. */
export function bury(
  entry: Entry,
  message: Message & { confirm: boolean },
  actor: string,
  error: string,
  park: boolean,
  batch: Batch,
): void {
  batch.dead.push({ entry: entry.id, actor, kind: message.command.kind, error, payload: entry.payload });
  batch.count('dead', 1);
  if (park) batch.parked.push({ actor, payload: '', reason: error });
  if (!message.confirm) batch.refuse(message, 500, 'Internal Server Error');
}
