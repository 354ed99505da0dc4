import type { Demarche } from './demarche.ts';
import { meanCases } from './fanout.ts';
import type { France, Recipient } from './recipients.ts';
import { subscribersOf } from './subscriptions.ts';

export type AccessMode = 'API' | 'PORTAIL';

/** Part of the cases that software fetches; agents open the rest on the portal (founding document). */
export const apiShare = 0.9;

/**
 * Decides who is served by software: everybody but the smallest communes, so many of these being left to the
 * portal that the others get 90 % of a year's cases.
 */
export function accessModes(demarches: readonly Demarche[], france: France): (recipient: Recipient) => AccessMode {
  const cases = yearlyCases(demarches, france);
  const total = [...cases.values()].reduce((sum, one) => sum + one, 0);
  const agents = new Set<Recipient>();
  let left = (1 - apiShare) * total;
  for (const commune of france.communes.toReversed()) {
    left -= cases.get(commune) ?? 0;
    if (left < 0) break;
    agents.add(commune);
  }
  return (recipient) => (agents.has(recipient) ? 'PORTAIL' : 'API');
}

/** Cases each recipient may expect in a year, by population among the subscribers of each démarche. */
export function yearlyCases(demarches: readonly Demarche[], france: France): Map<Recipient, number> {
  const expected = new Map<Recipient, number>();
  for (const demarche of demarches) {
    for (const { recipients, perFolder } of groups(demarche, france)) {
      const population = recipients.reduce((sum, one) => sum + one.population, 0);
      for (const one of recipients) {
        const cases = (demarche.yearly * perFolder * one.population) / population;
        expected.set(one, (expected.get(one) ?? 0) + cases);
      }
    }
  }
  return expected;
}

// A change of address goes to operators and communes drawn apart; a death may concern two communes.
function groups(demarche: Demarche, france: France): { recipients: Recipient[]; perFolder: number }[] {
  const recipients = subscribersOf(demarche, france);
  if (demarche.code === 'JeChangeDeCoordonnees') {
    return [
      { recipients: recipients.filter((one) => one.kind === 'operator'), perFolder: meanCases.operators },
      { recipients: recipients.filter((one) => one.kind === 'commune'), perFolder: meanCases.changeCommunes },
    ];
  }
  return [{ recipients, perFolder: demarche.code === 'CERTDC' ? meanCases.death : 1 }];
}
