import type { Audience, Demarche } from './demarche.ts';
import type { France, Recipient } from './recipients.ts';

/** The recipients of a démarche, in the order of `France`: communes, départements, EPCI, operators. */
export function subscribersOf(demarche: Demarche, france: France): Recipient[] {
  const { communes = 0, epci = 0, departements = false } = demarche.audience;
  return [
    ...france.communes.slice(0, communes),
    ...(departements ? france.departements : []),
    ...france.epci.slice(0, epci),
    ...chosenOperators(demarche.audience, france),
  ];
}

function chosenOperators(audience: Audience, france: France): Recipient[] {
  const { operators = [] } = audience;
  if (operators === 'all') return [...france.operators];
  const chosen = france.operators.filter((one) => operators.includes(one.code));
  if (chosen.length !== operators.length) throw new Error(`unknown operator among ${operators.join(', ')}`);
  return chosen;
}
