import type { Command } from './commands.ts';
import type { Decision } from './decision.ts';

/** What actors do: the partition runs any set of them, the product's or a test's. */
export interface Behaviour {
  /** Decides one command; may throw DomainError (a refusal) or Missing (records to load). */
  decide(command: Command, decision: Decision): void;
  /** Records the command surely reads: loaded for a whole batch at once. A hint, never a rule. */
  reads(command: Command): readonly string[];
  /** Records it reads next, as `seen` ones say that are in memory by then. A hint too. */
  readsNext?(command: Command, seen: (name: string) => unknown): readonly string[];
  /** The commands it stands for, each of its own actor, when it is several in one message. */
  partsOf?(command: Command): readonly Command[] | undefined;
  /** The record whose order and supervision the command belongs to. */
  actorOf(command: Command): string;
}
