import { Type } from 'typebox';
import { dateTime, dateTimeOrNull, text, textOrNull } from '#api/schemas/fields.ts';
import { compile } from '#api/schemas/validate.ts';
import { AgentOrganization } from '../schema.ts';

/** An authenticator's answer with its keys, base64url: ten times what any of them says, characters. */
const SAID = 16_384;
const CREDENTIAL = 1400;
const NAME = 60;
const LINK = 100;
/** Longest text of an address (RFC 4291), characters. */
const ADDRESS = 45;

const base64 = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[A-Za-z0-9_-]+$' });
const name = () => Type.String({ minLength: 1, maxLength: NAME, pattern: '^[^\\p{Cc}]*$' });
const link = () => Type.String({ minLength: 1, maxLength: LINK, description: 'ce que le lien du courriel porte' });

const credential = {
  id: base64(CREDENTIAL),
  rawId: base64(CREDENTIAL),
  type: Type.Literal('public-key'),
  clientExtensionResults: Type.Optional(Type.Object({})),
  authenticatorAttachment: Type.Optional(textOrNull(20)),
};

const Made = Type.Object(
  {
    ...credential,
    response: Type.Object({
      clientDataJSON: base64(SAID),
      attestationObject: base64(SAID),
      transports: Type.Optional(Type.Array(text(20), { maxItems: 10 })),
    }),
  },
  {
    title: 'RegistrationResponse',
    description: 'RegistrationResponseJSON de WebAuthn, tel que le navigateur le donne',
  },
);

const Signed = Type.Object(
  {
    ...credential,
    response: Type.Object({
      clientDataJSON: base64(SAID),
      authenticatorData: base64(SAID),
      signature: base64(SAID),
      userHandle: Type.Optional(textOrNull(200)),
    }),
  },
  { title: 'AuthenticationResponse', description: 'AuthenticationResponseJSON de WebAuthn' },
);

export const Invitation = Type.Object({ invitation: link() }, { title: 'PasskeyInvitation' });

const options = () =>
  Type.Unsafe<object>({ type: 'object', description: 'options de WebAuthn, à donner telles quelles au navigateur' });

export const Invited = Type.Object(
  {
    email: text(320),
    givenName: textOrNull(100),
    familyName: textOrNull(100),
    organizations: Type.Array(AgentOrganization),
    until: dateTime(),
    options: options(),
  },
  { title: 'PasskeyInvited', description: 'Qui une invitation invite, et comment créer sa clé' },
);

export const Options = Type.Object({ options: options() }, { title: 'PasskeyOptions' });

export const NewPasskeySession = Type.Object(
  { invitation: link(), name: name(), response: Made },
  { title: 'NewPasskeySession', description: 'Clé créée d’après une invitation' },
);

export const PasskeySession = Type.Object(
  {
    response: Signed,
    address: Type.Optional(
      Type.String({ maxLength: ADDRESS, description: 'adresse réseau de la personne, telle que le portail la voit' }),
    ),
  },
  { title: 'PasskeySession', description: 'Connexion par clé d’accès' },
);

export const NewPasskey = Type.Object({ name: name(), response: Made }, { title: 'NewPasskey' });

export const PasskeyName = Type.Object({ name: name() }, { title: 'PasskeyName' });

export const OwnPasskey = Type.Object(
  {
    id: base64(CREDENTIAL),
    name: text(NAME),
    synced: Type.Boolean({ description: 'plusieurs appareils de son détenteur l’ont' }),
    created: dateTime(),
    used: dateTimeOrNull(),
    current: Type.Boolean({ description: 'celle de cette session' }),
  },
  { title: 'Passkey', description: 'Clé d’accès d’un agent' },
);

export const OwnPasskeys = Type.Object(
  { passkeys: Type.Array(OwnPasskey), mayAdd: Type.Boolean(), removable: Type.Boolean() },
  { title: 'Passkeys', description: 'Clés d’un agent ; `removable` : il a une autre façon de se connecter' },
);

for (const schema of [Invitation, NewPasskeySession, PasskeySession, NewPasskey, PasskeyName]) compile(schema);
