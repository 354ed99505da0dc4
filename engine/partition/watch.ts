/** What a partition tells its node; every hook is called synchronously. */
export interface PartitionWatch {
  committed(partition: number, entries: number, backlog: number): void;
  fault(partition: number, kind: string, error: unknown): void;
  laneError(partition: number, to: number, error: Error): void;
}
