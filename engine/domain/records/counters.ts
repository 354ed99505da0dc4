/** What a partition numbers: one record, written only when a box is created. */
export interface CountersState {
  boxes: number;
}
