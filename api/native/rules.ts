import { type FaultAt, Problem } from '#api/server/problems.ts';
import type { Referential } from '#engine/client/referential.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import { excessOf } from '#engine/domain/deciders/folder/create.ts';
import { covers } from '#engine/domain/deciders/rights.ts';
import { orgKey } from '#engine/domain/organization.ts';
import type { ProcessState } from '#engine/domain/records/process.ts';
import type { NewDeposit } from './schema.ts';

/** What a deposit must respect beyond its form: the rules of contract §6, in French, each at its place. */

/** The démarche, and the right to deposit for it. @throws Problem forbidden, rules-not-met */
export function openProcess(referential: Referential, code: string, caller: Caller): ProcessState {
  const process = referential.process(code);
  const fault = (detail: string): Problem =>
    new Problem('rules-not-met', undefined, { errors: [{ pointer: '/processCode', detail }] });
  if (process === undefined) throw fault('démarche inconnue');
  const { scope, org } = caller;
  if (scope !== 'ADMIN' && (orgKey(process.osl) !== org || !covers(caller, code))) throw new Problem('forbidden');
  if (!process.isActivated) throw fault('démarche non ouverte');
  return process;
}

/** Too large: refused before anything else is looked at. @throws Problem too-large */
export function checkSize({ cases, attachments }: NewDeposit): void {
  const links = attachments.map(({ recipients }) => ({ recipients: recipients ?? cases }));
  if (excessOf(cases.length, links) === undefined) return;
  throw new Problem('too-large', 'Au plus 5 000 cases, 1 000 pièces jointes, et 100 000 destinataires de pièces.');
}

/** Cases and attachments name each other; the case indexes of each attachment. */
export function linksOf({ cases, attachments }: NewDeposit, faults: FaultAt[]): number[][] {
  const before = faults.length;
  const numbers = new Map<string, number>();
  for (const [index, { externalId }] of cases.entries()) {
    if (numbers.has(externalId)) faults.push({ pointer: `/cases/${index}/externalId`, detail: 'déjà donné à un case' });
    numbers.set(externalId, index);
  }
  let everybody = false;
  const served = new Set<number>();
  const links = attachments.map(({ recipients }, at) => {
    if (recipients === undefined) {
      everybody = true;
      return cases.map((_, index) => index);
    }
    const indexes = new Set<number>();
    for (const [n, externalId] of recipients.entries()) {
      const index = numbers.get(externalId);
      if (index !== undefined) indexes.add(index);
      else faults.push({ pointer: `/attachments/${at}/recipients/${n}`, detail: 'aucun case ne porte cet externalId' });
    }
    for (const index of indexes) served.add(index);
    return [...indexes];
  });
  if (everybody || faults.length > before) return links;
  for (const index of cases.keys()) {
    if (!served.has(index))
      faults.push({ pointer: `/cases/${index}`, detail: 'aucune pièce jointe ne lui est destinée' });
  }
  return links;
}

/** What the démarche accepts of an attachment. */
export function fileFaults(
  process: ProcessState,
  at: number,
  { type, mimeType, size }: { type: string; mimeType: string; size: number },
): FaultAt[] {
  const faults: FaultAt[] = [];
  const say = (member: string, detail: string) => faults.push({ pointer: `/attachments/${at}/${member}`, detail });
  if (!process.attachmentTypesEnabled.includes(type)) say('type', `type non accepté par ${process.code}`);
  if (!process.attachmentFormatsEnabled.includes(mimeType)) say('mimeType', `format non accepté par ${process.code}`);
  if (size > process.attachmentMaxSizeEnabled)
    say('size', `${size} octets, au plus ${process.attachmentMaxSizeEnabled} pour ${process.code}`);
  return faults;
}
