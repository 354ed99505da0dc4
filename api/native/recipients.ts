import { loadFolderCases } from '#api/answers/load.ts';
import { isDay } from '#api/competence/day.ts';
import { resolveRecipient } from '#api/competence/resolve.ts';
import { type FaultAt, Problem } from '#api/server/problems.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Referential } from '#engine/client/referential.ts';
import { type Id, parts } from '#engine/domain/ids.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import { folderName } from '#engine/domain/records/names.ts';
import { MAX_TOLD } from './form.ts';
import type { NewDeposit } from './schema.ts';

/** In the place of a recipient that has a fault: the deposit is refused. */
const NONE: OrgKey = '';

type Case = NewDeposit['cases'][0];

/** Whether the hub finds any of a deposit's recipients: its request alone does not say whom it took. */
export const isByCompetence = ({ cases }: NewDeposit): boolean =>
  cases.some(({ competence }) => competence !== undefined);

/** Recipients of a deposit as its request names them; only of one that names all by identity. */
export const named = ({ cases }: NewDeposit): OrgKey[] =>
  cases.map(({ recipient }) => (recipient === undefined ? NONE : orgKey(recipient)));

/**
 * Recipients of a deposit's cases, which exist. Without active subscription their cases are held, which is no fault
 * (decision record 013).
 * @param today ISO date: that of a competence which gives none
 */
export function recipientsOf(
  referential: Referential,
  { cases, processCode }: NewDeposit,
  today: string,
  faults: FaultAt[],
): OrgKey[] {
  const known = new Map<string, OrgKey | FaultAt>();
  return cases.map((given, index) => {
    // A season names few communes many times, and a deposit for thousands may name one again.
    const asked = askedOf(given);
    let found = known.get(asked);
    if (found === undefined) {
      found = find(referential, given, processCode, today);
      known.set(asked, found);
    }
    if (typeof found === 'string') return found;
    if (faults.length < MAX_TOLD) faults.push({ ...found, pointer: `/cases/${index}${found.pointer}` });
    return NONE;
  });
}

const askedOf = ({ recipient, competence }: Case): string =>
  `${recipient ? orgKey(recipient) : ''} ${competence ? `${competence.commune} ${competence.date ?? ''}` : ''}`;

/** `pointer` is within the case. */
function find(referential: Referential, given: Case, process: string, today: string): OrgKey | FaultAt {
  const { recipient, competence } = given;
  if ((recipient === undefined) === (competence === undefined)) {
    return { pointer: '', detail: 'un seul de recipient et competence' };
  }
  if (competence === undefined) {
    const org = orgKey(recipient as NonNullable<typeof recipient>);
    if (referential.organization(org) !== undefined) return org;
    return { pointer: '/recipient', detail: `organisation inconnue : ${org}` };
  }
  const { commune, date = today } = competence;
  if (!isDay(date)) return { pointer: '/competence/date', detail: 'n’est pas un jour du calendrier' };
  const resolved = resolveRecipient(referential, { process, commune, date });
  return resolved.found ? resolved.org : { pointer: '/competence', detail: resolved.detail };
}

/**
 * Recipients a deposit took, in the order of its cases: what its folder says, whoever is competent now, so that a
 * repeated request is told the same. @throws Problem folder-gone
 */
export async function taken(hub: Hub, folder: Id): Promise<OrgKey[]> {
  const [record] = await hub.read(parts(folder).home, [folderName(folder)]);
  if (record === undefined) throw new Problem('folder-gone');
  return (await loadFolderCases(hub, folder, record)).map(({ recipient }) => recipient);
}
