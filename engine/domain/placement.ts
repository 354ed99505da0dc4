import type { OrgKey } from './organization.ts';

/** Partitions of folders, cases and mailboxes; fixed at the hub's creation (decision record 002). */
export const PARTITIONS = 64;

/** The partition of organizations, processes, subscriptions, clients and agents. */
export const REFERENTIAL = 64;

/** Every partition an id or a lane may name. */
export const ALL_PARTITIONS = PARTITIONS + 1;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Home of an organisation's mailbox (FNV-1a with a final mix): the same in every process, for ever. */
export function partitionOf(org: OrgKey): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < org.length; i += 1) hash = Math.imul(hash ^ org.charCodeAt(i), FNV_PRIME);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return (hash >>> 0) % PARTITIONS;
}
