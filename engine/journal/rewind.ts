import { encodeMessage } from '../domain/envelope.ts';
import type { OutRecord } from '../partition/batch.ts';
import type { CommitLog } from './log.ts';
import type { TurnRecord } from './record.ts';

const OUT_FIELDS = 5;
const LOST = encodeMessage({ command: { kind: 'dead.lost', payload: '', turn: 0, doubt: false } });

/**
 * Messages a partition sent to another above a sequence and up to another one, from its journal: the outbox lets go of what was acknowledged,
 * and a destination that lost deliveries needs them again. One the journal does not hold is replaced by a notice, which
 * becomes a dead letter there: the lane must go on, and somebody must know.
 */
export function recallFrom(
  journal: CommitLog | undefined,
  { partition, epoch }: { partition: number; epoch: number },
): (to: number, sequence: number, through: number) => Promise<OutRecord[]> {
  return async (to, sequence, through) => {
    const found = new Map<number, OutRecord>();
    for (const record of (await journal?.after(partition, 0)) ?? []) {
      for (const out of outsOf(record)) if (out.to === to && out.sequence > sequence) found.set(out.sequence, out);
    }
    return Array.from({ length: Math.max(through - sequence, 0) }, (_, place) => {
      const wanted = sequence + 1 + place;
      return found.get(wanted) ?? { number: Number.MAX_SAFE_INTEGER, to, sequence: wanted, epoch, payload: LOST };
    });
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
