import assert from 'node:assert/strict';
import { decideReferential, type ReferentialCommand, readsOfReferential } from '#engine/domain/deciders/referential.ts';
import { type Answer, Decision, Missing, type Out } from '#engine/domain/decision.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { Message } from '#engine/domain/message.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';

/** The referential partition in memory: what a turn does with a decision, without Redis. */
export class World {
  now = Date.parse('2026-03-02T09:00:00Z');
  readonly records = new Map<string, unknown>();
  readonly timers = new Map<string, { due: number; message: Message }>();
  /** what was sent to other partitions, in order */
  readonly outs: Out[] = [];

  /** Decides one command as a partition does: refusals are answers, and leave no trace. */
  ask(command: ReferentialCommand): Answer | undefined {
    const loaded = new Set<string>(readsOfReferential(command));
    for (;;) {
      const lookup = (name: string) => {
        if (!loaded.has(name)) throw new Missing([name]);
        return this.records.get(name);
      };
      const decision = new Decision(lookup, this.now, REFERENTIAL);
      try {
        decideReferential(command, decision);
      } catch (error) {
        if (error instanceof Missing) {
          for (const name of error.names) loaded.add(name);
          continue;
        }
        if (error instanceof DomainError) return { status: error.status, body: { message: error.message } };
        throw error;
      }
      this.#commit(decision);
      for (const next of decision.again) this.ask(next.command as ReferentialCommand);
      return decision.answer;
    }
  }

  /** The state a command that must succeed answers. */
  done<State>(command: ReferentialCommand): State {
    const answer = this.ask(command);
    assert.ok(answer !== undefined && answer.status < 400, JSON.stringify(answer));
    return answer.body as State;
  }

  /** Moves the clock on and fires what is due. */
  advance(to: string): void {
    this.now = Date.parse(to);
    for (const [name, { due, message }] of this.timers) {
      if (due > this.now) continue;
      this.timers.delete(name);
      this.ask(message.command as ReferentialCommand);
    }
  }

  #commit(decision: Decision): void {
    this.outs.push(...decision.outs);
    for (const [name, state] of decision.records) {
      if (state === undefined) this.records.delete(name);
      else this.records.set(name, structuredClone(state));
    }
    for (const [name, timer] of decision.timers) {
      if (timer === null) this.timers.delete(name);
      else this.timers.set(name, timer);
    }
  }
}
