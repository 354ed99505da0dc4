import type { Job } from '../domain/decision.ts';
import type { Arrived } from '../domain/envelope.ts';
import type { Supervision } from '../domain/supervision.ts';
import { actorOf, attempt, buryCorrupt, type Desk, type Entry, open, parkOf } from './attempt.ts';
import { type Batch, type DeadLetter, DRAINING } from './batch.ts';
import { decodeJob } from './jobs.ts';
import { PARKED_PER_TURN } from './limits.ts';

/**
 * Parked actors. What is delivered to one waits in a stream of its own; replaying or discarding the letter it waits
 * behind, or an administrator's wish, has it decided in its order, a chunk a turn, before anything newer: the actor
 * stays parked until nothing waits. Each step is committed with its effects and with the message that goes on.
 */
export const JOB_LETTER = 'job';
const LETTER_UNKNOWN = 'Dead letter is not found';
const DISCARD_ONLY = 'This letter can only be discarded';
const BEHIND_LETTER = 'The actor waits behind its dead letter: replay or discard that one';
const PARKED_AGAIN = 'The actor is parked again: see its dead letter';

/** A message for a parked actor: what comes from inside waits, a request may be repeated by its caller. */
export function delay(actor: string, entry: Entry, message: Arrived, batch: Batch): void {
  if (message.inside) batch.delay(actor, entry.payload);
  else batch.refuse(message, 503, 'The record is suspended until an administrator replays a dead letter');
}

export async function supervise(
  desk: Desk,
  message: Arrived,
  command: Supervision,
  batch: Batch,
  now: number,
): Promise<void> {
  switch (command.kind) {
    case 'dead.replay':
    case 'dead.discard':
      return settle(desk, message, command, batch, now);
    case 'actor.park':
      if ((parkOf(desk, batch, command.actor)?.letter ?? DRAINING) === DRAINING)
        batch.parks.set(command.actor, { letter: 0, since: now });
      batch.answer(message, 204);
      return;
    case 'actor.unpark':
      // What waits behind a letter came after its message: freed before it, it would overtake it.
      if ((parkOf(desk, batch, command.actor)?.letter ?? 0) > 0) batch.refuse(message, 409, BEHIND_LETTER);
      else await free(desk, message, command.actor, batch, now);
      return;
    case 'dead.lost':
      buryLost(desk, command, batch, now);
      batch.answer(message, 204);
      return;
    case 'actor.drain':
      return drain(desk, message, command.actor, command.careful || (await care(desk, command.actor)), batch, now);
  }
}

/** This entry ended the process several times: what it would have decided first is given up in its place. */
export async function giveUp(
  desk: Desk,
  message: Arrived,
  command: Supervision,
  error: string,
  batch: Batch,
  now: number,
): Promise<void> {
  const actor = await actorFreed(desk, command);
  const note = parkOf(desk, batch, actor);
  const drains = command.kind === 'dead.discard' ? note?.letter === command.letter : command.kind !== 'dead.replay';
  if (drains && note !== undefined) {
    const [first] = await desk.delayed(actor, 1);
    if (first !== undefined) {
      batch.drained.set(actor, first.id);
      const letter = batch.bury({
        entry: first.id,
        actor,
        kind: kindOf(first),
        error,
        at: now,
        payload: first.payload,
      });
      batch.parks.set(actor, { letter, since: now });
    }
  }
  batch.refuse(message, 500, 'Internal Server Error');
}

/** Named, so that an administrator knows what is missing, and may have it decided again. */
function buryLost(desk: Desk, lost: Extract<Supervision, { turn: number }>, batch: Batch, now: number): void {
  const message = lost.payload === '' ? undefined : open({ payload: lost.payload });
  batch.bury({
    entry: '',
    actor: message === undefined ? '' : actorOf(desk, message),
    kind: message?.command.kind ?? 'corrupt',
    error: `LostCommit turn ${lost.turn}${lost.doubt ? ', in doubt' : ''}`,
    at: now,
    payload: lost.payload,
  });
}

/** Whose deliveries the command would have decided. */
async function actorFreed(desk: Desk, command: Supervision): Promise<string> {
  if ('actor' in command) return command.actor;
  return ('letter' in command && (await desk.letter(command.letter))?.actor) || '';
}

const kindOf = (entry: Entry): string => open(entry)?.command.kind ?? 'corrupt';

async function settle(
  desk: Desk,
  message: Arrived,
  command: Extract<Supervision, { letter: number }>,
  batch: Batch,
  now: number,
): Promise<void> {
  const letter = batch.settled.has(command.letter) ? undefined : await desk.letter(command.letter);
  if (letter === undefined) {
    batch.refuse(message, 404, LETTER_UNKNOWN);
    return;
  }
  const behind = parkOf(desk, batch, letter.actor)?.letter === letter.number;
  if (command.kind === 'dead.replay' && !(await replay(desk, message, letter, batch, now))) return;
  batch.settled.add(letter.number);
  if (behind) await free(desk, message, letter.actor, batch, now);
  else batch.answer(message, 204);
}

/** @returns whether what waits behind the letter may follow; if not, the administrator has the answer */
async function replay(desk: Desk, message: Arrived, letter: DeadLetter, batch: Batch, now: number): Promise<boolean> {
  if (letter.kind === JOB_LETTER) {
    const job = jobOf(letter);
    if (job === undefined) batch.refuse(message, 409, DISCARD_ONLY);
    else batch.job(job);
    return job !== undefined;
  }
  const dead = open(letter);
  if (dead === undefined || actorOf(desk, dead) === '') {
    batch.refuse(message, 409, DISCARD_ONLY);
    return false;
  }
  batch.settled.add(letter.number);
  if (await attempt(desk, { id: letter.entry, payload: letter.payload }, dead, batch, now)) return true;
  batch.refuse(message, 409, 'The message failed again and is a new dead letter');
  return false;
}

function jobOf(letter: DeadLetter): Job | undefined {
  try {
    return decodeJob(letter.payload);
  } catch {
    return undefined;
  }
}

/** How many of the actor's deliveries go one by one: all that wait, when one of them may have ended the process. */
const care = (desk: Desk, actor: string): Promise<number> =>
  desk.careful ? desk.delayedCount(actor) : Promise.resolve(0);

/** Begins to decide what waits for an actor. */
async function free(desk: Desk, message: Arrived, actor: string, batch: Batch, now: number): Promise<void> {
  if (parkOf(desk, batch, actor) === undefined) {
    batch.answer(message, 204);
    return;
  }
  batch.parks.set(actor, { letter: DRAINING, since: now });
  const careful = await care(desk, actor);
  if (careful > 0) batch.continue({ ...message, command: { kind: 'actor.drain', actor, careful } });
  else await drain(desk, message, actor, 0, batch, now);
}

async function drain(
  desk: Desk,
  message: Arrived,
  actor: string,
  careful: number,
  batch: Batch,
  now: number,
): Promise<void> {
  const note = parkOf(desk, batch, actor);
  if (note?.letter !== DRAINING) {
    if (note === undefined) batch.answer(message, 204);
    else batch.refuse(message, 409, PARKED_AGAIN);
    return;
  }
  const goOn = (left: number): void =>
    batch.continue({ ...message, command: { kind: 'actor.drain', actor, careful: left } });
  // Redis still shows what this turn has decided already.
  if (batch.drained.has(actor)) return goOn(careful);
  const count = careful > 0 ? 1 : PARKED_PER_TURN;
  const waiting = await desk.delayed(actor, count);
  batch.drained.set(actor, '');
  for (const entry of waiting) {
    batch.drained.set(actor, entry.id);
    if (!(await decideDelayed(desk, message, entry, batch, now))) return;
    if (careful === 0 && batch.full) return goOn(0);
  }
  if (waiting.length === count) return goOn(Math.max(careful - 1, 0));
  const newer = batch.delayed.get(actor) ?? [];
  for (let payload = newer.shift(); payload !== undefined; payload = newer.shift()) {
    if (!(await decideDelayed(desk, message, { id: '', payload }, batch, now))) return;
  }
  batch.parks.set(actor, null);
  batch.answer(message, 204);
}

async function decideDelayed(desk: Desk, message: Arrived, entry: Entry, batch: Batch, now: number): Promise<boolean> {
  const delayed = open(entry);
  if (delayed === undefined) {
    buryCorrupt(entry, batch, now);
    return true;
  }
  if (await attempt(desk, entry, delayed, batch, now)) return true;
  if (!delayed.confirm && delayed.replyTo !== undefined) return true;
  batch.refuse(message, 409, PARKED_AGAIN);
  return false;
}
