import type { LetterView } from '#engine/client/dead.ts';
import { decodeMessage } from '#engine/domain/envelope.ts';
import { isSupervision } from '#engine/domain/supervision.ts';
import { keysOf } from '#engine/redis/keys.ts';
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
    const answer = (await this.#isDone(letter)) ? undefined : await dead?.replay(letter.id);
    const discardOnly = answer?.status === 409 && letter.actor === '';
    if (answer === undefined || discardOnly) await dead?.discard(letter.id);
  }

  async #isDone({ id, error }: LetterView): Promise<boolean> {
    if (!error.endsWith('in doubt')) return false;
    const [partition, number] = id.split('-') as [string, string];
    const { dead } = keysOf(Number(partition));
    const found = await this.#world.server.wire.call('XRANGE', dead, `${number}-0`, `${number}-0`);
    const [, fields] = (found as [string, string[]][])[0] ?? ['', []];
    const payload = fields[fields.indexOf('m') + 1];
    if (payload === undefined) return false;
    const { command, replyTo } = decodeMessage(payload);
    if (isSupervision(command)) return true;
    return !this.#world.checker.model.way.isOpen(Number(partition), keyOf(command, replyTo));
  }
}
