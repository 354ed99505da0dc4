/** The agents of the demo: a dozen invented people of several towns, with the roles and the troubles people have. */
import type { Client } from './client.ts';
import type { Recipient } from './france/recipients.ts';
import { placeName } from './payloads/person.ts';
import type { Account } from './provider/account.ts';

type Role = 'administrator' | 'delegate' | 'agent';

interface Place {
  recipient: Recipient;
  role: Role;
  /** null: all of the town's démarches */
  processCodes: string[] | null;
}

export interface DemoAgent {
  account: Account;
  /** what they sign with */
  quality: string | null;
  service: string | null;
  /** none: not invited */
  places: Place[];
  isSuspended?: true;
}

/** Towns the agents work for. */
export const agentTowns = 5;

/** @param towns communes without software of their own, the first one shown first */
export function demoAgents(towns: readonly Recipient[]): DemoAgent[] {
  const [first, second, ...villages] = towns.slice(0, agentTowns) as [Recipient, Recipient, ...Recipient[]];
  const everywhere = (role: Role, ...places: Recipient[]): Place[] =>
    places.map((recipient) => ({ recipient, role, processCodes: null }));
  const only = (recipient: Recipient, ...processCodes: string[]): Place[] => [
    { recipient, role: 'agent', processCodes },
  ];
  const [name, other] = [of(placeName(first)), of(placeName(second))];
  return [
    {
      account: person(
        'nadia',
        'Nadia',
        'Benali-Exemple',
        first,
        `Agente ${name}, toutes les démarches. À essayer d’abord.`,
      ),
      quality: 'officière d’état civil déléguée',
      service: 'service population',
      places: everywhere('agent', first),
    },
    {
      account: {
        ...person(
          'claire',
          'Claire',
          'Fontaine-Fictif',
          first,
          `Administratrice locale ${name} : un second facteur est demandé.`,
        ),
        email: first.email,
      },
      quality: null,
      service: null,
      // Nobody invites the first administrator: the address is the subscription's.
      places: [],
    },
    {
      account: person('jean', 'Jean-Pierre', 'Moreau-Essai', first, `Agent ${name}, état civil seulement.`),
      quality: 'agent d’état civil',
      service: 'état civil',
      places: only(first, 'EtatCivil'),
    },
    {
      account: person(
        'monique',
        'Monique',
        'Perrin-Démo',
        villages[0] ?? second,
        'Secrétaire de mairie de plusieurs communes.',
      ),
      quality: 'secrétaire de mairie',
      service: 'secrétariat',
      places: everywhere('agent', second, ...villages),
    },
    {
      account: person(
        'yannick',
        'Yannick',
        'Le Goff-Spécimen',
        second,
        `Agent ${other}, recensement et listes électorales.`,
      ),
      quality: 'chargé des élections',
      service: 'élections',
      places: only(second, 'recensementCitoyen', 'InscriptionListesElectorales'),
    },
    {
      account: person(
        'fatou',
        'Fatou',
        'N’Diaye-Exemple',
        first,
        `Agente ${name} dont la qualité n’est pas renseignée.`,
      ),
      quality: null,
      service: null,
      places: everywhere('agent', first),
    },
    {
      account: person(
        'yasmine',
        'Yasmine',
        'Martin-Essai',
        first,
        `Agente ${name}, nouvelle : sa qualité reste à renseigner.`,
      ),
      quality: null,
      service: null,
      places: everywhere('agent', first),
    },
    {
      account: person('hugo', 'Hugo', 'Garnier-Fictif', second, `Délégué technique ${other} : second facteur.`),
      quality: 'responsable informatique',
      service: 'systèmes d’information',
      places: everywhere('delegate', second),
    },
    {
      account: person('zoe', 'Zoé', 'Faure-Imaginaire', second, 'Agente de deux communes.'),
      quality: 'adjointe administrative',
      service: 'accueil',
      places: everywhere('agent', first, second),
    },
    {
      account: person('leo', 'Léo', 'Dubois-Essai', first, 'Agent suspendu : la connexion est refusée.'),
      quality: 'agent d’accueil',
      service: 'accueil',
      places: everywhere('agent', first),
      isSuspended: true,
    },
    {
      account: person(
        'ines',
        'Inès',
        'Lefèvre-Démo',
        first,
        'Personne que nul n’a invitée : la connexion est refusée.',
      ),
      quality: null,
      service: null,
      places: [],
    },
    {
      account: {
        ...person('remi', 'Rémi', 'Bernard-Spécimen', first, 'Adresse non vérifiée : la connexion est refusée.'),
        isEmailVerified: false,
      },
      quality: null,
      service: null,
      places: everywhere('agent', first),
    },
    {
      account: {
        ...person(
          'aicha',
          'Aïcha',
          'Nguyen-Exemple',
          second,
          `Administratrice ${other} sans second facteur : la connexion est refusée.`,
        ),
        hasSecondFactor: false,
      },
      quality: 'directrice générale des services',
      service: 'direction générale',
      places: everywhere('administrator', second),
    },
  ];
}

/** « de Nîmes », « d’Orgères ». */
const of = (name: string): string => (/^[aeiouyhàâéèêëîïôœù]/i.test(name) ? `d’${name}` : `de ${name}`);

function person(id: string, givenName: string, familyName: string, town: Recipient, about: string): Account {
  return {
    id,
    email: `${id}@agents-demo.test`,
    givenName,
    familyName,
    siret: town.identity.companyRegister,
    isEmailVerified: true,
    hasSecondFactor: true,
    about,
  };
}

/** Invites those who have a place. May be run again. */
export async function inviteAgents(admin: Client, agents: readonly DemoAgent[]): Promise<void> {
  for (const { account, quality, service, places, isSuspended } of agents) {
    for (const { recipient, role, processCodes } of places) {
      const organization = recipient.identity;
      const { email, givenName, familyName } = account;
      const body = { email, role, processCodes, givenName, familyName, quality, service, organization };
      const { id } = await admin.post<{ id: string }>('/relais/v1/agents', body).catch((error: unknown) => {
        if ((error as { status?: number }).status === 409) return { id: '' };
        throw error;
      });
      if (id && isSuspended) await admin.patch(`/relais/v1/agents/${id}`, { suspended: true, organization });
    }
  }
}
