import type { Behaviour } from '#engine/domain/behaviour.ts';
import type { Command } from '#engine/domain/commands.ts';
import * as product from '#engine/domain/deciders/index.ts';
import type { Decision } from '#engine/domain/decision.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { ReplyTo } from '#engine/domain/message.ts';
import { encode } from '#engine/domain/records/codec.ts';

/** Sorted set that each partition's decisions leave their serial in: committed with their effects, or not at all. */
export const JOURNAL = 'jsim';

/** A message as decided, whether or not that was ever committed. */
export interface Decided {
  serial: number;
  partition: number;
  /** Redis time, ms */
  now: number;
  command: Command;
  replyTo: ReplyTo | undefined;
  /** all it does, as text */
  effects: string;
}

/** The same text for equal values, whatever the order their properties were made in. */
const text = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** What names a message: its content and who waits for it. */
export const keyOf = (command: unknown, replyTo: ReplyTo | undefined | null): string =>
  text(replyTo ? [command, replyTo.api, replyTo.ask] : [command]);

export function effectsOf(decision: Decision): string {
  const { records, added, dropped, pushed, shifted, outs, again, timers, jobs, counts, answer } = decision;
  const sets = [...added].filter(([set]) => set !== JOURNAL);
  const states = [...records].map(([name, state]) => [
    name,
    state === undefined ? null : name.startsWith('x') ? state : encode(name, state),
  ]);
  return text([
    states,
    sets,
    [...dropped],
    [...pushed],
    [...shifted],
    outs,
    again,
    [...timers],
    jobs,
    [...counts],
    answer ?? null,
  ]);
}

/**
 * The product's behaviour, with a note of each decision: the note's number is an effect like the others, so that the
 * simulation learns from each turn's commit which decisions it holds.
 */
export class Journal implements Behaviour {
  readonly decided = new Map<number, Decided>();
  /** messages refused at least once, by their key */
  readonly refused = new Set<string>();
  /** actors whose decisions throw, as a fault of ours would */
  readonly faulty = new Set<string>();
  #serial = 0;

  actorOf(command: Command): string {
    return product.actorOf(command);
  }

  reads(command: Command): readonly string[] {
    return product.reads(command);
  }

  partsOf(command: Command): readonly Command[] | undefined {
    return product.partsOf(command);
  }

  decide(command: Command, decision: Decision): void {
    if (this.faulty.has(product.actorOf(command))) throw new TypeError('a fault of ours');
    const { partition, now, replyTo } = decision;
    try {
      product.decide(command, decision);
    } catch (error) {
      if (error instanceof DomainError) this.refused.add(keyOf(command, replyTo));
      throw error;
    }
    this.#serial += 1;
    const serial = this.#serial;
    this.decided.set(serial, { serial, partition, now, command, replyTo, effects: effectsOf(decision) });
    decision.add(JOURNAL, serial, String(serial));
  }
}
