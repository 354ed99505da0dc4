import assert from 'node:assert/strict';
import type { Command } from '#engine/domain/commands.ts';
import { actorOf, decide, partsOf, reads } from '#engine/domain/deciders/index.ts';
import { type Answer, Decision, type Job, Missing } from '#engine/domain/decision.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { newId } from '#engine/domain/ids.ts';
import type { Message } from '#engine/domain/message.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { decode, decodeFeedEntry, decodeNotification, encode, sequenceOf } from '#engine/domain/records/codec.ts';
import type { FeedEntry } from '#engine/domain/records/feed.ts';
import { boxSet, feedList, type RecordName, recipientName, type States } from '#engine/domain/records/names.ts';
import type { NotificationState } from '#engine/domain/records/notification.ts';
import { overlayPage, PAGE_SIZE } from '#engine/domain/records/page.ts';
import { boxOf } from '#engine/domain/records/recipient.ts';
import { deepFreeze } from './freeze.ts';
import { type Entry, Place } from './place.ts';

interface Lane {
  from: number;
  to: number;
  queue: Message[];
}

interface Due {
  partition: number;
  name: string;
  due: number;
  message: Message;
}

/** One request: settled when its answer is there and nothing it waits for is missing. */
export class Ask {
  answer: Answer | undefined;
  waits = 0;
  get settled(): boolean {
    return this.answer !== undefined && this.waits === 0;
  }
}

/** Rounds of loading one decision may take: half of what the engine allows. */
const MAX_ROUNDS = 8;

/** A step the world can take next. */
export type Step = { kind: 'turn'; partition: number } | { kind: 'lane'; from: number; to: number };

/**
 * The whole hub in memory, one message a turn: records as their stored text, sorted sets, ordered lanes, timers,
 * and requests answered once every delivery they wait for is confirmed. The oracle of the domain's tests.
 */
export class World {
  now = Date.UTC(2026, 3, 15, 10);
  /** entries of a page: few, to have many chunks */
  pageSize = PAGE_SIZE;
  readonly jobs: Job[] = [];
  readonly counts = new Map<string, number>();
  readonly #places = new Map<number, Place>();
  readonly #lanes = new Map<string, Lane>();
  readonly #asks: Ask[] = [];
  /** records read and messages sent to other partitions since the beginning, for a test to count */
  readonly loaded: string[] = [];
  readonly sent: Message[] = [];

  place(partition: number): Place {
    const known = this.#places.get(partition);
    if (known) return known;
    const made = new Place();
    this.#places.set(partition, made);
    return made;
  }

  /** Sends a request and lets the world go its way until it is settled. */
  ask(partition: number, command: Command): Answer {
    const ask = this.send(partition, command);
    this.run();
    assert.ok(ask.settled, `${command.kind} was never answered`);
    return ask.answer as Answer;
  }

  /** Sends a request; `step` or `run` does the rest. */
  send(partition: number, command: Command): Ask {
    const ask = new Ask();
    this.#asks.push(ask);
    const message = { command, replyTo: { api: 'test', ask: this.#asks.length - 1 } };
    this.place(partition).inbox.push({ message: plain(message), delivered: false });
    return ask;
  }

  /** A message of another partition that a test stands for, last in its lane. */
  post(from: number, to: number, message: Message): void {
    this.#lane(from, to).queue.push(plain(message));
  }

  /** The next due timer fires, whatever else waits. Answers whether there was one. */
  fire(): boolean {
    const next = this.#nextTimer(Number.POSITIVE_INFINITY);
    if (next === undefined) return false;
    this.#fire(next);
    return true;
  }

  steps(): Step[] {
    const turns = [...this.#places].filter(([, place]) => place.inbox.length > 0);
    const lanes = [...this.#lanes.values()].filter((lane) => lane.queue.length > 0);
    return [
      ...turns.map(([partition]): Step => ({ kind: 'turn', partition })),
      ...lanes.map(({ from, to }): Step => ({ kind: 'lane', from, to })),
    ];
  }

  run(): void {
    for (let step = this.steps()[0]; step; step = this.steps()[0]) this.step(step);
  }

  step(step: Step): void {
    if (step.kind === 'lane') {
      const message = this.#lanes.get(`${step.from}>${step.to}`)?.queue.shift() as Message;
      this.place(step.to).inbox.push({ message, delivered: true });
    } else this.#turn(step.partition);
  }

  /** A process dies after deciding and before its commit: nothing may have changed. */
  crash(partition: number): void {
    const [entry] = this.place(partition).inbox;
    if (entry) this.#decide(partition, entry.message);
  }

  /** Lets time pass, one due timer after the other. */
  advance(to: number): void {
    for (let due = this.#nextTimer(to); due; due = this.#nextTimer(to)) {
      this.#fire(due);
      this.run();
    }
    this.now = Math.max(this.now, to);
  }

  get<N extends RecordName>(partition: number, name: N): States[N] | undefined {
    return this.#load(partition, name) as States[N] | undefined;
  }

  /** What GET /notifications shows of one démarche, in its order. */
  box(partition: number, org: string, process: string): (NotificationState & { sequence: number })[] {
    const recipient = this.get(partition, recipientName(org));
    const box = recipient && boxOf(recipient, process);
    if (box === undefined) return [];
    return [...this.place(partition).set(boxSet(box))]
      .sort((a, b) => a[1] - b[1])
      .map(([member, sequence]) => ({
        ...decodeNotification(partition, box, sequence, member, org, process),
        sequence,
      }));
  }

  /** The feed of an organisation, oldest entry first. */
  feed(org: string): FeedEntry[] {
    return this.place(partitionOf(org))
      .list(feedList(org))
      .map((text) => decodeFeedEntry(org, text));
  }

  #nextTimer(to: number): Due | undefined {
    return [...this.#places]
      .flatMap(([partition, { timers }]) => [...timers].map(([name, timer]) => ({ partition, name, ...timer })))
      .filter((timer) => timer.due <= to)
      .sort((a, b) => a.due - b.due)[0];
  }

  #fire({ partition, name, due, message }: Due): void {
    this.now = Math.max(this.now, due);
    const place = this.place(partition);
    place.timers.delete(name);
    place.inbox.push({ message, delivered: false });
  }

  #lane(from: number, to: number): Lane {
    const key = `${from}>${to}`;
    const lane = this.#lanes.get(key) ?? { from, to, queue: [] };
    this.#lanes.set(key, lane);
    return lane;
  }

  #turn(partition: number): void {
    const { message, delivered } = this.place(partition).inbox.shift() as Entry;
    const commands = partsOf(message.command as Command) ?? [message.command];
    for (const command of commands) this.#one(partition, { message: { ...message, command }, delivered });
  }

  #one(partition: number, { message, delivered }: Entry): void {
    const place = this.place(partition);
    const decision = this.#decide(partition, message);
    if (decision instanceof DomainError) {
      assert.ok(!delivered, `a delivered ${message.command.kind} was refused: ${decision.message}`);
      this.#reply(message, 0, { status: decision.status, body: { message: decision.message } });
      return;
    }
    for (const [name, state] of decision.records) {
      if (name.startsWith('x')) continue;
      if (state === undefined && name.endsWith('.')) place.forget(name);
      else if (state === undefined) place.records.delete(name);
      else place.records.set(name, encode(name, state));
    }
    for (const [set, flat] of decision.added) {
      for (let i = 0; i < flat.length; i += 2) place.set(set).set(flat[i + 1] as string, flat[i] as number);
    }
    for (const [set, members] of decision.dropped) {
      for (const member of members) assert.ok(place.set(set).delete(member), `${member} was not in ${set}`);
    }
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
    this.jobs.push(...decision.jobs);
    for (const [name, by] of decision.counts) this.counts.set(name, (this.counts.get(name) ?? 0) + by);
    const waits = this.#post(partition, decision);
    this.#reply(message, waits, delivered ? undefined : decision.answer);
    if (delivered && message.replyTo) (this.#asks[message.replyTo.ask] as Ask).waits -= 1;
  }

  #post(partition: number, decision: Decision): number {
    let waits = 0;
    for (const { to, message, wait, parts } of decision.outs) {
      this.sent.push(message);
      this.#lane(partition, to).queue.push(plain(wait ? message : { command: message.command }));
      if (wait && message.replyTo) waits += parts;
    }
    for (const message of decision.again) {
      this.place(partition).inbox.push({ message: plain(message), delivered: false });
    }
    return waits;
  }

  #reply(message: Message, waits: number, answer: Answer | undefined): void {
    if (!message.replyTo) return;
    const ask = this.#asks[message.replyTo.ask] as Ask;
    ask.waits += waits;
    if (answer === undefined) return;
    assert.equal(ask.answer, undefined, 'a request is answered once');
    ask.answer = plain(answer);
  }

  #decide(partition: number, message: Message): Decision | DomainError {
    const { command, replyTo } = message as Message & { command: Command };
    assert.ok(actorOf(command).length > 0);
    const loaded = new Map<string, unknown>();
    const load = (names: readonly string[]): void => {
      for (const name of names) loaded.set(name, deepFreeze(this.#load(partition, name)));
    };
    load(reads(command));
    const lookup = (name: string): unknown => {
      if (!loaded.has(name)) throw new Missing([name]);
      return loaded.get(name);
    };
    for (let rounds = 1; ; rounds += 1) {
      const decision = new Decision(lookup, this.now, partition, replyTo);
      try {
        decide(deepFreeze(plain(command)), decision);
        return decision;
      } catch (error) {
        if (error instanceof Missing) {
          assert.ok(rounds <= MAX_ROUNDS, `${command.kind} asks for records one after the other`);
          load(error.names);
        } else if (error instanceof DomainError) return error;
        else throw error;
      }
    }
  }

  #load(partition: number, name: string): unknown {
    this.loaded.push(name);
    const place = this.place(partition);
    if (name.startsWith('z')) {
      const sorted = [...place.set(name.slice(1))].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
      return overlayPage(sorted.slice(0, this.pageSize).flat(), new Map(), this.pageSize);
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

/** Messages travel as JSON. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

let serial = 0;
/** Ids for tests: different, and the same from run to run. */
export const testId = (...args: Parameters<typeof newId> extends [...infer A] ? A : never): ReturnType<typeof newId> =>
  newId(args[0], args[1], args[2], args[3] ?? args[1], args[4] ?? 0, (into, offset, bytes) => {
    serial += 1;
    into.writeUIntBE(serial, offset, bytes);
  });
