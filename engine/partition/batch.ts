import type { Decision, Job, Timed } from '../domain/decision.ts';
import { type Arrived, encodeMessage, WAY } from '../domain/envelope.ts';
import type { Message, ReplyTo } from '../domain/message.ts';
import { type Trace, traced } from '../domain/trace.ts';
import { EFFECTS_PER_TURN } from './limits.ts';
import { Replies, type ReplyItem } from './replies.ts';
import { errorTrace } from './supervisor.ts';
import type { Span } from './watch.ts';

/** An outgoing message as the outbox keeps it; `number` orders the outbox, `sequence` the lane. */
export interface OutRecord {
  number: number;
  to: number;
  sequence: number;
  epoch: number;
  payload: string;
}

export interface JobRecord {
  number: number;
  job: Job;
}

/** A message given up: what it was and why, without personal data beside the message itself. */
export interface DeadLetter {
  number: number;
  /** stream id of the entry */
  entry: string;
  actor: string;
  kind: string;
  /** name of the error and where it arose; never its text, which may quote the message */
  error: string;
  /** Redis time, ms */
  at: number;
  payload: string;
}

export const DRAINING = -1;

/** Folders and cases: by far the most records there are, each looked at a few times in its life. */
const BRIEF = new Set(['f', 'c']);

/** A decision whose effects have no stored form: a fault of ours that no repetition cures. Nothing was written. */
export class Unwritable extends Error {
  constructor(cause: unknown) {
    super(errorTrace(cause), { cause });
    this.name = 'Unwritable';
  }
}

/** Why an actor's deliveries wait. */
export interface ParkNote {
  /** number of the dead letter they wait behind; 0: an administrator's wish; DRAINING: they are being decided */
  letter: number;
  /** Redis time, ms */
  since: number;
}

/** Numbers a batch takes from its partition: only the owner gives them, so memory is enough. */
export interface Numbers {
  readonly partition: number;
  readonly epoch: number;
  nextOut(): number;
  nextSequence(to: number): number;
  nextJob(): number;
  nextLetter(): number;
}

/**
 * Effects of all decisions of one turn, merged: a record written twice is written once, and a decision sees what the
 * earlier ones of its turn did.
 */
export class Batch {
  readonly records = new Map<string, unknown>();
  /** of these, folders and cases that nobody is expected to ask for soon */
  readonly brief = new Set<string>();
  /** set → member → score, or null to remove it */
  readonly sets = new Map<string, Map<string, number | null>>();
  /** list → entries to append, and lowest sequence that stays; 0: all */
  readonly lists = new Map<string, { pushed: string[]; shifted: number }>();
  readonly timers = new Map<string, { due: number; payload: string } | null>();
  readonly outs: OutRecord[] = [];
  readonly again: string[] = [];
  readonly jobs: JobRecord[] = [];
  readonly dead: DeadLetter[] = [];
  /** letters replayed or discarded */
  readonly settled = new Set<number>();
  /** actor → why it is parked from now on, or null: it no longer is */
  readonly parks = new Map<string, ParkNote | null>();
  /** actor → deliveries that wait from now on, in their order */
  readonly delayed = new Map<string, string[]>();
  /** actor → id of the last delivery decided of those that waited before this turn; '' none of them */
  readonly drained = new Map<string, string>();
  readonly counts = new Map<string, number>();
  /** steps of requests, which end with the commit */
  readonly spans: Span[] = [];
  readonly times: (readonly [what: Timed, ms: number])[] = [];
  readonly replies = new Replies();
  #weight = 0;
  readonly #numbers: Numbers;

  constructor(numbers: Numbers) {
    this.#numbers = numbers;
  }

  /** It holds as much as one turn may write: what comes next is for the following turn. */
  get full(): boolean {
    return this.#weight >= EFFECTS_PER_TURN;
  }

  /** @throws Unwritable: the batch then holds a part, and must not be committed */
  absorb(decision: Decision, message: Arrived): void {
    try {
      this.#absorb(decision, message);
    } catch (cause) {
      throw new Unwritable(cause);
    }
  }

  #absorb(decision: Decision, message: Arrived): void {
    const { trace } = decision;
    const { records, added, dropped: removed, pushed, outs } = decision;
    this.#weight += decision.weight + records.size + added.size + removed.size + pushed.size + outs.length;
    for (const [name, state] of decision.records) {
      this.records.set(name, state);
      if (decision.brief && BRIEF.has(name[0] as string)) this.brief.add(name);
    }
    for (const [set, entries] of decision.added) {
      const members = this.#members(set);
      for (let i = 0; i < entries.length; i += 2) members.set(entries[i + 1] as string, entries[i] as number);
    }
    for (const [set, dropped] of decision.dropped) {
      const members = this.#members(set);
      for (const member of dropped) members.set(member, null);
    }
    for (const [list, entries] of decision.pushed) this.#list(list).pushed.push(...entries);
    for (const [list, from] of decision.shifted) this.#list(list).shifted = Math.max(this.#list(list).shifted, from);
    for (const [name, timer] of decision.timers) {
      this.timers.set(name, timer && { due: timer.due, payload: encodeMessage(timer.message) });
    }
    let waits = message.waits ?? 0;
    for (const out of decision.outs) {
      if (out.wait && out.message.replyTo) waits += out.parts;
      this.outs.push({
        number: this.#numbers.nextOut(),
        to: out.to,
        sequence: this.#numbers.nextSequence(out.to),
        epoch: this.#numbers.epoch,
        payload: encodeMessage(borne(out.wait ? out.message : { command: out.message.command }, trace), WAY.lane),
      });
    }
    // What goes on for the same request bears the count: its answer comes in another turn.
    for (const next of decision.again)
      this.continue(borne(next, trace), isSame(next.replyTo, message.replyTo) ? waits : 0);
    for (const job of decision.jobs) this.job(job);
    for (const [name, by] of decision.counts) this.count(name, by);
    for (const time of decision.times) this.times.push(time);
    if (message.confirm) this.#reply(message, 0, waits);
    else if (decision.answer) this.#reply(message, decision.answer.status, waits, decision.answer.body);
    this.count('applied', 1);
  }

  /** The partition goes on with this after all that waits already. @param waits deliveries its answer waits for by now */
  continue(message: Message, waits = 0): void {
    this.again.push(encodeMessage(message, WAY.continued, waits));
  }

  job(job: Job): void {
    this.jobs.push({ number: this.#numbers.nextJob(), job });
  }

  bury(letter: Omit<DeadLetter, 'number'>): number {
    const number = this.#numbers.nextLetter();
    this.dead.push({ number, ...letter });
    this.count('dead', 1);
    return number;
  }

  delay(actor: string, payload: string): void {
    const waiting = this.delayed.get(actor);
    if (waiting) waiting.push(payload);
    else this.delayed.set(actor, [payload]);
  }

  answer(message: Message, status: number): void {
    this.#reply(message, status, 0);
    this.count('applied', 1);
  }

  refuse(message: Message, status: number, text: string): void {
    this.#reply(message, status, 0, { message: text });
    this.count('applied', 1);
  }

  count(name: string, by: number): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  #members(set: string): Map<string, number | null> {
    const known = this.sets.get(set);
    if (known) return known;
    const members = new Map<string, number | null>();
    this.sets.set(set, members);
    return members;
  }

  #list(name: string): { pushed: string[]; shifted: number } {
    const known = this.lists.get(name);
    if (known) return known;
    const made = { pushed: [], shifted: 0 };
    this.lists.set(name, made);
    return made;
  }

  #reply(message: Message, status: number, waits: number, body?: unknown): void {
    if (!message.replyTo) return;
    const item: ReplyItem =
      body === undefined ? [message.replyTo.ask, status, waits] : [message.replyTo.ask, status, waits, body];
    this.replies.add(message.replyTo.api, item);
  }
}

/** What a decision sends on bears the trace of what was decided. */
const borne = (message: Message, trace: Trace | undefined): Message =>
  trace === undefined ? message : { ...message, command: traced(message.command, trace) };

const isSame = (one: ReplyTo | undefined, other: ReplyTo | undefined): boolean =>
  one !== undefined && one.api === other?.api && one.ask === other.ask;
