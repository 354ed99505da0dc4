import { type Static, Type } from 'typebox';
import { toUuid } from '#engine/domain/ids.ts';
import { orgOf } from '#engine/domain/organization.ts';
import { type ClientState, RIGHTS, type Scope } from '#engine/domain/records/client.ts';
import { dateOrNull, dateText } from './dates.ts';
import { dateTime, dateTimeOrNull, listOrNull, oneOf, optional, orNull, text, uuid, uuidOrNull } from './fields.ts';
import { Identity } from './identity.ts';

/** What credentials may be for; AGENT is of tokens only. */
export const SCOPES = ['OSL', 'SI', 'ADMIN', 'DATAPASS', 'PARTNER', 'PORTAL'] as const satisfies Scope[];
type ClientScope = (typeof SCOPES)[number];

/** Longest time two secrets of a client may both be valid, s: a month. */
const MAX_OVERLAP_S = 30 * 24 * 3600;

/** A day: long enough for software that is changed by hand. */
export const OVERLAP_S = 24 * 3600;

/** Démarches one partner's credentials may be for: the country has some thirty. */
const MAX_PROCESSES = 100;

/** `subscriptionId` for scope SI, none for PORTAL, `organization` for the others: contract §1. `processCodes`, `rights`: PARTNER. */
export const NewClient = Type.Object(
  {
    scope: oneOf(SCOPES),
    organization: optional(Identity),
    subscriptionId: optional(uuid()),
    processCodes: optional(
      Type.Array(text(30), { minItems: 1, maxItems: MAX_PROCESSES, description: 'PARTNER : ses démarches' }),
    ),
    rights: optional(
      Type.Array(oneOf(RIGHTS), {
        minItems: 1,
        maxItems: RIGHTS.length,
        default: [...RIGHTS],
        description: 'PARTNER : read pour lire, write pour déposer, répondre et changer un statut',
      }),
    ),
  },
  { title: 'NewClient', description: 'Identifiants à créer pour le logiciel d’un partenaire' },
);
export type NewClient = Static<typeof NewClient>;

export const Rotation = Type.Object(
  {
    overlapSeconds: optional(
      Type.Integer({
        minimum: 0,
        maximum: MAX_OVERLAP_S,
        default: OVERLAP_S,
        description: 'validité de l’ancien secret',
      }),
    ),
  },
  { title: 'Rotation', description: 'Changement de secret' },
);

const shown = {
  clientId: text(100),
  scope: oneOf(SCOPES),
  organization: orNull<Identity>(Identity),
  subscriptionId: uuidOrNull(),
  processCodes: listOrNull(text(30)),
  rights: listOrNull(oneOf(RIGHTS)),
  createDateTime: dateTime(),
  rotateDateTime: dateTimeOrNull(),
  previousSecretValidUntil: dateTimeOrNull(),
  revokeDateTime: dateTimeOrNull(),
};

/** Without its secret, which the hub does not have. */
export const Client = Type.Object(shown, { title: 'Client', description: 'Identifiants d’un logiciel, sans secret' });
export type Client = Static<typeof Client>;

export const ClientWithSecret = Type.Object(
  { ...shown, clientSecret: text(100) },
  { title: 'ClientWithSecret', description: 'Identifiants d’un logiciel ; le secret n’est montré que cette fois' },
);
export type ClientWithSecret = Static<typeof ClientWithSecret>;

export function clientAnswer(state: ClientState): Client {
  return {
    clientId: state.clientId,
    scope: state.scope as ClientScope,
    organization: state.organization === '' ? null : orgOf(state.organization),
    subscriptionId: state.subscription === null ? null : toUuid(state.subscription),
    processCodes: state.partner && [...state.partner.processes],
    rights: state.partner && [...state.partner.rights],
    createDateTime: dateText(state.created),
    rotateDateTime: dateOrNull(state.rotated),
    previousSecretValidUntil: dateOrNull(state.previousUntil),
    revokeDateTime: dateOrNull(state.revoked),
  };
}

export const secretAnswer = (state: ClientState, clientSecret: string): ClientWithSecret => {
  const { clientId, ...rest } = clientAnswer(state);
  return { clientId, clientSecret, ...rest };
};
