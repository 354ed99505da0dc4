import { encodeMessage } from '../domain/envelope.ts';
import type { OutRecord } from '../partition/batch.ts';
import type { Calls } from '../redis/calls.ts';
import { keysOf } from '../redis/keys.ts';
import type { CommitLog } from './log.ts';
import type { TurnRecord } from './record.ts';

const OUT_FIELDS = 5;
const LOST = encodeMessage({ command: { kind: 'dead.lost', payload: '', turn: 0, doubt: false } });
/** Time other processes have to send again what only their journals hold, ms. */
const PATIENCE_MS = 30_000;
/** Messages of one call. */
const MESSAGES_PER_CALL = 128;

/** The last delivery a destination has from a source. */
export interface Heard {
  epoch: number;
  sequence: number;
}

/** Sends deliveries again; those that come twice are skipped there. @returns the last one the destination has then */
export async function deliverAgain(
  calls: Calls,
  source: number,
  to: number,
  outs: readonly OutRecord[],
): Promise<Heard> {
  const keys = keysOf(to);
  const heard: Heard = { epoch: 0, sequence: 0 };
  for (let from = 0; from === 0 || from < outs.length; from += MESSAGES_PER_CALL) {
    const some = outs.slice(from, from + MESSAGES_PER_CALL);
    const args = some.flatMap(({ epoch, sequence, payload }) => [epoch, sequence, payload]);
    const reply = await calls.call('deliver', [keys.in, keys.seen, keys.wake], [source, ...args]);
    [heard.epoch, heard.sequence] = reply as [number, number];
  }
  return heard;
}

/**
 * Messages a partition sent to another behind the last one that has it, up to a sequence, from this journal: without a
 * gap, as far as it goes.
 */
export async function sentBehind(
  journal: CommitLog,
  partition: number,
  to: number,
  sequence: number,
  through: number,
): Promise<OutRecord[]> {
  const found = new Map<number, OutRecord>();
  const collect = (records: readonly TurnRecord[]): boolean => {
    for (const record of records) for (const out of outsOf(record)) if (out.to === to) found.set(out.sequence, out);
    return found.has(sequence + 1);
  };
  await journal.search(partition, collect);
  const outs: OutRecord[] = [];
  for (let next = sequence + 1; next <= through && found.has(next); next += 1) outs.push(found.get(next) as OutRecord);
  return outs;
}

/**
 * What the owner of a partition sends again to a destination that lost it: the outbox has let go of what was
 * acknowledged. What its journal does not hold is awaited from other processes, which compare too; then it is replaced
 * by notices, which become dead letters there: the lane must go on, and somebody must know.
 */
export function recallFrom(
  journal: CommitLog | undefined,
  partition: number,
): (to: number, heard: Heard, through: number) => Promise<OutRecord[]> {
  /** destination → since when, ms */
  const waiting = new Map<number, number>();
  return async (to, { epoch, sequence }, through) => {
    const outs = journal === undefined ? [] : await sentBehind(journal, partition, to, sequence, through);
    const reached = sequence + outs.length;
    const now = performance.now();
    const since = outs.length > 0 ? now : (waiting.get(to) ?? now);
    waiting.set(to, since);
    if (reached >= through) waiting.delete(to);
    if (reached >= through || (journal !== undefined && now - since < PATIENCE_MS)) return outs;
    const last = outs.at(-1)?.epoch ?? epoch;
    const notice = { number: 0, to, epoch: last, payload: LOST };
    return [...outs, { ...notice, sequence: reached + 1 }];
  };
}

function outsOf({ done }: TurnRecord): OutRecord[] {
  const { operations } = done;
  const outs: OutRecord[] = [];
  for (let at = 0; at < operations.length; ) {
    const count = Number(operations[at + 2]);
    if (operations[at] === 'O') {
      for (let i = at + 3; i < at + 3 + count; i += OUT_FIELDS) {
        const [number, to, sequence, epoch, payload] = operations.slice(i, i + OUT_FIELDS);
        outs.push({
          number: Number(number),
          to: Number(to),
          sequence: Number(sequence),
          epoch: Number(epoch),
          payload: String(payload),
        });
      }
    }
    at += 3 + count;
  }
  return outs;
}
