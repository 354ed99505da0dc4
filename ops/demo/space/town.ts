/** The town that is nobody's: who tries the portal may spoil whatever is in it. */
import type { DemoAgent } from '../agents.ts';
import { headOffice } from '../france/luhn.ts';
import type { Recipient } from '../france/recipients.ts';
import { fictitiousSiren } from '../france/senders.ts';

const code = '00001';

/** No simulated software and no traffic knows it. */
export const spaceTown: Recipient = {
  kind: 'commune',
  code,
  name: 'Mairie – Valbourg-l’Exemple',
  identity: { type: 'SI', companyRegister: headOffice(fictitiousSiren(8001)), branchCode: code },
  population: 0,
  postalCode: '00000',
  territory: 'Pays imaginaire',
  email: 'mairie@valbourg-demo.test',
};

/** Its démarches. */
export const spaceCodes = ['EtatCivil', 'depotDossierPACS', 'recensementCitoyen', 'CERTDC', 'OTV'];

const account = (id: string, givenName: string, familyName: string, about: string) => ({
  id,
  email: `${id}@valbourg-demo.test`,
  givenName,
  familyName,
  siret: spaceTown.identity.companyRegister,
  isEmailVerified: true,
  hasSecondFactor: true,
  about,
});

/** Those who work there. */
export const spaceAgents: DemoAgent[] = [
  {
    account: account('camille', 'Camille', 'Valbourg-Essai', 'Espace de démonstration : agente de Valbourg.'),
    quality: 'agente d’état civil',
    service: 'accueil',
    places: [{ recipient: spaceTown, role: 'agent', processCodes: null }],
  },
  {
    account: account(
      'dominique',
      'Dominique',
      'Valbourg-Essai',
      'Espace de démonstration : administratrice de Valbourg, avec un second facteur.',
    ),
    quality: 'directrice générale des services',
    service: 'direction générale',
    places: [{ recipient: spaceTown, role: 'administrator', processCodes: null }],
  },
];
