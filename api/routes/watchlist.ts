import { Type } from 'typebox';
import { dateText } from '#api/schemas/dates.ts';
import { dateTime, uuid } from '#api/schemas/fields.ts';
import { queryId, queryNumber } from '#api/schemas/parameters.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Request, Route } from '#api/server/types.ts';
import type { Watched, WatchPage } from '#engine/client/watchlist.ts';
import { toUuid } from '#engine/domain/ids.ts';

const MAX_LIMIT = 1_000;
const USUAL_LIMIT = 100;
const HOUR_MS = 3_600_000;

/** Ids and times only: what they are about, the folder and the case say to whoever has a right on them. */
const UnfinishedFolder = Type.Object(
  { folderId: uuid(), createDateTime: dateTime() },
  { title: 'UnfinishedFolder', description: 'Télédossier dont le dépôt n’est pas terminé' },
);
const UnfetchableCase = Type.Object(
  { caseId: uuid(), transmissionDateTime: dateTime() },
  { title: 'UnfetchableCase', description: 'Case transmis, non clos, dont un fichier ne peut être téléchargé' },
);
const PageQuery = Type.Object({
  hours: Type.Optional(Type.Integer({ minimum: 0, description: 'âge minimal ; à défaut HUB_UNFINISHED_HOURS' })),
  after: Type.Optional(uuid()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: USUAL_LIMIT })),
});

function pageOf(request: Request, now: number, usualHours: number): WatchPage {
  const hours = queryNumber(request, 'hours', { fallback: usualHours, minimum: 0, integer: true });
  const limit = queryNumber(request, 'limit', { fallback: USUAL_LIMIT, minimum: 1, integer: true });
  const after = queryId(request, 'after');
  return {
    before: now - hours * HOUR_MS,
    limit: Math.min(limit, MAX_LIMIT),
    ...(after !== undefined && { after }),
  };
}

const folderAnswer = ({ id, at }: Watched) => ({ folderId: toUuid(id), createDateTime: dateText(at) });
const caseAnswer = ({ id, at }: Watched) => ({ caseId: toUuid(id), transmissionDateTime: dateText(at) });

/** What the platform's supervision must see (contract §§15.16, 16.9). */
export const routes = ({ hub, config }: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: '/admin/v1/folders/unfinished',
    scopes: ['ADMIN'],
    summary: 'Liste les télédossiers restés HUBEE_RECEIVED, les plus anciens d’abord dans chaque partition',
    schemas: { query: PageQuery, answers: { 200: Type.Array(UnfinishedFolder) } },
    handler: async (request) => {
      const page = pageOf(request, hub.now(), config.unfinishedHours);
      return { status: 200, json: (await hub.watchlist.unfinished(page)).map(folderAnswer) };
    },
  },
  {
    method: 'GET',
    path: '/admin/v1/cases/unfetchable',
    scopes: ['ADMIN'],
    summary: 'Liste les cases transmis dont un fichier a été refusé : leur destinataire ne peut le télécharger',
    schemas: { query: PageQuery, answers: { 200: Type.Array(UnfetchableCase) } },
    handler: async (request) => {
      const page = pageOf(request, hub.now(), 0);
      return { status: 200, json: (await hub.watchlist.unfetchable(page)).map(caseAnswer) };
    },
  },
];
