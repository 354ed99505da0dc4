import type { OutRecord } from '../partition/batch.ts';
import { type Heard, isBefore, NOTHING } from '../partition/heard.ts';
import type { CommitLog } from './log.ts';
import type { TurnRecord } from './record.ts';

const OUT_FIELDS = 5;

/** Part of a lane as a journal has it. */
export interface Sent {
  /** the message just before; undefined when the journal does not have it */
  before: Heard | undefined;
  /** without a gap */
  outs: readonly OutRecord[];
}

export const NONE: Sent = { before: undefined, outs: [] };

/** Nothing is missing between them. Where nobody knows what goes before, sequences decide. */
export function follows({ before, outs }: Sent, heard: Heard): boolean {
  const [first] = outs;
  if (first === undefined || first.sequence > heard.sequence + 1) return false;
  return before === undefined ? first.sequence === heard.sequence + 1 : !isBefore(heard, before);
}

/** The first of what a partition sent to another behind what that has heard, up to some message, from this journal. */
export async function sentBehind(
  journal: CommitLog,
  partition: number,
  to: number,
  heard: Heard,
  through: Heard,
): Promise<Sent> {
  const found = new Map<string, OutRecord>();
  let sent = NONE;
  const collect = (records: readonly TurnRecord[]): boolean => {
    for (const record of records)
      for (const out of outsOf(record))
        if (out.to === to && !isBeyond(out, through)) found.set(`${out.epoch}:${out.sequence}`, out);
    const all = [...found.values()];
    sent = firstBehind(all, heard);
    if (sent.before !== undefined) return true;
    const [first] = sent.outs;
    const known = first?.epoch === heard.epoch || all.some((out) => !isBefore(heard, out));
    return known && (first === undefined || follows(sent, heard));
  };
  await journal.search(partition, collect);
  return sent;
}

const isBeyond = (out: OutRecord, through: Heard): boolean =>
  through.epoch === 0 ? out.sequence > through.sequence : isBefore(through, out);

/**
 * From the newest one back: of two with the same sequence the one of the newer epoch holds, for its source had lost the
 * other, and all that followed it.
 */
function firstBehind(found: readonly OutRecord[], heard: Heard): Sent {
  const back: OutRecord[] = [];
  for (const out of found.toSorted((one, other) => (isBefore(one, other) ? 1 : -1))) {
    const next = back.at(-1);
    if (next !== undefined && out.sequence >= next.sequence) continue;
    const adjoins = out.sequence + 1 === next?.sequence;
    if (!isBefore(heard, out)) return { before: adjoins ? out : undefined, outs: back.toReversed() };
    if (!adjoins) back.splice(0);
    back.push(out);
  }
  return { before: back.at(-1)?.sequence === 1 ? NOTHING : undefined, outs: back.toReversed() };
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
