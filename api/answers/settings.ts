import type { Referential } from '#engine/client/referential.ts';
import type { PurgeSettings } from '#engine/domain/commands/contents.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { ProcessState } from '#engine/domain/records/process.ts';
import { mailAddress } from '#engine/domain/records/subscription.ts';

/** What commands carry of the referential, so that a decision never has to ask for it. */

/** The démarche of a record. Démarches are never removed: without it the record is not ours to change. */
export function processOf(referential: Referential, code: string): ProcessState {
  const process = referential.process(code);
  if (process === undefined) throw new DomainError('processUnknown');
  return process;
}

const settings = new WeakMap<ProcessState, PurgeSettings>();

/** Contract §11. */
export function purgeSettings(process: ProcessState): PurgeSettings {
  let known = settings.get(process);
  if (known === undefined) {
    known = {
      status: process.statusBeforeFileDeletion,
      fileDays: process.timeBeforeFileDeletion,
      archiveDays: process.timeBeforeArchiving,
      deleteDays: process.timeBeforeFolderDeletion,
    };
    settings.set(process, known);
  }
  return known;
}

/** Contract §10: the address to write to at once, null when there is none or the recipient does not want it. */
export function mailOf(referential: Referential, process: string, recipient: OrgKey): string | null {
  const subscription = referential.subscriptionsOf(process, recipient)[0];
  return subscription === undefined ? null : mailAddress(subscription);
}
