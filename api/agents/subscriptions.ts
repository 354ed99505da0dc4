import { type Static, Type } from 'typebox';
import { bodyOf, idOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { dateOrNull, dateText, readDate } from '#api/schemas/dates.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { toUuid } from '#engine/domain/ids.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { SubscriptionState } from '#engine/domain/records/subscription.ts';
import { agentOf } from './account.ts';
import { notifyAgain } from './notify-again.ts';
import { OwnSubscription, SubscriptionChange } from './subscription-schema.ts';

function answerOf({ hub }: ApiDeps, state: SubscriptionState): Static<typeof OwnSubscription> {
  const { accessMode } = state;
  return {
    id: toUuid(state.id),
    processCode: state.processCode,
    processName: hub.referential.process(state.processCode)?.name ?? null,
    status: state.status,
    accessMode: accessMode === 'API' || accessMode === 'PORTAIL' ? accessMode : null,
    email: state.email,
    notificationFrequency: state.notificationFrequency,
    activateDateTime: dateOrNull(state.activateDateTime),
    endDateTime: dateOrNull(state.endDateTime),
    rejectionReason: state.rejectionReason,
    creationDateTime: dateText(state.creationDateTime),
  };
}

/** Those of the caller's organisation. */
function own({ hub }: ApiDeps, request: Request): SubscriptionState[] {
  const { org } = request.caller;
  return [...hub.referential.subscriptions()].filter(({ subscriber }) => orgKey(subscriber) === org);
}

function list(deps: ApiDeps, request: Request): Reply {
  return { status: 200, json: own(deps, request).map((state) => answerOf(deps, state)) };
}

async function change(deps: ApiDeps, request: Request): Promise<Reply> {
  const { hub } = deps;
  if (agentOf(request).membership?.role !== 'administrator') {
    throw new Problem('forbidden', 'Réservé aux administrateurs de l’organisation.');
  }
  const id = idOf(request, 'subscriptionId');
  const { activateDateTime, ...asked } = await bodyOf(SubscriptionChange, request);
  const before = own(deps, request).find((state) => state.id === id);
  if (before === undefined) throw new Problem('not-found');
  const { org } = request.caller;
  const answer = await hub.ask(REFERENTIAL, {
    kind: 'subscription.change',
    id,
    org,
    ...asked,
    ...(activateDateTime !== undefined && { activateDateTime: dayOf(activateDateTime) }),
  });
  if (answer.status === 400) {
    throw new Problem('conflict', 'Un abonnement refusé ne change plus ; un abonnement actif n’a pas de date à venir.');
  }
  if (answer.status > 400) throw refused(answer);
  // Asked again, it notifies again: a switch that was interrupted is finished by repeating it.
  if (asked.accessMode === 'API') await notifyAgain(hub, org, before.processCode);
  return { status: 200, json: answerOf(deps, answer.body as SubscriptionState) };
}

const dayOf = (given: string | null): number | null => (given === null ? null : (readDate(given) ?? null));

const PATH = '/relais/v1/subscriptions';

/** What an organisation subscribes to, for those who work there. */
export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: PATH,
    scopes: ['AGENT'],
    summary: 'Liste les abonnements de son organisation',
    schemas: { answers: { 200: Type.Array(OwnSubscription) } },
    handler: async (request) => list(deps, request),
  },
  {
    method: 'PATCH',
    path: `${PATH}/{subscriptionId}`,
    scopes: ['AGENT'],
    body: 'json',
    summary:
      'Active, suspend ou règle un abonnement ; passé en API, ses dossiers non terminés sont notifiés de nouveau',
    schemas: { body: SubscriptionChange, answers: { 200: OwnSubscription, ...problems(404, 409) } },
    handler: (request) => change(deps, request),
  },
];
