import { Type } from 'typebox';
import { seeCase } from '#api/answers/sight.ts';
import { mustReceive } from '#api/desk/decisions.ts';
import { noticesOf } from '#api/index/notices.ts';
import { idOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { Notification } from '#api/schemas/notification.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { NotificationState } from '#engine/domain/records/notification.ts';
import { removeNotification, textsOf } from './notifications.ts';

async function found({ hub, lists }: ApiDeps, request: Request): Promise<NotificationState[]> {
  // A sender's own are for its software, by the contract's list.
  mustReceive(request);
  const id = idOf(request, 'caseId');
  const { recipient, process } = await seeCase(hub, request.caller, id);
  return noticesOf(hub, lists, { case: id, process, org: recipient });
}

async function list(deps: ApiDeps, request: Request): Promise<Reply> {
  const texts = await textsOf(deps.hub, await found(deps, request));
  return { status: 200, text: `[${texts.join(',')}]` };
}

/** Each by its own decision: what somebody else deletes meanwhile is deleted all the same. */
async function remove(deps: ApiDeps, request: Request): Promise<Reply> {
  for (const { id } of await found(deps, request)) {
    try {
      await removeNotification(deps.hub, request.caller, id);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'notificationUnknown') throw error;
    }
  }
  return { status: 204 };
}

const PATH = '/relais/v1/cases/{caseId}/notifications';
const SCOPES = ['SI', 'PARTNER', 'AGENT'] as const;

/** What is new in one case, without reading what is new in all. */
export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: PATH,
    together: true,
    scopes: SCOPES,
    summary: 'Liste les notifications d’un seul dossier reçu ; lire n’en consomme aucune',
    schemas: { answers: { 200: Type.Array(Notification), ...problems(404, 503) } },
    handler: (request) => list(deps, request),
  },
  {
    method: 'DELETE',
    path: PATH,
    scopes: SCOPES,
    summary: 'Supprime toutes les notifications d’un dossier reçu, et aucune autre',
    schemas: { answers: { 204: null, ...problems(404, 503) } },
    handler: (request) => remove(deps, request),
  },
];
