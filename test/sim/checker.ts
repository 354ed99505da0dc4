import assert from 'node:assert/strict';
import type { Command } from '#engine/domain/commands.ts';
import type { Answer, Job } from '#engine/domain/decision.ts';
import { decodeMessage } from '#engine/domain/envelope.ts';
import { isSupervision, type Supervision } from '#engine/domain/supervision.ts';
import { decodeTurn } from '#engine/journal/record.ts';
import { type Heard, isBefore, NOTHING } from '#engine/partition/heard.ts';
import { partitionOfKey } from '#engine/redis/keys.ts';
import { Accounts } from './accounts.ts';
import { type Call, callsOf, deliveryOf, operationsOf, type Redo, redoOf, type Turn, turnOf } from './calls.ts';
import { Direct } from './direct.ts';
import { type Decided, type Journal, keyOf } from './journal.ts';
import { Model, type Saved } from './model.ts';
import type { Reply } from './wire.ts';

/** What must hold after each step: looks at each call that Redis executed and at each answer a client got. */
export class Checker {
  readonly model: Model;
  readonly jobs: Job[] = [];
  /** actors that decided something, and their partitions */
  readonly actors = new Map<string, number>();
  /** actors that an administrator had to do with at least once: their messages were given up, or had to wait */
  readonly supervised = new Set<string>();
  readonly accounts: Accounts;
  readonly direct = new Direct();
  readonly #journal: Journal;
  /** partition → token of the last take */
  readonly #tokens = new Map<number, string>();
  /** serials committed */
  readonly #committed = new Set<number>();
  /** clients' requests by process and number: under way, and answered as done */
  readonly #asked = new Map<string, { partition: number; key: string }>();
  readonly #answered = new Map<string, { partition: number; key: string }>();
  /** serials in a journal, on disk */
  readonly #durable = new Set<number>();
  /** commits done again from a journal */
  redone = 0;
  /** decisions that a failover took back, as often as it did */
  lost = 0;
  /** messages of dead letters, by partition and number */
  readonly letters = new Map<string, string>();
  /** messages told as lost for good */
  told = 0;
  /** source, destination and sequence → the last message sent there */
  readonly #sent = new Map<string, { epoch: number; payload: string }>();
  /** source and destination → what was heard last, as the destination said */
  readonly #heard = new Map<string, Heard>();
  /** partition → decisions lost, not done again so far, though a journal has them */
  readonly #missing = new Map<number, Set<number>>();
  /** a partition went on without decisions it had lost: those who could do them again were away */
  #diverged = false;
  /** requests named by dead letters as lost, by process and number */
  readonly #named = new Set<string>();

  constructor(journal: Journal) {
    this.#journal = journal;
    this.accounts = new Accounts(journal, this.supervised);
    this.model = new Model((replyTo) => {
      this.accounts.decided(replyTo);
      this.direct.moved(replyTo);
    });
  }

  asked(api: string, number: number, partition: number, command: Command | Supervision): void {
    const name = `${api} ${number}`;
    if (isSupervision(command)) return;
    const key = keyOf(command, { api, ask: number });
    this.#asked.set(name, { partition, key });
    this.model.way.ask(partition, key);
  }

  answered(api: string, number: number, { status }: Answer): void {
    const name = `${api} ${number}`;
    const asked = this.#asked.get(name);
    this.#asked.delete(name);
    if (status >= 400 || asked === undefined) return;
    this.#answered.set(name, asked);
    const given = this.model.answers.get(name);
    assert.equal(given?.status, status, `request ${name} was answered ${status} before its commit`);
    assert.ok(this.#durable.has(given.serial), `request ${name} was answered before it was in a journal`);
  }

  /** @throws AssertionError */
  executed(args: readonly (string | number)[], reply: Reply, note: (line: string) => void): void {
    for (const call of callsOf(args, reply)) {
      if (call.reply instanceof Error) {
        note(`  ${call.name} ${partitionOfKey(call.keys[0] as string)} ${call.reply.message}`);
        continue;
      }
      if (call.name === 'take' && (call.reply as Reply[])[0] === 1) {
        const partition = partitionOfKey(call.keys[0] as string);
        this.#tokens.set(partition, String((call.reply as Reply[])[1]));
      }
      if (call.name === 'accept' && (call.reply as Reply[])[0] === 1)
        this.accounts.accept(partitionOfKey(call.keys[0] as string), call.args.slice(1));
      if (call.name === 'deliver') this.#delivered(call);
      if (call.name === 'turn') {
        const turn = turnOf(call);
        if (turn) this.#turn(turn, note);
      }
      if (call.name === 'redo') {
        const redo = redoOf(call);
        if (redo) this.#redo(redo, note);
      }
    }
  }

  /** Lines of a journal are on disk. */
  written(lines: readonly string[]): void {
    for (const line of lines) {
      const record = decodeTurn(line);
      if (record === undefined) continue;
      const { keys, operations } = record.done;
      for (const serial of operationsOf(record.partition, keys, operations.map(String)).serials)
        this.#durable.add(serial);
    }
  }

  /** Among messages on their way to a partition, those that name a loss. */
  #delivered(call: Call): void {
    const to = partitionOfKey(call.keys[0] as string);
    const { source, messages, heard } = deliveryOf(call);
    for (const { sequence, payload } of messages) {
      const { command } = decodeMessage(payload);
      if (command.kind !== 'dead.lost') continue;
      if (command.payload === '') this.#replaced(Number(source), to, sequence);
      else {
        const { replyTo } = decodeMessage(command.payload);
        if (replyTo) this.#named.add(`${replyTo.api} ${replyTo.ask}`);
      }
    }
    this.#heard.set(`${source}>${to}`, heard);
  }

  /**
   * A delivery that its destination lost and no journal holds: a notice takes its place in the lane, and names it, and
   * those before it that were sent since what was heard last: nobody knows how many these are.
   */
  #replaced(source: number, to: number, through: number): void {
    const lane = `${source}>${to}`;
    const heard = this.#heard.get(lane) ?? NOTHING;
    for (let sequence = through; sequence > 0; sequence -= 1) {
      const { epoch, payload } = this.#sent.get(`${lane} ${sequence}`) ?? { epoch: 0, payload: '' };
      if (!isBefore(heard, { epoch, sequence })) return;
      const { command: sent, replyTo } = decodeMessage(payload);
      for (const command of this.#journal.partsOf(sent as Command) ?? [sent as Command]) {
        const actor = this.#journal.actorOf(command);
        if (this.model.way.replace(source, to, actor, keyOf(command, replyTo))) this.told += 1;
      }
    }
  }

  /** A lossy failover: what the partition did since is not there any more. @returns how many decisions */
  wentBack(partition: number, saved: Saved): number {
    const lost = this.model.restore(partition, saved);
    const missing = this.#missing.get(partition) ?? new Set<number>();
    this.#missing.set(partition, missing);
    for (const { decided } of lost) {
      this.#committed.delete(decided.serial);
      if (this.#durable.has(decided.serial)) missing.add(decided.serial);
    }
    this.accounts.wentBack(partition);
    this.lost += lost.length;
    return lost.length;
  }

  #turn(turn: Turn, note: (line: string) => void): void {
    const { partition, token } = turn;
    assert.equal(
      token,
      this.#tokens.get(partition),
      `a turn of partition ${partition} with a token that is not the last`,
    );
    if ((this.#missing.get(partition)?.size ?? 0) > 0) this.#diverged = true;
    this.#commit(turn, note);
  }

  /** What clients were answered may not hold: it is named instead, and replayed by an administrator. */
  get excused(): boolean {
    return this.#diverged || this.told > 0;
  }

  /** Of the journal: what was written there and not committed, or was lost. Each decision is there once all the same. */
  #redo({ promoted, fired, ...redo }: Redo, note: (line: string) => void): void {
    const { partition } = redo;
    note(`  redo ${partition}`);
    this.redone += 1;
    this.model.promoted(partition, promoted);
    this.model.fired(partition, fired);
    this.#commit({ ...redo, timers: false, now: 0 }, note);
  }

  #commit(turn: Omit<Turn, 'token'>, note: (line: string) => void): void {
    const { partition, serials } = turn;
    const kinds = serials.map((serial) => this.#decided(serial).command.kind);
    if (kinds.length > 0) note(`  turn ${partition} commits ${kinds.join(' ')}`);
    for (const serial of serials) {
      assert.ok(!this.#committed.has(serial), `decision ${serial} was committed twice`);
      this.#committed.add(serial);
      this.#missing.get(partition)?.delete(serial);
      this.actors.set(this.#journal.actorOf(this.#decided(serial).command), partition);
    }
    for (const actor of turn.supervised) this.supervised.add(actor);
    for (const { to, sequence, ...sent } of turn.sent) this.#sent.set(`${partition}>${to} ${sequence}`, sent);
    for (const [number, payload] of turn.letters) this.letters.set(`${partition}-${number}`, payload);
    this.model.commit(turn, (serial) => this.#decided(serial));
  }

  #decided(serial: number): Decided {
    const found = this.#journal.decided.get(serial);
    assert.ok(found, `decision ${serial} was never made`);
    return found;
  }

  /**
   * What must come by itself once the faults are over: messages that were never decided; requests that a mailbox
   * accepted; requests that were answered and are neither done nor named as lost.
   */
  owed(): string[] {
    const unnamed = [...this.#answered].filter(
      ([name, { partition, key }]) => this.model.way.isOpen(partition, key) && !this.#named.has(name),
    );
    return [
      ...this.model.way.left((key) => this.#journal.refused.has(key)).map((one) => `never decided: ${one}`),
      ...this.accounts.left().map((one) => `accepted and never decided: ${one}`),
      ...unnamed.map(([name, { key }]) => `answered, lost, and neither done again nor named: ${name} ${key}`),
    ];
  }

  /** At rest: no external effect was lost. @throws AssertionError */
  rest(): void {
    const ran = new Map<string, number>();
    for (const job of this.jobs) ran.set(JSON.stringify(job), (ran.get(JSON.stringify(job)) ?? 0) + 1);
    for (const job of this.model.jobs) {
      const left = ran.get(JSON.stringify(job)) ?? 0;
      assert.ok(left > 0, `a job was never done: ${JSON.stringify(job)}`);
      ran.set(JSON.stringify(job), left - 1);
    }
  }
}
