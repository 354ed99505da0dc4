import { CHECKSUM_DIGITS } from '../domain/checksum.ts';
import type { Calls } from '../redis/calls.ts';
import { keysOf } from '../redis/keys.ts';
import type { Last } from './log.ts';
import type { TurnRecord } from './record.ts';

/** The last commit Redis knows of a partition, and where its owners began. */
export interface Known {
  turn: number;
  mark: string;
  /** newest first */
  takes: readonly Take[];
}

/** Where an owner began. */
export interface Take {
  epoch: number;
  /** last commit */
  turn: number;
  mark: string;
  /** the newest entry the mailbox had been given, or an older one */
  entry: string;
  /** the state was what this very run of the server had been given, and all of it */
  vouched: boolean;
}

const VOUCHED_NOT = '!';

export const parseTakes = (text: string): Known['takes'] =>
  text
    .split(',')
    .filter((one) => one !== '')
    .map((one) => {
      const vouched = !one.endsWith(VOUCHED_NOT);
      const [epoch, turn, mark, entry] = (vouched ? one : one.slice(0, -1)).split(':') as [
        string,
        string,
        string,
        string,
      ];
      return { epoch: Number(epoch), turn: Number(turn), mark, entry, vouched };
    });

/**
 * The first turn of this journal that Redis lacks; undefined when it lacks none. An owner that came later began
 * where Redis stood: what this journal holds beyond that was lost before.
 */
export function lostFrom(last: Last, known: Known): number | undefined {
  const later = known.takes.filter(({ epoch }) => epoch > last.epoch).map(({ turn }) => turn);
  const began = Math.min(known.turn, ...later);
  if (began < last.turn) return began + 1;
  return (known.turn === last.turn && known.mark !== last.mark) || isReplaced(last, known) ? last.turn : undefined;
}

/** Whoever came later began with another commit of that number: this one had been lost by then. */
export const isReplaced = ({ turn, mark, epoch }: Last, { takes }: Known): boolean =>
  takes.some((take) => take.epoch > epoch && take.turn === turn && take.mark !== mark);

/**
 * Its owner is none of those remembered, though whoever committed it in what Redis holds would be: the take was lost, and
 * with it all that followed. Epochs need not tell: who came later, by a clock that is behind, has an earlier one. Takes are
 * forgotten oldest first, so that of commits the oldest one found there nothing can be said.
 */
export function isUntaken({ turn, epoch }: Pick<Last, 'turn' | 'epoch'>, { takes }: Known): boolean {
  const oldest = takes.at(-1);
  return oldest !== undefined && turn > oldest.turn && takes.every((take) => take.epoch !== epoch);
}

/** Redis lacks something of a journal. */
export const lacksSome = (last: Last, known: Known): boolean =>
  lostFrom(last, known) !== undefined || isUntaken(last, known);

/** Outcome of a repair. */
export interface Repair {
  turn: number;
  mark: string;
  /** commits done again */
  redone: number;
  /** commits that cannot be: others follow the last one they knew */
  lost: readonly TurnRecord[];
  /** keys that held something of another kind, and are gone */
  unfit: readonly string[];
  /** Redis stands elsewhere than it did: another process did commits again, or a call came late. To be looked at anew. */
  moved: boolean;
}

/** A key does not hold what a call needs: damage, which no repetition cures. */
const isUnfit = (error: unknown): boolean => error instanceof Error && error.message.includes('WRONGTYPE');

/** Does lost commits again, in order, as long as each follows the last one Redis knows. Any process may: see redo.lua. */
export async function repair(
  calls: Calls,
  records: readonly TurnRecord[],
  known: Pick<Known, 'turn' | 'mark'>,
): Promise<Repair> {
  let { turn, mark } = known;
  let redone = 0;
  const unfit: string[] = [];
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index] as TurnRecord;
    if (record.turn !== turn + 1 || record.before !== mark)
      return { turn, mark, redone, unfit, lost: records.slice(index), moved: false };
    const redo = (): Promise<unknown> => calls.call('redo', keysOfRedo(record), argsOfRedo(record));
    const reply = (await redo().catch(async (error: unknown) => {
      if (!isUnfit(error)) throw error;
      unfit.push(...((await calls.call('fit', record.done.keys, record.done.operations)) as string[]));
      return redo();
    })) as [number, number, string];
    [, turn, mark] = reply;
    if (reply[0] === 1) redone += 1;
    else {
      // The call that was thought lost came late, or another process was quicker, and may have gone on beyond this journal.
      const there = records.findIndex((one) => one.turn === turn && one.mark === mark);
      if (there < index) return { turn, mark, redone, unfit, lost: [], moved: true };
      index = there;
    }
  }
  return { turn, mark, redone, unfit, lost: [], moved: false };
}

const keysOfRedo = ({ partition, done }: TurnRecord): string[] => [...done.keys, keysOf(partition).seen];

function argsOfRedo({ turn, before, mark, epoch, done }: TurnRecord): (string | number)[] {
  const { covered, promoted, operations } = done;
  const heard = heardOf(covered.map(([, origin]) => origin));
  const { length } = heard;
  return [
    turn,
    before,
    mark,
    epoch,
    covered.length,
    // An entry's text begins with its checksum: its id alone may have been given again.
    ...covered.flatMap(([id, origin], place) => [id, origin, String(done.messages[place]).slice(0, CHECKSUM_DIGITS)]),
    promoted.length,
    ...promoted,
    length,
    ...heard.flat(),
    ...operations,
  ];
}

const LANE = /^(\d+):(\d+):(\d+)$/;

/** The last delivery among origins, by source. */
function heardOf(origins: readonly string[]): [source: number, epoch: number, sequence: number][] {
  const last = new Map<number, [number, number, number]>();
  for (const origin of origins) {
    const found = LANE.exec(origin);
    if (found === null) continue;
    const [source, epoch, sequence] = found.slice(1).map(Number) as [number, number, number];
    last.set(source, [source, epoch, sequence]);
  }
  return [...last.values()];
}
