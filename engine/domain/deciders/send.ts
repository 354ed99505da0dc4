import type { Command } from '../commands.ts';
import type { Decision } from '../decision.ts';
import type { Message } from '../message.ts';

/** A message that carries the waiting request on, if there is one. */
export const onBehalf = (decision: Decision, command: Command): Message =>
  decision.replyTo === undefined ? { command } : { command, replyTo: decision.replyTo };

/**
 * Sends to another partition. With `wait`, the request that waits here is answered only after it was decided there.
 * @param parts commands it stands for
 */
export function carry(decision: Decision, to: number, command: Command, wait: boolean, parts = 1): void {
  decision.out(to, wait ? onBehalf(decision, command) : { command }, wait, parts);
}

/**
 * For a repeated request: its effect may still be on its way to these partitions; the answer waits until what was
 * sent before has been decided there (contract §2, consistency).
 */
export function awaitPartitions(decision: Decision, partitions: Iterable<number>): void {
  for (const to of new Set(partitions)) {
    if (to !== decision.partition) carry(decision, to, { kind: 'barrier' }, true);
  }
}

/** Bytes nobody needs any more. */
export function unlink(decision: Decision, blobs: readonly (string | null)[]): void {
  const named = blobs.filter((blob) => blob !== null);
  if (named.length > 0) decision.job({ kind: 'unlink', body: { blobs: named } });
}
