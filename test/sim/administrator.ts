import type { LetterView } from '#engine/client/dead.ts';
import { decodeMessage } from '#engine/domain/envelope.ts';
import { isSupervision } from '#engine/domain/supervision.ts';
import { keyOf } from './journal.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** Whoever has letters decided again: one in doubt is looked at first, for what it asked may be done. */
export class Administrator {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async settle({ dead }: Process, letter: LetterView): Promise<void> {
    const answer = this.#isDone(letter) ? undefined : await dead?.replay(letter.id);
    const discardOnly = answer?.status === 409 && letter.actor === '';
    if (answer === undefined || discardOnly) await dead?.discard(letter.id);
  }

  #isDone({ id, error }: LetterView): boolean {
    const { letters, model } = this.#world.checker;
    const payload = letters.get(id);
    if (payload === undefined || payload === '') return false;
    const { command, replyTo, inside } = decodeMessage(payload);
    // A client's request may have several letters: lost by who had decided it, and given up by who found it again.
    if (!error.endsWith('in doubt') && (inside || isSupervision(command))) return false;
    return isSupervision(command) || !model.way.isOpen(Number.parseInt(id, 10), keyOf(command, replyTo));
  }
}
