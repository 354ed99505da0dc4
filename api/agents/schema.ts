import { type Static, Type } from 'typebox';
import {
  dateTime,
  listOrNull,
  matching,
  oneOf,
  oneOfOrNull,
  optional,
  orNull,
  text,
  textOrNull,
  uuid,
} from '#api/schemas/fields.ts';
import { Identity } from '#api/schemas/identity.ts';
import { compile } from '#api/schemas/validate.ts';
import { AGENT_ROLES, NOTICE_FREQUENCIES } from '#engine/domain/records/agent.ts';
import { OwnAbsence } from './absence-schema.ts';

/** Longest text of a provider, characters: some claims and a signature fit many times. */
const SIGNED_LENGTH = 16_384;
/** Longest first name, last name, quality or service, characters: four of them, with commas, are an author (255). */
const NAME_LENGTH = 100;
/** As much as PARTNER credentials may name. */
const MAX_PROCESSES = 100;

const signed = () => Type.String({ minLength: 1, maxLength: SIGNED_LENGTH });
const secret = () => Type.String({ minLength: 1, maxLength: 100, description: 'secret de la session' });

/** A name an author is written with: one line. */
const nameOrNull = () =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: NAME_LENGTH, pattern: '^[^\\p{Cc}]*$' });
const processCodes = () =>
  Type.Unsafe<string[] | null>({
    type: ['array', 'null'],
    items: text(30),
    maxItems: MAX_PROCESSES,
    description: 'null : toutes les démarches de l’organisation',
  });

export const NewSession = Type.Object(
  {
    idToken: Type.String({ ...signed(), description: 'id_token, tel que le fournisseur d’identité l’a signé' }),
    userinfo: Type.String({ ...signed(), description: 'userinfo, en JWT signé par lui (application/jwt)' }),
  },
  { title: 'NewSession', description: 'Connexion d’un agent' },
);

const agent = {
  id: uuid(),
  email: text(320),
  givenName: textOrNull(NAME_LENGTH),
  familyName: textOrNull(NAME_LENGTH),
  quality: textOrNull(NAME_LENGTH),
  service: textOrNull(NAME_LENGTH),
};

export const Agent = Type.Object(
  {
    ...agent,
    author: Type.String({ maxLength: 255, description: 'ce qu’un événement portera comme auteur' }),
    national: Type.Boolean(),
  },
  { title: 'Agent', description: 'Agent connecté' },
);

export const AgentOrganization = Type.Object(
  {
    type: text(20),
    companyRegister: text(14),
    branchCode: text(10),
    name: text(255),
    postalCode: text(100),
    email: textOrNull(320),
    phoneNumber: textOrNull(20),
    role: oneOf(AGENT_ROLES),
    processCodes: listOrNull(text(30)),
    passkeys: Type.Boolean({ description: 'ses agents peuvent se connecter par clé d’accès' }),
  },
  { title: 'AgentOrganization', description: 'Organisation d’un agent, son rôle et ses démarches (null : toutes)' },
);

const lasting = {
  organizations: Type.Array(AgentOrganization),
  idleSeconds: Type.Integer({ description: 'la session se termine après ce temps sans jeton demandé' }),
  endsAt: Type.String({ ...dateTime(), description: 'la session se termine alors, quoi qu’il se passe' }),
};

export const Session = Type.Object(
  { session: text(100), agent: Agent, ...lasting },
  { title: 'Session', description: 'Session ouverte ; son secret n’est montré que cette fois' },
);

export const SessionTokenRequest = Type.Object(
  {
    session: secret(),
    organization: optional(orNull<Identity>(Identity)),
    gesture: optional(
      Type.Boolean({ default: true, description: 'false : une page qui regarde seule, sans prolonger la session' }),
    ),
  },
  {
    title: 'SessionTokenRequest',
    description: 'Session, et organisation pour laquelle agir ; sans elle, lire seulement',
  },
);

const acting = {
  agent: Agent,
  organization: orNull<Identity>(Identity),
  role: oneOfOrNull(AGENT_ROLES),
  processCodes: listOrNull(text(30)),
};

export const SessionToken = Type.Object(
  { token: text(2048), expiresIn: Type.Integer({ description: 'secondes' }), ...acting, ...lasting },
  { title: 'SessionToken', description: 'Jeton d’un agent pour une organisation' },
);

export const SessionEnd = Type.Object(
  { session: secret(), everywhere: optional(Type.Boolean({ description: 'toutes les sessions de l’agent' })) },
  { title: 'SessionEnd', description: 'Session à terminer' },
);

export const Account = Type.Object(
  { ...acting, organizations: lasting.organizations },
  { title: 'AgentAccount', description: 'Qui est l’agent, ses organisations et ses droits' },
);

export const AccountChange = Type.Object(
  { quality: optional(nameOrNull()), service: optional(nameOrNull()) },
  { title: 'AgentAccountChange', description: 'Qualité et service que ses décisions portent' },
);

export const AgentNotices = Type.Object(
  {
    notices: Type.Array(Type.Object({ processCode: text(30), frequency: oneOf(NOTICE_FREQUENCIES) }), {
      maxItems: MAX_PROCESSES,
      description:
        'each : à l’arrivée des dossiers ; digest : le matin des jours ouvrés, s’il y a lieu ; absente : rien',
    }),
  },
  { title: 'AgentNotices', description: 'Par démarche, quand l’agent veut être prévenu par courriel' },
);

const organization = optional(Type.Object(Identity.properties, { description: 'ADMIN : l’organisation' }));

export const NewAgent = Type.Object(
  {
    email: Type.String({ format: 'email', maxLength: 320, pattern: '^[!-~]+$' }),
    role: oneOf(AGENT_ROLES),
    processCodes: optional(processCodes()),
    givenName: optional(nameOrNull()),
    familyName: optional(nameOrNull()),
    quality: optional(nameOrNull()),
    service: optional(nameOrNull()),
    organization,
  },
  { title: 'NewAgent', description: 'Agent à inviter' },
);

export const Reinvitation = Type.Object({ organization }, { title: 'Reinvitation' });

export const AgentChange = Type.Object(
  {
    role: optional(oneOf(AGENT_ROLES)),
    processCodes: optional(processCodes()),
    quality: optional(nameOrNull()),
    service: optional(nameOrNull()),
    suspended: optional(Type.Boolean({ description: 'ADMIN' })),
    national: optional(Type.Boolean({ description: 'ADMIN' })),
    organization,
  },
  { title: 'AgentChange', description: 'Ce qui change d’un agent' },
);

export const Colleague = Type.Object(
  {
    ...agent,
    role: oneOf(AGENT_ROLES),
    processCodes: listOrNull(text(30)),
    since: dateTime(),
    hasSignedIn: Type.Boolean(),
    passkeys: Type.Integer({ minimum: 0, description: 'nombre de ses clés d’accès' }),
    absence: { ...orNull<Static<typeof OwnAbsence>>(OwnAbsence), description: 'en cours ou à venir' },
    suspended: Type.Boolean(),
    national: Type.Boolean(),
  },
  { title: 'Colleague', description: 'Agent d’une organisation, et ses droits dans celle-ci' },
);

/** ADMIN only: whose agents. */
export const StaffQuery = Type.Object({
  type: optional(matching('^\\w{1,20}$', 20)),
  companyRegister: optional(matching('^[0-9]{14}$', 14)),
  branchCode: optional(matching('^[A-Za-z0-9-]{1,10}$', 10)),
});

for (const schema of [NewSession, SessionTokenRequest, SessionEnd, NewAgent]) compile(schema);
