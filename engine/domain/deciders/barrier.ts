import type { CommandOf } from '../commands.ts';
import type { Decision } from '../decision.ts';

/** Changes nothing: that it was decided tells that all sent before it was. Asked directly, it answers. */
export function decideBarrier(_command: CommandOf<'barrier'>, decision: Decision): void {
  decision.reply(204);
}
