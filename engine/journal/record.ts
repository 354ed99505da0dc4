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
  /** messages decided: as the stream held them, or of requests given straight to the owner, in JSON or not */
  messages: readonly (string | Message)[];
  /** keys and operations of the call, as turn.lua takes them */
  keys: readonly string[];
  operations: readonly (string | number)[];
}

const BETWEEN_LISTS = '\x1e';
const BETWEEN_VALUES = '\x1f';
const PAIR = 2;
const FIELDS = 6;
const SPACE = ' ';

function encodeDone({ covered, promoted, messages, keys, operations }: TurnDone): string {
  const lists = [
    covered.flat(),
    promoted,
    messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message))),
    keys,
    operations,
  ];
  const text = lists.map((list) => list.join(BETWEEN_VALUES)).join(BETWEEN_LISTS);
  const between = lists.reduce((sum, { length }) => sum + Math.max(length - 1, 0), 0);
  const plain =
    !text.includes('\n') && count(text, BETWEEN_VALUES) === between && count(text, BETWEEN_LISTS) === lists.length - 1;
  return plain ? text : JSON.stringify([covered, promoted, messages.map(opened), keys, operations]);
}

/** A request's message; those of the stream begin with their checksum. */
const opened = (message: string | Message): string | Message =>
  typeof message === 'string' && message.startsWith('{') ? (JSON.parse(message) as Message) : message;

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found += 1;
  return found;
}

function decodeDone(text: string): TurnDone {
  if (text.startsWith('[')) {
    const [covered, promoted, messages, keys, operations] = JSON.parse(text) as [
      TurnDone['covered'],
      string[],
      (string | Message)[],
      string[],
      (string | number)[],
    ];
    return { covered, promoted, messages, keys, operations };
  }
  const [covered, promoted, messages, keys, operations] = text
    .split(BETWEEN_LISTS)
    .map((list) => (list === '' ? [] : list.split(BETWEEN_VALUES))) as [
    string[],
    string[],
    string[],
    string[],
    string[],
  ];
  return {
    covered: Array.from({ length: covered.length / PAIR }, (_, n) => [
      covered[n * PAIR] ?? '',
      covered[n * PAIR + 1] ?? '',
    ]),
    promoted,
    messages: messages.map(opened),
    keys,
    operations,
  };
}

/** @returns the mark and the line, its line break included */
export function encodeTurn(record: Omit<TurnRecord, 'mark'>): { mark: string; line: string } {
  const { partition, epoch, turn, before, done } = record;
  const body = `${partition} ${turn} ${epoch} ${before || '-'} ${encodeDone(done)}`;
  const mark = checksum(body);
  return { mark, line: `T ${mark} ${body}\n` };
}

/** Partition and turn of a line, without reading the rest; undefined when it is no turn's. */
export function headOf(line: string): { partition: number; turn: number } | undefined {
  if (!line.startsWith('T ')) return undefined;
  const [, , partition, turn] = line.split(SPACE, FIELDS - 2);
  return { partition: Number(partition), turn: Number(turn) };
}

/** Partition a line is about: a turn, or one that never happened. */
export const partitionOf = (line: string): number | undefined =>
  line.startsWith('V ') ? Number(line.split(SPACE, 2)[1]) : headOf(line)?.partition;

/** @returns undefined when the line is damaged */
export function decodeTurn(line: string): TurnRecord | undefined {
  const fields = line.split(SPACE, FIELDS);
  const [kind, mark, partition, turn, epoch, before] = fields as [string, string, string, string, string, string];
  if (kind !== 'T' || fields.length < FIELDS) return undefined;
  const body = line.slice(kind.length + mark.length + 2);
  if (checksum(body) !== mark) return undefined;
  const done = decodeDone(line.slice(fields.join(SPACE).length + 1));
  return {
    partition: Number(partition),
    turn: Number(turn),
    epoch: Number(epoch),
    before: before === '-' ? '' : before,
    mark,
    done,
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

/**
 * Goes back through lines, and through each partition's chain: the record whose mark is wanted, then the one before it.
 * @param marks partition → mark wanted; changed
 */
export function goBack(
  lines: readonly string[],
  marks: Map<number, string>,
  visit: (record: TurnRecord) => void,
): void {
  for (let at = lines.length - 1; at >= 0 && marks.size > 0; at -= 1) {
    const line = lines[at] as string;
    const [kind, mark, partition] = line.split(SPACE, FIELDS / 2) as [string, string, string];
    if (kind !== 'T' || marks.get(Number(partition)) !== mark) continue;
    const record = decodeTurn(line);
    if (record === undefined) continue;
    visit(record);
    if (record.before === '') marks.delete(record.partition);
    else marks.set(record.partition, record.before);
  }
}
