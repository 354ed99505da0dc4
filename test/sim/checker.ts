import assert from 'node:assert/strict';
import type { Command } from '#engine/domain/commands.ts';
import type { Answer, Job } from '#engine/domain/decision.ts';
import { isSupervision, type Supervision } from '#engine/domain/supervision.ts';
import { decodeTurn } from '#engine/journal/record.ts';
import { partitionOfKey } from '#engine/redis/keys.ts';
import { Accounts } from './accounts.ts';
import { callsOf, operationsOf, type Redo, redoOf, type Turn, turnOf } from './calls.ts';
import { Direct } from './direct.ts';
import { type Decided, type Journal, keyOf } from './journal.ts';
import { Model } from './model.ts';
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
  /** engines keep journals of commits */
  readonly #journals: boolean;
  /** partition → token of the last take */
  readonly #tokens = new Map<number, string>();
  /** serials committed */
  readonly #committed = new Set<number>();
  readonly #supervisions = new Set<string>();
  /** serials in a journal, on disk */
  readonly #durable = new Set<number>();
  /** commits done again from a journal */
  redone = 0;

  constructor(journal: Journal, journals = false) {
    this.#journals = journals;
    this.#journal = journal;
    this.accounts = new Accounts(journal, this.supervised);
    this.model = new Model((replyTo) => {
      this.accounts.decided(replyTo);
      this.direct.committed(replyTo);
    });
  }

  asked(api: string, number: number, partition: number, command: Command | Supervision): void {
    if (isSupervision(command)) this.#supervisions.add(`${api} ${number}`);
    else this.model.way.ask(partition, keyOf(command, { api, ask: number }));
  }

  answered(api: string, number: number, { status }: Answer): void {
    const name = `${api} ${number}`;
    if (status >= 400 || this.#supervisions.has(name)) return;
    const given = this.model.answers.get(name);
    assert.equal(given?.status, status, `request ${name} was answered ${status} before its commit`);
    assert.ok(
      !this.#journals || this.#durable.has(given.serial),
      `request ${name} was answered before it was in a journal`,
    );
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

  #turn(turn: Turn, note: (line: string) => void): void {
    const { partition, token } = turn;
    assert.equal(
      token,
      this.#tokens.get(partition),
      `a turn of partition ${partition} with a token that is not the last`,
    );
    this.#commit(turn, note);
  }

  /** Of the journal: what was written there and not committed, or was lost. Each decision is there once all the same. */
  #redo({ partition, serials, supervised, promoted }: Redo, note: (line: string) => void): void {
    note(`  redo ${partition}`);
    this.redone += 1;
    this.model.promoted(partition, promoted);
    this.#commit({ partition, serials, supervised, timers: false, now: 0 }, note);
  }

  #commit(turn: Omit<Turn, 'token'>, note: (line: string) => void): void {
    const { partition, serials } = turn;
    const kinds = serials.map((serial) => this.#decided(serial).command.kind);
    if (kinds.length > 0) note(`  turn ${partition} commits ${kinds.join(' ')}`);
    for (const serial of serials) {
      assert.ok(!this.#committed.has(serial), `decision ${serial} was committed twice`);
      this.#committed.add(serial);
      this.actors.set(this.#journal.actorOf(this.#decided(serial).command), partition);
    }
    for (const actor of turn.supervised) this.supervised.add(actor);
    this.model.commit(turn, (serial) => this.#decided(serial));
  }

  #decided(serial: number): Decided {
    const found = this.#journal.decided.get(serial);
    assert.ok(found, `decision ${serial} was never made`);
    return found;
  }

  /** At rest: nothing was lost. @throws AssertionError */
  rest(): void {
    assert.deepEqual(
      this.model.way.left((key) => this.#journal.refused.has(key)),
      [],
      'messages that were never decided',
    );
    assert.deepEqual(this.accounts.left(), [], 'requests that were accepted and never decided');
    const ran = new Map<string, number>();
    for (const job of this.jobs) ran.set(JSON.stringify(job), (ran.get(JSON.stringify(job)) ?? 0) + 1);
    for (const job of this.model.jobs) {
      const left = ran.get(JSON.stringify(job)) ?? 0;
      assert.ok(left > 0, `a job was never done: ${JSON.stringify(job)}`);
      ran.set(JSON.stringify(job), left - 1);
    }
  }

  /**
   * For the day when commands are kept apart: each client's request that a lossy failover took back must be named, by
   * process and number, so that it can be done again. Nothing names them yet.
   * @throws AssertionError
   */
  lostCommandsNamed(lost: readonly Decided[], named: ReadonlySet<string>): void {
    const unnamed = lost.flatMap(({ replyTo, command }) => {
      const name = replyTo && `${replyTo.api} ${replyTo.ask}`;
      return name && this.model.answers.has(name) && !named.has(name) ? [`${name} ${command.kind}`] : [];
    });
    assert.deepEqual(unnamed, [], 'requests that were answered, lost, and not named');
  }
}
