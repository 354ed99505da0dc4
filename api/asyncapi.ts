import type { TSchema } from 'typebox';
import { Components } from '#api/openapi.ts';
import { CLOSE } from '#api/push/codes.ts';
import { PUSH_PATH } from '#api/push/push.ts';
import { FROM_CLIENT, FROM_HUB } from '#api/schemas/push.ts';
import type { Route } from '#api/server/types.ts';
import type { Config } from '#engine/config.ts';
import { VERSION } from '#engine/version.ts';

/**
 * `/asyncapi.json`, AsyncAPI 3.0: the WebSocket, written from the schemas that frames are checked against and the table
 * connections are closed by, so that it cannot say anything else.
 */

type Json = Record<string, unknown>;
type Frames = Readonly<Record<string, TSchema & { title?: string; description?: string }>>;

const NEXT = {
  reconnect: 'se reconnecter, en espaçant les essais',
  'new token': 'demander un jeton, puis se reconnecter',
  stop: 'ne pas recommencer sans changer la demande',
} as const;

const DESCRIPTION = [
  'Le fil de l’organisation, poussé : les mêmes événements, positions et curseurs que GET /relais/v1/feed.',
  'Livraison au moins une fois ; l’ordre est gardé pour chaque dossier, aussi entre les connexions d’un même consommateur, qui se partagent le travail.',
  'Un événement non acquitté à la fermeture est redonné. Compression par message (RFC 7692) et signes de vie (ping) du protocole WebSocket.',
].join(' ');

const ref = (path: string): Json => ({ $ref: `#/${path}` });

function messages(frames: Frames, components: Components): Json {
  return Object.fromEntries(
    Object.entries(frames).map(([name, schema]) => [
      name,
      { name, title: schema.title, summary: schema.description, payload: components.refer(schema) },
    ]),
  );
}

const operation = (action: 'send' | 'receive', frames: Frames, summary: string): Json => ({
  action,
  summary,
  channel: ref('channels/push'),
  messages: Object.keys(frames).map((name) => ref(`channels/push/messages/${name}`)),
});

const serverOf = ({ publicUrl, tls, host, port }: Pick<Config, 'publicUrl' | 'tls' | 'host' | 'port'>): Json => {
  const url = new URL(publicUrl || `${tls ? 'https' : 'http'}://${host}:${port}`);
  return {
    host: url.host,
    protocol: url.protocol === 'https:' ? 'wss' : 'ws',
    security: [ref('components/securitySchemes/client')],
  };
};

/** The document of the hub's WebSocket. */
export function describePush(config: Pick<Config, 'publicUrl' | 'tls' | 'host' | 'port'>): Json {
  const components = new Components();
  const all = { ...messages(FROM_CLIENT, components), ...messages(FROM_HUB, components) };
  return {
    asyncapi: '3.0.0',
    info: { title: 'Relais : le fil par WebSocket', version: VERSION, description: DESCRIPTION },
    defaultContentType: 'application/json',
    servers: { hub: serverOf(config) },
    channels: {
      push: {
        address: PUSH_PATH,
        title: 'Fil poussé',
        description:
          'Trames de texte : un objet JSON chacune, dont `type` dit la forme. La première du client est `open`.',
        messages: Object.fromEntries(Object.keys(all).map((name) => [name, ref(`components/messages/${name}`)])),
        bindings: {
          ws: {
            method: 'GET',
            headers: {
              type: 'object',
              properties: {
                Authorization: { type: 'string', description: 'Bearer et le jeton, s’il n’est pas dans `open`' },
              },
            },
            bindingVersion: '0.1.0',
          },
        },
        'x-close-codes': Object.values(CLOSE).map(({ code, reason, next }) => ({ code, reason, next: NEXT[next] })),
      },
    },
    operations: {
      fromClient: operation('receive', FROM_CLIENT, 'Ce que le client envoie'),
      fromHub: operation('send', FROM_HUB, 'Ce que le service envoie'),
    },
    components: {
      messages: all,
      schemas: components.schemas,
      securitySchemes: {
        client: {
          type: 'oauth2',
          description: 'Jeton d’un client OSL ou SI (client credentials)',
          flows: {
            clientCredentials: {
              tokenUrl: '/oauth2/token',
              availableScopes: { OSL: 'émetteur', SI: 'destinataire' },
            },
          },
        },
      },
    },
  };
}

/** Made when first asked for. */
export function asyncapiRoute(config: Config): Route {
  let text: string | undefined;
  return {
    method: 'GET',
    path: '/asyncapi.json',
    scopes: 'public',
    summary: 'Le WebSocket du fil, au format AsyncAPI 3',
    handler: () => {
      text ??= JSON.stringify(describePush(config));
      return { status: 200, text };
    },
  };
}
