import { checksum } from '../domain/checksum.ts';
import type { Message } from '../domain/message.ts';

/**
 * One commit of a partition, outside Redis: what it covered, what it wrote and what it was asked, enough to name it and
 * to do it again (decision record 008). A line: `T <mark> <partition> <turn> <epoch> <before> <json>`, where `mark` is
 * the CRC-32 of all that follows it, so that each record's mark vouches for the whole chain of its partition.
 */
export interface TurnRecord {
  partition: number;
  /** epoch of the lease that committed */
  epoch: number;
  /** commits of the partition so far, this one included */
  turn: number;
  /** mark of the commit before; '' for the first */
  before: string;
  mark: string;
  done: TurnDone;
}

/** What a turn did. */
export interface TurnDone {
  /** entries covered, by id and origin */
  covered: readonly (readonly [id: string, origin: string])[];
  /** timers promoted since the commit before */
  promoted: readonly string[];
  /** messages decided: as the stream held them, or of requests given straight to the owner */
  messages: readonly (string | Message)[];
  /** keys and operations of the call, as turn.lua takes them */
  keys: readonly string[];
  operations: readonly (string | number)[];
}

const FIELDS = 6;
const SPACE = ' ';

/** @returns the mark and the line, its line break included */
export function encodeTurn(record: Omit<TurnRecord, 'mark'>): { mark: string; line: string } {
  const { partition, epoch, turn, before, done } = record;
  const { covered, promoted, messages, keys, operations } = done;
  const json = JSON.stringify([covered, promoted, messages, keys, operations]);
  const body = `${partition} ${turn} ${epoch} ${before || '-'} ${json}`;
  const mark = checksum(body);
  return { mark, line: `T ${mark} ${body}\n` };
}

/** Partition and turn of a line, without reading the rest; undefined when it is no turn's. */
export function headOf(line: string): { partition: number; turn: number } | undefined {
  if (!line.startsWith('T ')) return undefined;
  const [, , partition, turn] = line.split(SPACE, FIELDS - 2);
  return { partition: Number(partition), turn: Number(turn) };
}

/** @returns undefined when the line is damaged */
export function decodeTurn(line: string): TurnRecord | undefined {
  const fields = line.split(SPACE, FIELDS);
  const [kind, mark, partition, turn, epoch, before] = fields as [string, string, string, string, string, string];
  if (kind !== 'T' || fields.length < FIELDS) return undefined;
  const body = line.slice(kind.length + mark.length + 2);
  if (checksum(body) !== mark) return undefined;
  const json = line.slice(fields.join(SPACE).length + 1);
  const [covered, promoted, messages, keys, operations] = JSON.parse(json) as [
    TurnDone['covered'],
    string[],
    (string | Message)[],
    string[],
    (string | number)[],
  ];
  return {
    partition: Number(partition),
    turn: Number(turn),
    epoch: Number(epoch),
    before: before === '-' ? '' : before,
    mark,
    done: { covered, promoted, messages, keys, operations },
  };
}

/** A turn that was written here and refused by Redis: it never happened. */
export const encodeVoid = (partition: number, turn: number, epoch: number): string =>
  `V ${partition} ${turn} ${epoch}\n`;

/** Turns that happened: one written twice counts as it was written last, one voided does not. */
export function live(lines: readonly string[]): TurnRecord[] {
  const found = new Map<string, TurnRecord>();
  for (const line of lines) {
    if (line.startsWith('V ')) {
      const [, partition, turn, epoch] = line.split(' ');
      const key = `${partition} ${turn}`;
      if (found.get(key)?.epoch === Number(epoch)) found.delete(key);
      continue;
    }
    const record = decodeTurn(line);
    if (record !== undefined) found.set(`${record.partition} ${record.turn}`, record);
  }
  return [...found.values()].sort((a, b) => a.turn - b.turn);
}
