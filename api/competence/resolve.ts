import type { Referential } from '#engine/client/referential.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import type { OrganizationState } from '#engine/domain/records/organization.ts';
import { type Communes, type Followed, follow, communes as today } from './communes.ts';

/** A recipient named by what it is competent for. */
export interface Competence {
  process: string;
  /** INSEE code, as the sender knows it: of today or older, of a commune or a municipal arrondissement */
  commune: string;
  /** ISO date on which it must be competent */
  date: string;
}

/** Who takes it, and how it was found: told to the sender with the answer. */
export interface Resolved {
  found: true;
  organization: OrganizationState;
  org: OrgKey;
  /** whether its subscription is active: else its cases are held */
  subscribed: boolean;
  /** code under which it was found */
  commune: string;
  followed: Followed[];
}

export interface Unresolved {
  found: false;
  reason: 'process' | 'nobody' | 'several';
  /** in French, with what to do */
  detail: string;
  /** several organisations: those to choose from */
  candidates: OrgKey[];
}

type Directory = Pick<Referential, 'process' | 'organizationsAt' | 'subscriptionsOf'>;

/** A commune's own SIRET, beside those of its other services: its SIREN begins so. */
const COMMUNE_SIREN = /^21/;
/** Told at once. */
const MAX_TOLD = 10;

/**
 * The organisation competent for a démarche in a commune on a day (exchange by competence). Among those with the
 * commune's code the one with an active subscription; when none has one, the commune itself, whose cases are then held.
 * An arrondissement of Paris, Lyon or Marseille has its own when that is subscribed, else the city's. The old code of a
 * merged commune counts only when nobody has the new one: the referential may not have followed yet.
 */
export function resolveRecipient(
  directory: Directory,
  { process, commune, date }: Competence,
  table: Communes = today,
): Resolved | Unresolved {
  if (directory.process(process) === undefined) {
    return unresolved('process', `La démarche ${process} n’existe pas : vérifiez son code.`);
  }
  const { code, followed } = follow(table, commune, date);
  const city = table.arrondissements.get(code);
  const places = city === undefined ? [code] : [code, city];
  const older = followed.map(({ from }) => from).reverse();

  const isActive = (organization: OrganizationState): boolean =>
    directory.subscriptionsOf(process, orgKey(organization)).some(({ status }) => status === 'Actif');
  const answer = (organization: OrganizationState, place: string, subscribed: boolean): Resolved => ({
    found: true,
    organization,
    org: orgKey(organization),
    subscribed,
    commune: place,
    followed: older.includes(place)
      ? followed.slice(
          0,
          followed.findIndex(({ from }) => from === place),
        )
      : followed,
  });

  const known = (place: string): boolean => directory.organizationsAt(place).length > 0;
  const now = places.filter(known);
  const eligible = now.length > 0 ? now : older.filter(known).slice(0, 1);
  for (const place of eligible) {
    const active = directory.organizationsAt(place).filter(isActive);
    if (active.length === 1) return answer(active[0] as OrganizationState, place, true);
    if (active.length > 1) return several(commune, process, active);
  }
  const place = eligible.at(-1);
  if (place === undefined) return nobody(commune, code);
  const all = directory.organizationsAt(place);
  const own = all.filter(({ companyRegister }) => COMMUNE_SIREN.test(companyRegister));
  const [one, ...others] = own.length > 0 ? own : all;
  if (others.length > 0) return several(commune, process, own.length > 0 ? own : all);
  return answer(one as OrganizationState, place, false);
}

const unresolved = (reason: Unresolved['reason'], detail: string, candidates: OrgKey[] = []): Unresolved => ({
  found: false,
  reason,
  detail,
  candidates,
});

function nobody(commune: string, code: string): Unresolved {
  const now = code === commune ? '' : ` (aujourd’hui ${code})`;
  return unresolved(
    'nobody',
    `Aucune organisation n’est enregistrée pour la commune ${commune}${now} : vérifiez le code INSEE, ou demandez à ` +
      'l’administrateur de la plateforme d’enregistrer la commune.',
  );
}

function several(commune: string, process: string, organizations: readonly OrganizationState[]): Unresolved {
  const keys = organizations.map(orgKey).sort();
  const told = keys.slice(0, MAX_TOLD).join(', ') + (keys.length > MAX_TOLD ? '…' : '');
  return unresolved(
    'several',
    `Plusieurs organisations de la commune ${commune} peuvent recevoir la démarche ${process} : nommez le ` +
      `destinataire par son identité (type, SIRET et guichet), parmi ${told}.`,
    keys,
  );
}
