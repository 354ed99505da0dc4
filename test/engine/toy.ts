import type { Behaviour } from '#engine/domain/behaviour.ts';
import type { Command } from '#engine/domain/commands.ts';
import type { Decision } from '#engine/domain/decision.ts';
import { DomainError } from '#engine/domain/errors.ts';

/**
 * A toy behaviour over the recipient record `o…`, which counts: enough to test order, loss and doubling without the
 * product's rules. Commands travel as any JSON.
 */
export interface Toy {
  kind: 'toy.add' | 'toy.send' | 'toy.bug' | 'toy.refuse' | 'toy.later' | 'toy.job' | 'toy.flood';
  actor: string;
  value?: number;
  to?: number;
  due?: number;
  message?: Toy;
}

export const toy = (command: Toy): Command => command as unknown as Command;

const name = (actor: string) => `o${actor}` as const;

function add(decision: Decision, actor: string, value: number): void {
  const state = decision.get(name(actor)) ?? { org: actor, sequence: 0, boxes: {}, moving: null };
  decision.put(name(actor), { ...state, sequence: state.sequence + 1, boxes: { ...state.boxes, last: value } });
  decision.add(`b${actor}`, state.sequence + 1, String(value));
}

export const toyBehaviour: Behaviour = {
  actorOf: (command) => name((command as unknown as Toy).actor),
  reads: (command) => [name((command as unknown as Toy).actor)],
  decide(command, decision) {
    const { kind, actor, value, to, due, message } = command as unknown as Toy;
    const replyTo = decision.replyTo ? { replyTo: decision.replyTo } : {};
    if (kind === 'toy.bug') throw new TypeError('a fault of ours');
    if (kind === 'toy.refuse') throw new DomainError('rule', 'refused on purpose');
    if (kind === 'toy.add') {
      add(decision, actor, value ?? 0);
      if (decision.replyTo) decision.reply(200, { value });
      return;
    }
    if (kind === 'toy.job') decision.job({ kind: 'mail', body: { to: actor } });
    if (kind === 'toy.later') decision.timer(`later ${actor}`, due ?? decision.now, { command: toy(message as Toy) });
    if (kind === 'toy.send') decision.out(to as number, { command: toy(message as Toy), ...replyTo }, true);
    if (kind === 'toy.flood') {
      add(decision, actor, value as number);
      if ((value as number) > 0)
        decision.out(
          to as number,
          { command: toy({ kind, actor, value: (value as number) - 1, to: decision.partition }) },
          false,
        );
    }
    decision.reply(204);
  },
};
