import { eventAnswer } from '#api/answers/event.ts';
import { mailOf, processOf, purgeSettings } from '#api/answers/settings.ts';
import { seeCase, seeEvent } from '#api/answers/sight.ts';
import { Event, EventPatch, NewEvent } from '#api/schemas/event.ts';
import { Fault } from '#api/schemas/fault.ts';
import { pathId } from '#api/schemas/parameters.ts';
import { compile, validate } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { HttpError } from '#api/server/errors.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { isKind, KIND } from '#engine/domain/ids.ts';
import { PARTITIONS } from '#engine/domain/placement.ts';
import { askCase, homeOfCase, processFor } from './command.ts';
import { post } from './newevent.ts';
import { withPartner } from './partner.ts';

compile(NewEvent);
compile(EventPatch);

async function read({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { caller } = request;
  const [, event] = await seeEvent(hub, caller, pathId(request, 'caseId'), pathId(request, 'eventId'));
  return { status: 200, json: eventAnswer(event, caller) };
}

async function patch({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { caller } = request;
  const id = pathId(request, 'caseId');
  const event = pathId(request, 'eventId');
  const { status } = validate(EventPatch, await request.json(), request);
  homeOfCase(id);
  if (status !== 'SENT' && status !== 'RECEIVED') {
    await seeEvent(hub, caller, id, event);
    throw new HttpError(400, `status of an event cannot be set to ${JSON.stringify(status)}`);
  }
  const process = await processFor(hub, caller, id);
  // only what a sender sends may be told by e-mail (contract §10)
  const tells = status === 'SENT' && caller.scope !== 'SI';
  const mail = tells ? mailOf(hub.referential, process, (await seeCase(hub, caller, id)).recipient) : null;
  const purge = purgeSettings(processOf(hub.referential, process));
  await askCase(hub, request, id, { kind: 'case.event.patch', case: id, event, caller, status, mail, purge });
  return { status: 204 };
}

async function remove({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { caller } = request;
  const id = pathId(request, 'caseId');
  const event = pathId(request, 'eventId');
  homeOfCase(id);
  if (!isKind(event, KIND.event, PARTITIONS)) {
    await seeCase(hub, caller, id);
    throw new DomainError('eventUnknownForDelete');
  }
  await askCase(hub, request, id, { kind: 'case.event.delete', case: id, event, caller });
  return { status: 204 };
}

const ALL = ['OSL', 'SI', 'ADMIN', 'PARTNER', 'AGENT'] as const;
const EVENTS = '/teledossiers/v1/cases/{caseId}/events';

export const routes = (deps: ApiDeps): Route[] =>
  withPartner([
    {
      method: 'POST',
      path: EVENTS,
      scopes: ALL,
      body: 'json',
      headers: ['if-match'],
      summary: 'Ajoute un événement à un case',
      schemas: { body: NewEvent, answers: { 201: Event, 404: Fault } },
      handler: (request) => post(deps, request),
    },
    {
      method: 'GET',
      path: `${EVENTS}/{eventId}`,
      scopes: ALL,
      reads: 'event',
      summary: 'Lit un événement',
      schemas: { answers: { 200: Event, 404: Fault } },
      handler: (request) => read(deps, request),
    },
    {
      method: 'PATCH',
      path: `${EVENTS}/{eventId}`,
      scopes: ALL,
      body: 'json',
      override: true,
      summary: 'Envoie (SENT, par l’auteur) ou accuse réception (RECEIVED, par l’autre partie)',
      schemas: { body: EventPatch, answers: { 204: null, 404: Fault } },
      handler: (request) => patch(deps, request),
    },
    {
      method: 'DELETE',
      path: `${EVENTS}/{eventId}`,
      scopes: ALL,
      summary: 'Supprime un dépôt de pièces non envoyé',
      schemas: { answers: { 204: null, 404: Fault } },
      handler: (request) => remove(deps, request),
    },
  ]);
