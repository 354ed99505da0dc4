/**
 * How far a lane has come: the last message its destination has, or one its source sent. Sequences are dense, but a
 * source that lost commits in a failover gives theirs again, under a newer epoch: a sequence alone names no message.
 */
export interface Heard {
  /** of the owner that sent it; 0: not known, it was noted before epochs were */
  epoch: number;
  sequence: number;
}

export const NOTHING: Heard = { epoch: 0, sequence: 0 };

/** In the order a destination takes messages. */
export const isBefore = (one: Heard, other: Heard): boolean =>
  one.epoch < other.epoch || (one.epoch === other.epoch && one.sequence < other.sequence);

/**
 * A destination that has come to `heard` lacks something up to `through`. Where the epochs do not say so sequences
 * still may: of an epoch that is not known, or when what was heard last was lost by its source since.
 */
export const lacks = (heard: Heard, through: Heard): boolean =>
  heard.sequence < through.sequence || isBefore(heard, through);

const EPOCH = 'e';

/**
 * Fields of `{p}:lane`: destination → sequence acknowledged, as ever, and `e<destination>` → its epoch, written when it
 * changes. A process of before epochs were kept skips those fields and leaves them as they are: too low an epoch asks for
 * less to have been heard, so that only sequences decide, as it did.
 */
export const fieldsOf = (to: number, { epoch, sequence }: Heard, known: number | undefined): (string | number)[] =>
  epoch === known ? [to, sequence] : [to, sequence, EPOCH + to, epoch];

/** @param lane `{p}:lane` as it is stored */
export const acknowledgedOf = (lane: Readonly<Record<string, string>>): Map<number, Heard> =>
  new Map(
    Object.entries(lane)
      .filter(([field]) => !field.startsWith(EPOCH))
      .map(([to, sequence]) => [Number(to), { epoch: Number(lane[EPOCH + to] ?? 0), sequence: Number(sequence) }]),
  );
