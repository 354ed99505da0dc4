/** What is deposited first, so that something waits for the people of the portal: for the town shown to the user above all. */
import type { Country } from './actors.ts';
import { agentTowns } from './agents.ts';
import { subscribersOf } from './france/subscriptions.ts';
import { shownTown } from './guide.ts';
import { townsOf } from './portal.ts';
import type { Drawn } from './traffic/flow.ts';

/** The very first go to the town shown to the user, for the démarche that is shown. */
const first = 5;
/** Then each town gets some of each of these. */
const rounds = 3;
const codes = [
  'CERTDC',
  'depotDossierPACS',
  'recensementCitoyen',
  'EtatCivil',
  'InscriptionListesElectorales',
  'JeChangeDeCoordonnees',
  'DeclarationOuvertureChantier',
];

/** Folders deposited for them. */
export const shownFolders = first + rounds * agentTowns * codes.length;

/** For whom the folder of that number is; undefined: for nobody in particular. */
export function shownDraw(country: Country): (number: number) => Drawn | undefined {
  const town = shownTown(country);
  const towns = townsOf(country.france.communes, country.modeOf);
  return (number) => {
    if (number < first) return town;
    if (number >= shownFolders) return undefined;
    const recipient = towns[number % towns.length];
    const code = codes[Math.floor((number - first) / towns.length) % codes.length];
    const demarche = country.demarches.find((one) => one.code === code);
    if (!demarche || !recipient || !subscribersOf(demarche, country.france).includes(recipient)) return undefined;
    return { demarche, recipients: [recipient] };
  };
}
