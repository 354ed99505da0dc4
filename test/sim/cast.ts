import type { Caller, PurgeSettings } from '#engine/domain/commands/contents.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { PARTITIONS, partitionOf } from '#engine/domain/placement.ts';

/** Who takes part, the same in every seed: senders, and recipients spread over all partitions. */
export const SENDERS: readonly OrgKey[] = ['OSL-13000766900018-00000', 'OSL-13000766900026-00000'];
export const PROCESSES = ['EtatCivil', 'CertDC'] as const;
const RECIPIENTS_PER_PARTITION = 2;
const MOVERS_PER_PARTITION = 2;

/** By partition. */
const orgs: readonly OrgKey[][] = Array.from({ length: PARTITIONS }, (_, partition) => {
  const found: OrgKey[] = [];
  for (let branch = 0; found.length < RECIPIENTS_PER_PARTITION + MOVERS_PER_PARTITION; branch += 1) {
    const org = `SI-21${String(branch).padStart(12, '0')}-${String(branch).padStart(5, '0')}`;
    if (partitionOf(org) === partition) found.push(org);
  }
  return found;
});

export const RECIPIENTS: readonly OrgKey[] = orgs.flatMap((some) => some.slice(0, RECIPIENTS_PER_PARTITION));
/** Those that no storm migrates, by partition: what becomes of their cases is known (`mover.ts`). */
export const MOVERS: readonly (readonly OrgKey[])[] = orgs.map((some) => some.slice(RECIPIENTS_PER_PARTITION));

export const PURGE: PurgeSettings = { status: 'CLOSED', fileDays: 2, archiveDays: 4, deleteDays: 6 };

export const osl = (org: OrgKey): Caller => ({ scope: 'OSL', org });
export const si = (org: OrgKey, process: string): Caller => ({ scope: 'SI', org, process });
export const ADMIN: Caller = { scope: 'ADMIN', org: 'Admin-11000000000017-00000' };

/** Bytes that were taken. */
export const uploadOf = (blob: string) => ({ status: 'RECEIVED', sha256: `${'a'.repeat(43)}=`, blob }) as const;
