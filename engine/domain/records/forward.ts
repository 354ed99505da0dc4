/**
 * Where the notification of an id lies that is not where its id says, because it was migrated. The partition that
 * holds it has its place; each partition it passed through points to the next one.
 */
export interface ForwardState {
  partition: number;
  /** 0 unless it lies in this partition */
  box: number;
  sequence: number;
  /** partitions that point here, directly or not: told when it is deleted */
  via: number[];
}
