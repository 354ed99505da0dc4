import type { Command } from './commands.ts';
import type { Supervision } from './supervision.ts';

/** Where the answer of a message goes: an API process and the number it waits under. */
export interface ReplyTo {
  api: string;
  ask: number;
}

/** One entry of a partition's mailbox: a command with the request that waits for it, if any. */
export interface Message {
  command: Command | Supervision;
  replyTo?: ReplyTo;
}
