import assert from 'node:assert/strict';
import type { Command } from '#engine/domain/commands.ts';
import type { Answer, Job } from '#engine/domain/decision.ts';
import { isSupervision, type Supervision } from '#engine/domain/supervision.ts';
import { partitionOfKey } from '#engine/redis/keys.ts';
import { callsOf, type Turn, turnOf } from './calls.ts';
import { type Decided, type Journal, keyOf } from './journal.ts';
import { Model } from './model.ts';
import type { Reply } from './wire.ts';

/** What must hold after each step: looks at each call that Redis executed and at each answer a client got. */
export class Checker {
  readonly model = new Model();
  readonly jobs: Job[] = [];
  readonly #journal: Journal;
  /** partition → token of the last take */
  readonly #tokens = new Map<number, string>();
  /** serials committed */
  readonly #committed = new Set<number>();
  readonly #supervisions = new Set<string>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  asked(api: string, number: number, partition: number, command: Command | Supervision): void {
    if (isSupervision(command)) this.#supervisions.add(`${api} ${number}`);
    else this.model.way.ask(partition, keyOf(command, { api, ask: number }));
  }

  answered(api: string, number: number, { status }: Answer): void {
    const name = `${api} ${number}`;
    if (status >= 400 || this.#supervisions.has(name)) return;
    assert.equal(this.model.answers.get(name), status, `request ${name} was answered ${status} before its commit`);
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
      if (call.name === 'turn') {
        const turn = turnOf(call);
        if (turn) this.#turn(turn, note);
      }
    }
  }

  #turn(turn: Turn, note: (line: string) => void): void {
    const { partition, token, serials } = turn;
    assert.equal(
      token,
      this.#tokens.get(partition),
      `a turn of partition ${partition} with a token that is not the last`,
    );
    const kinds = serials.map((serial) => this.#decided(serial).command.kind);
    if (kinds.length > 0) note(`  turn ${partition} commits ${kinds.join(' ')}`);
    for (const serial of serials) {
      assert.ok(!this.#committed.has(serial), `decision ${serial} was committed twice`);
      this.#committed.add(serial);
    }
    this.model.commit(turn, (serial) => this.#decided(serial));
  }

  #decided(serial: number): Decided {
    const found = this.#journal.decided.get(serial);
    assert.ok(found, `decision ${serial} was never made`);
    return found;
  }
}
