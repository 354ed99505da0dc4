import { Type } from 'typebox';
import { textOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { dateText } from '#api/schemas/dates.ts';
import { consumerName } from '#api/schemas/feed.ts';
import { dateTime, dateTimeOrNull } from '#api/schemas/fields.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { webhookConsumer } from '#engine/domain/records/webhook.ts';

/** Longest key of an organisation: type, SIRET, branch. */
const KEY_LENGTH = 80;
const oldest = (description: string) => ({ ...dateTimeOrNull(), description });
const unread = (description: string) => Type.Integer({ minimum: 0, description });

const Presence = Type.Object(
  {
    organization: Type.String({ description: 'clé de l’organisation' }),
    live: Type.Integer({ minimum: 0, description: 'consommateurs connectés par WebSocket, ou webhooks qui répondent' }),
    unread: unread('entrées conservées qu’aucun consommateur n’a acquittées'),
    oldestUnread: oldest('date de la plus ancienne d’entre elles'),
    consumers: Type.Array(
      Type.Object({
        consumer: consumerName,
        live: Type.Boolean({ description: 'connecté par WebSocket, ou webhook qui répond' }),
        acknowledged: Type.Integer({ minimum: 0 }),
        acknowledgedAt: { ...dateTime(), description: 'quand il a acquitté en dernier, par quelque canal que ce soit' },
        unread: unread('entrées conservées au-delà de son curseur, toutes démarches'),
        oldestUnread: oldest('date de la plus ancienne d’entre elles'),
      }),
    ),
  },
  { title: 'Presence', description: 'Qui lit le fil d’une organisation, et où il en est' },
);

const dateOf = (ms: number | undefined): string | null => (ms === undefined ? null : dateText(ms));

/** Whose feed is asked about: an administrator names it, anybody else sees its own. */
function orgOf({ hub }: ApiDeps, request: Request): OrgKey {
  if (request.caller.scope !== 'ADMIN') return request.caller.org;
  const org = textOf(request, 'organization', KEY_LENGTH);
  if (org === undefined) throw new Problem('form-invalid', 'Paramètre organization : SI-<SIRET>-<code> est attendu.');
  if (hub.referential.organization(org) === undefined)
    throw new Problem('not-found', 'Aucune organisation de cette clé.');
  return org;
}

/** Names of readers that are webhooks, and answer. */
async function calledOf(
  webhooks: Hub['webhooks'],
  org: OrgKey,
  readers: readonly { name: string }[],
): Promise<Set<string>> {
  if (!readers.some(({ name }) => name.startsWith(webhookConsumer('' as Id)))) return new Set();
  const own = await webhooks.of(partitionOf(org), org);
  return new Set(own.filter(({ paused, failing }) => !paused && !failing).map(({ id }) => webhookConsumer(id)));
}

async function show(deps: ApiDeps, request: Request): Promise<Reply> {
  const organization = orgOf(deps, request);
  const { feeds, holders, webhooks } = deps.hub;
  const [{ unread: most, since, readers }, alive] = await Promise.all([feeds.presence(organization), holders.live()]);
  const called = await calledOf(webhooks, organization, readers);
  const consumers = readers.map(({ name, cursor, ...reader }) => ({
    consumer: name,
    live: called.has(name) || (cursor.holder !== undefined && alive.has(cursor.holder)),
    acknowledged: cursor.acknowledged,
    acknowledgedAt: dateText(cursor.at),
    unread: reader.unread,
    oldestUnread: dateOf(reader.since),
  }));
  const live = consumers.filter((consumer) => consumer.live).length;
  return { status: 200, json: { organization, live, unread: most, oldestUnread: dateOf(since), consumers } };
}

export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: '/relais/v1/feed/presence',
    scopes: ['OSL', 'SI', 'ADMIN', 'PARTNER'],
    summary: 'Dit qui lit le fil d’une organisation, et ce qui reste à lire',
    schemas: {
      query: Type.Object({
        organization: Type.Optional(Type.String({ description: 'clé de l’organisation, pour un administrateur' })),
      }),
      answers: { 200: Presence, ...problems(404) },
    },
    handler: (request) => show(deps, request),
  },
];
