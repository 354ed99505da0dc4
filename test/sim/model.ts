import assert from 'node:assert/strict';
import type { Command } from '#engine/domain/commands.ts';
import { actorOf, decide, partsOf, reads } from '#engine/domain/deciders/index.ts';
import { Decision, type Job, Missing } from '#engine/domain/decision.ts';
import type { ReplyTo } from '#engine/domain/message.ts';
import { decode, decodeNotification, encode, sequenceOf } from '#engine/domain/records/codec.ts';
import { boxSet } from '#engine/domain/records/names.ts';
import { overlayPage, PAGE_SIZE } from '#engine/domain/records/page.ts';
import { Kept } from '../domain/place.ts';
import type { Turn } from './calls.ts';
import { type Decided, effectsOf, keyOf } from './journal.ts';
import { type Cause, Way } from './way.ts';

const TIMERS_PER_TURN = 64;
const MAX_ROUNDS = 16;

/** One partition as it must be after all that was committed. */
export class Place extends Kept {
  /** what its decisions counted, by name */
  readonly figures = new Map<string, number>();

  copy(): Place {
    const made = new Place();
    for (const [name, value] of this.figures) made.figures.set(name, value);
    for (const [name, text] of this.records) made.records.set(name, text);
    for (const [name, members] of this.sets) made.sets.set(name, new Map(members));
    for (const [name, entries] of this.lists) made.lists.set(name, [...entries]);
    for (const [name, timer] of this.timers) made.timers.set(name, timer);
    return made;
  }
}

/** A decision that holds, and what caused it. */
export interface Committed {
  decided: Decided;
  cause: Cause;
  jobs: readonly Job[];
}

/** A partition at one moment. */
export interface Saved {
  place: Place;
  /** decisions committed by then */
  commits: number;
  /** what it had sent itself */
  own: ReadonlyMap<string, number>;
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/**
 * The hub without an engine: every committed decision is taken again, in the order of commits, on records in plain
 * maps. Each must have a cause that was not used before, and do now what it did then.
 */
export class Model {
  readonly places = new Map<number, Place>();
  readonly way = new Way();
  /** request (process and number) → status its committed decision answers, and that decision */
  readonly answers = new Map<string, { status: number; serial: number }>();
  /** all that was committed and is not lost, in its order, by partition */
  readonly #logs = new Map<number, Committed[]>();
  readonly #onAsked: (replyTo: ReplyTo) => void;

  /** @param onAsked told of each client's request that was committed */
  constructor(onAsked: (replyTo: ReplyTo) => void) {
    this.#onAsked = onAsked;
  }

  place(partition: number): Place {
    const known = this.places.get(partition);
    if (known) return known;
    const made = new Place();
    this.places.set(partition, made);
    return made;
  }

  log(partition: number): Committed[] {
    const known = this.#logs.get(partition);
    if (known) return known;
    const made: Committed[] = [];
    this.#logs.set(partition, made);
    return made;
  }

  get commits(): number {
    return [...this.#logs.values()].reduce((sum, log) => sum + log.length, 0);
  }

  get jobs(): Job[] {
    return [...this.#logs.values()].flatMap((log) => log.flatMap(({ jobs }) => jobs));
  }

  save(partition: number): Saved {
    const own = this.way.ownOf(partition);
    return { place: this.place(partition).copy(), commits: this.log(partition).length, own };
  }

  /** The partition is as it was then. @returns what it had decided since, in its order */
  restore(partition: number, { place, commits, own }: Saved): Committed[] {
    this.places.set(partition, place.copy());
    const lost = this.log(partition).splice(commits);
    const serials = lost.map(({ decided: { serial }, cause }) => ({ serial, cause }));
    this.way.rewind(partition, serials, own);
    return lost;
  }

  /** What a turn committed. @throws AssertionError */
  commit({ partition, serials, timers, now }: Omit<Turn, 'token'>, decided: (serial: number) => Decided): void {
    for (const serial of serials) this.#apply(decided(serial), partition);
    if (timers) this.#promote(partition, now);
  }

  #apply(given: Decided, partition: number): void {
    const { command, replyTo, serial } = given;
    assert.equal(
      given.partition,
      partition,
      `decision ${serial} was committed in another partition than it was made in`,
    );
    const cause = this.way.use(partition, actorOf(command), keyOf(command, replyTo));
    const decision = this.#decide(given);
    assert.equal(
      given.effects,
      effectsOf(decision),
      `decision ${serial} (${command.kind}) was taken on a state that was not the committed one`,
    );
    this.log(partition).push({ decided: given, cause, jobs: decision.jobs });
    if (cause.kind === 'asked' && replyTo) this.#onAsked(replyTo);
    // A delivery is confirmed, never answered.
    if (replyTo && decision.answer && cause.kind !== 'lane')
      this.answers.set(`${replyTo.api} ${replyTo.ask}`, { status: decision.answer.status, serial });
    const place = this.place(partition);
    for (const [name, state] of decision.records) {
      if (name.startsWith('x')) continue;
      if (state === undefined && name.startsWith('i') && name.endsWith('.')) place.forget(name);
      else if (state === undefined) place.records.delete(name);
      else place.records.set(name, encode(name, state));
    }
    for (const [name, by] of decision.counts) place.figures.set(name, (place.figures.get(name) ?? 0) + by);
    for (const [set, flat] of decision.added)
      for (let i = 0; i < flat.length; i += 2) place.set(set).set(flat[i + 1] as string, flat[i] as number);
    for (const [set, members] of decision.dropped) for (const member of members) place.set(set).delete(member);
    for (const [name, entries] of decision.pushed) place.list(name).push(...entries);
    for (const [name, from] of decision.shifted) {
      const list = place.list(name);
      const kept = list.findIndex((entry) => sequenceOf(entry) >= from);
      list.splice(0, kept < 0 ? list.length : kept);
    }
    for (const [name, timer] of decision.timers) {
      if (timer === null) place.timers.delete(name);
      else place.timers.set(name, plain(timer));
    }
    this.way.send(
      serial,
      partition,
      decision.outs.flatMap(({ to, message, wait }) =>
        (partsOf(message.command as Command) ?? [message.command as Command]).map(
          (command) => [to, actorOf(command), keyOf(command, wait ? message.replyTo : null)] as const,
        ),
      ),
    );
    for (const { command: next, replyTo: asker } of decision.again) this.way.own(partition, keyOf(next, asker));
  }

  /** Timers a commit done again knows as fired: those that are still there did so just now. */
  promoted(partition: number, names: readonly string[]): void {
    const { timers } = this.place(partition);
    for (const name of names) {
      const timer = timers.get(name);
      if (timer === undefined) continue;
      timers.delete(name);
      this.way.own(partition, keyOf(timer.message.command, timer.message.replyTo));
    }
  }

  /** Timers whose entries a commit done again covers, though nobody noted that they had become entries. */
  fired(partition: number, covered: readonly (readonly [name: string, ms: number])[]): void {
    const own = this.way.ownOf(partition);
    for (const [name, ms] of covered) {
      const timer = this.place(partition).timers.get(name);
      if (timer === undefined || timer.due > ms) continue;
      if (!own.has(keyOf(timer.message.command, timer.message.replyTo))) this.promoted(partition, [name]);
    }
  }

  /** Timers that Redis has put into the mailbox by then. */
  #promote(partition: number, now: number): void {
    const { timers } = this.place(partition);
    const due = [...timers]
      .filter(([, timer]) => timer.due <= now)
      .sort(([a, one], [b, other]) => one.due - other.due || (a < b ? -1 : 1));
    for (const [name, { message }] of due.slice(0, TIMERS_PER_TURN)) {
      timers.delete(name);
      this.way.own(partition, keyOf(message.command, message.replyTo));
    }
  }

  #decide({ command, replyTo, now, partition }: Decided): Decision {
    const loaded = new Map<string, unknown>();
    const load = (names: readonly string[]): void => {
      for (const name of names) loaded.set(name, this.#load(partition, name));
    };
    load(reads(command));
    const lookup = (name: string): unknown => {
      if (!loaded.has(name)) throw new Missing([name]);
      return loaded.get(name);
    };
    for (let round = 0; ; round += 1) {
      const decision = new Decision(lookup, now, partition, replyTo);
      try {
        decide(command, decision);
        return decision;
      } catch (error) {
        if (!(error instanceof Missing) || round > MAX_ROUNDS) throw error;
        load(error.names);
      }
    }
  }

  #load(partition: number, name: string): unknown {
    const place = this.place(partition);
    if (name.startsWith('z')) {
      const sorted = [...place.set(name.slice(1))].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
      return overlayPage(sorted.slice(0, PAGE_SIZE).flat());
    }
    if (name.startsWith('x')) {
      const [box, sequence] = name.slice(1).split('.').map(Number) as [number, number];
      const member = [...place.set(boxSet(box))].find(([, score]) => score === sequence)?.[0];
      return member && decodeNotification(partition, box, sequence, member, '', '');
    }
    const text = place.records.get(name);
    return text === undefined ? undefined : decode(name, text);
  }
}
