import { type Static, Type } from 'typebox';
import { bodyOf, idOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { dateText } from '#api/schemas/dates.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { Answer } from '#engine/domain/decision.ts';
import { type Id, KIND, newId, toUuid } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { OfficeState, Template } from '#engine/domain/records/office.ts';
import { agentOf } from './account.ts';
import { NewTemplate, OwnTemplate } from './office-schema.ts';

const answerOf = ({ id, kind, name, process, text, updated }: Template): Static<typeof OwnTemplate> => ({
  ...{ id: toUuid(id), kind, name, processCode: process, text, updated: dateText(updated) },
});

function list({ hub }: ApiDeps, { caller }: Request): Reply {
  const templates = hub.referential.office(caller.org)?.templates ?? [];
  return { status: 200, json: templates.map(answerOf) };
}

/** Agents use them, administrators write them. @throws Problem */
function managed(request: Request): OrgKey {
  if (agentOf(request).membership?.role !== 'administrator') {
    throw new Problem('forbidden', 'Réservé aux administrateurs de l’organisation.');
  }
  return request.caller.org;
}

/** @throws Problem, HttpError */
function settled(answer: Answer): OfficeState {
  if (answer.status === 409) throw new Problem('limit-reached');
  if (answer.status === 400) throw new Problem('form-invalid', 'Démarche inconnue.');
  if (answer.status > 400) throw refused(answer);
  return answer.body as OfficeState;
}

async function put({ hub }: ApiDeps, request: Request, known: Id | undefined): Promise<Reply> {
  const org = managed(request);
  const { kind, name, text, processCode = null } = await bodyOf(NewTemplate, request);
  const id = known ?? newId(KIND.other, REFERENTIAL, hub.now());
  const template = { id, kind, name: name.trim(), process: processCode, text };
  const isNew = known === undefined;
  const office = settled(await hub.ask(REFERENTIAL, { kind: 'office.template.put', org, template, isNew }));
  const made = office.templates.find((one) => one.id === id) as Template;
  return { status: isNew ? 201 : 200, json: answerOf(made) };
}

async function remove({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const org = managed(request);
  const template = idOf(request, 'templateId');
  settled(await hub.ask(REFERENTIAL, { kind: 'office.template.remove', org, template }));
  return { status: 204 };
}

const PATH = '/relais/v1/templates';
const ONE = `${PATH}/{templateId}`;
const SCOPES = ['AGENT'] as const;

/** Texts the agents of an organisation begin with. */
export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: PATH,
    together: true,
    scopes: SCOPES,
    summary: 'Liste les modèles de textes de son organisation',
    schemas: { answers: { 200: Type.Array(OwnTemplate) } },
    handler: async (request) => list(deps, request),
  },
  {
    method: 'POST',
    path: PATH,
    scopes: SCOPES,
    body: 'json',
    summary: 'Ajoute un modèle de texte',
    schemas: { body: NewTemplate, answers: { 201: OwnTemplate, ...problems(409) } },
    handler: (request) => put(deps, request, undefined),
  },
  {
    method: 'PUT',
    path: ONE,
    scopes: SCOPES,
    body: 'json',
    summary: 'Remplace un modèle de texte',
    schemas: { body: NewTemplate, answers: { 200: OwnTemplate, ...problems(404) } },
    handler: (request) => put(deps, request, idOf(request, 'templateId')),
  },
  {
    method: 'DELETE',
    path: ONE,
    scopes: SCOPES,
    summary: 'Supprime un modèle de texte',
    schemas: { answers: { 204: null, ...problems(404) } },
    handler: (request) => remove(deps, request),
  },
];
