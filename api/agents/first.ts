import type { Referential } from '#engine/client/referential.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import { mailOfAgent } from '#engine/domain/records/agent.ts';

/** The company within a SIRET, digits: establishments of one organisation share it. */
const SIREN_DIGITS = 9;
const sirenOf = (siret: string): string => siret.slice(0, SIREN_DIGITS);

/**
 * Organisations whose first administrator a person is: an active subscription names its verified address, and the
 * provider says that it works for that organisation. `siret-missing`: the provider does not say for whom it works.
 */
export function administeredBy(
  referential: Pick<Referential, 'subscriptions'>,
  email: string,
  siret: string | null,
): readonly OrgKey[] | 'siret-missing' {
  const named = [...referential.subscriptions()].filter(
    ({ status, subscriber, localAdministrator }) =>
      status === 'Actif' && subscriber.type === 'SI' && mailOfAgent(localAdministrator.email) === email,
  );
  if (named.length > 0 && siret === null) return 'siret-missing';
  const own = named.filter(({ subscriber }) => sirenOf(subscriber.companyRegister) === sirenOf(siret ?? ''));
  return [...new Set(own.map(({ subscriber }) => orgKey(subscriber)))];
}
