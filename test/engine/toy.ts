import type { Behaviour } from '#engine/domain/behaviour.ts';
import type { Command } from '#engine/domain/commands.ts';
import type { Decision } from '#engine/domain/decision.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { NO_DOORS } from '#engine/domain/records/door.ts';

/**
 * A toy behaviour over the recipient record `o…`, which counts: enough to test order, loss and doubling without the
 * product's rules. Commands travel as any JSON.
 */
export interface Toy {
  /**
   * add: value at the end of the actor's list · send: message to the actor of another partition, waited for · post: the
   * same, not waited for · bug: throws · kill: ends the process · refuse: a refusal · later: message when due · job: an
   * external effect · flood: add, and send itself on `value` times · many: adds value, value − 1 … 1, one a turn · all:
   * `messages` in one
   */
  kind: 'add' | 'send' | 'post' | 'bug' | 'kill' | 'refuse' | 'later' | 'job' | 'flood' | 'many' | 'all';
  actor: string;
  value?: number;
  to?: number;
  due?: number;
  message?: Toy;
  messages?: Toy[];
}

export const toy = (command: Toy): Command => ({ ...command, kind: `toy.${command.kind}` }) as unknown as Command;

const plain = (command: Command): Toy => {
  const found = command as unknown as Toy;
  return { ...found, kind: found.kind.slice('toy.'.length) as Toy['kind'] };
};

const name = (actor: string) => `o${actor}` as const;

function add(decision: Decision, actor: string, value: number): void {
  const state = decision.get(name(actor)) ?? {
    org: actor,
    sequence: 0,
    boxes: {},
    moving: null,
    feed: null,
    doors: NO_DOORS,
  };
  decision.put(name(actor), { ...state, sequence: state.sequence + 1, boxes: { ...state.boxes, last: value } });
  decision.add(`b${actor}`, state.sequence + 1, String(value));
}

/** @param faulty actors whose decisions throw as long as they are in the set */
export const toyBehaviourWith = (faulty: ReadonlySet<string>): Behaviour => ({
  actorOf: (command) => name(plain(command).actor),
  reads: (command) => [name(plain(command).actor)],
  partsOf: (command) => plain(command).messages?.map(toy),
  decide(command, decision) {
    const { kind, actor, value = 0, to = 0, due, message } = plain(command);
    const replyTo = decision.replyTo ? { replyTo: decision.replyTo } : {};
    if (kind === 'bug' || faulty.has(actor)) throw new TypeError('a fault of ours');
    if (kind === 'kill') process.kill(process.pid, 'SIGKILL');
    if (kind === 'refuse') throw new DomainError('rule', 'refused on purpose');
    if (kind === 'add') {
      add(decision, actor, value);
      if (decision.replyTo) decision.reply(200, { value });
      return;
    }
    if (kind === 'many') {
      add(decision, actor, value);
      if (value > 1) decision.continue({ command: toy({ kind, actor, value: value - 1 }), ...replyTo });
      else decision.reply(200);
      return;
    }
    if (kind === 'job') decision.job({ kind: 'mail', body: { to: actor } });
    if (kind === 'later') decision.timer(`later ${actor}`, due ?? decision.now, { command: toy(message as Toy) });
    if (kind === 'send')
      decision.out(to, { command: toy(message as Toy), ...replyTo }, true, message?.messages?.length);
    if (kind === 'post') decision.out(to, { command: toy(message as Toy) }, false);
    if (kind === 'flood') {
      add(decision, actor, value);
      if (value > 0)
        decision.out(to, { command: toy({ kind, actor, value: value - 1, to: decision.partition }) }, false);
    }
    decision.reply(204);
  },
});

export const toyBehaviour = toyBehaviourWith(new Set());

/** Decides what no record can hold: found out only when the turn is written. */
export const unwritableBehaviour: Behaviour = {
  ...toyBehaviour,
  decide(command, decision) {
    if ((command as unknown as { actor: string }).actor !== 'bad') return toyBehaviour.decide(command, decision);
    decision.put('obad', {
      org: 'bad',
      sequence: 1n as unknown as number,
      boxes: {},
      moving: null,
      feed: null,
      doors: NO_DOORS,
    });
    decision.reply(204);
  },
};
