import { encodeMessage } from '../domain/envelope.ts';
import { type Heard, lacks } from '../partition/heard.ts';
import type { Calls } from '../redis/calls.ts';
import { keysOf } from '../redis/keys.ts';
import type { CommitLog } from './log.ts';
import { follows, NONE, type Sent, sentBehind } from './sent.ts';

/** Takes the place of a delivery that cannot be made, and becomes a dead letter. */
export const LOST = encodeMessage({ command: { kind: 'dead.lost', payload: '', turn: 0, doubt: false } });
/** Time other processes have to send again what only their journals hold, ms. */
const PATIENCE_MS = 30_000;
/** Messages of one call. */
const MESSAGES_PER_CALL = 128;

/** As `deliver` takes it. */
export const placeOf = ({ epoch, sequence }: Heard): string => `${epoch}:${sequence}`;

/** Sends deliveries again; those that come twice are skipped there. @returns the last one the destination has then */
export async function deliverAgain(calls: Calls, source: number, to: number, { before, outs }: Sent): Promise<Heard> {
  const keys = keysOf(to);
  const heard: Heard = { epoch: 0, sequence: 0 };
  for (let from = 0; from === 0 || from < outs.length; from += MESSAGES_PER_CALL) {
    const some = outs.slice(from, from + MESSAGES_PER_CALL);
    const previous = outs[from - 1] ?? before;
    const args = some.flatMap(({ epoch, sequence, payload }) => [epoch, sequence, payload]);
    const told = previous === undefined ? [source] : [source, placeOf(previous)];
    const reply = await calls.call('deliver', [keys.in, keys.seen, keys.wake], [...told, ...args]);
    [heard.epoch, heard.sequence] = reply as [number, number];
  }
  return heard;
}

/**
 * What the owner of a partition sends again to a destination that lost it: the outbox has let go of what was
 * acknowledged. What its journal does not hold is awaited from other processes, which compare too; then it is replaced
 * by notices, which become dead letters there: the lane must go on, and somebody must know.
 */
export function recallFrom(
  journal: CommitLog | undefined,
  partition: number,
): (to: number, heard: Heard, through: Heard) => Promise<Sent> {
  /** destination → since when, ms */
  const waiting = new Map<number, number>();
  return async (to, heard, through) => {
    const sent = journal === undefined ? NONE : await sentBehind(journal, partition, to, heard, through);
    const last = follows(sent, heard) ? sent.outs.at(-1) : undefined;
    const now = performance.now();
    const since = last === undefined ? (waiting.get(to) ?? now) : now;
    if (last !== undefined && !lacks(last, through)) waiting.delete(to);
    else waiting.set(to, since);
    if (last !== undefined) return sent;
    if (journal !== undefined && now - since < PATIENCE_MS) return NONE;
    const notice = { number: 0, to, payload: LOST, ...missing(heard, through, sent) };
    return { before: undefined, outs: [notice] };
  };
}

/**
 * The place of a notice: the next message missing. When only an epoch says that some are, nobody knows where those
 * begin, and one notice stands for all of them, before what can be sent again.
 */
function missing(heard: Heard, through: Heard, { outs: [first] }: Sent): Heard {
  if (first !== undefined && first.sequence <= heard.sequence + 1)
    return { epoch: first.epoch, sequence: first.sequence - 1 };
  const sequence = Math.min(heard.sequence + 1, through.sequence);
  return { epoch: sequence < through.sequence ? heard.epoch : Math.max(heard.epoch, through.epoch), sequence };
}
