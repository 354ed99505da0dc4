/** What an answer promises of the servers: docs/durability.md says it in full. */
export type Level = 'everysec' | 'fsync' | 'replicated';

export const LEVELS: readonly Level[] = ['fsync', 'replicated', 'everysec'];

export interface Durability {
  level: Level;
  /** replicas that have what is answered; 0 unless the level is `replicated` */
  replicas: number;
}

export const FSYNC: Durability = { level: 'fsync', replicas: 0 };
