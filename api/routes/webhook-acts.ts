import { Type } from 'typebox';
import { keeping } from '#api/feed/position.ts';
import { dateText, readDate } from '#api/schemas/dates.ts';
import { Fault } from '#api/schemas/fault.ts';
import { validate } from '#api/schemas/validate.ts';
import { DEFAULT_OVERLAP_H, Replay, Resumption, RotatedSecret, WebhookRotation } from '#api/schemas/webhook.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { HttpError } from '#api/server/errors.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { findOwn } from '#api/webhooks/own.ts';
import { positionBefore } from '#api/webhooks/since.ts';
import type { Command } from '#engine/domain/commands.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { demand } from './demand.ts';
import { PATH } from './webhooks.ts';

const HOUR_MS = 3_600_000;
const NO_STORE = { 'Cache-Control': 'no-store' } as const;

/** Decides, and lets this process's couriers know at once; those of another one look from time to time. */
async function act(deps: ApiDeps, { caller }: Request, command: Command): Promise<void> {
  await demand(deps.hub, partitionOf(caller.org), command);
  deps.webhooks.dispatch.look();
}

async function pause(deps: ApiDeps, request: Request): Promise<Reply> {
  const { webhook } = await findOwn(deps, request.caller, request);
  await act(deps, request, { kind: 'webhook.pause', id: webhook.id });
  return { status: 204 };
}

async function resume(deps: ApiDeps, request: Request): Promise<Reply> {
  const { webhook } = await findOwn(deps, request.caller, request);
  const { after } = validate(Resumption, (await request.json()) ?? {}, request);
  await act(deps, request, { kind: 'webhook.resume', id: webhook.id, after: after ?? null });
  return { status: 204 };
}

async function replay(deps: ApiDeps, request: Request): Promise<Reply> {
  const { webhook } = await findOwn(deps, request.caller, request);
  const { position, since } = validate(Replay, await request.json(), request);
  if ((position === undefined) === (since === undefined)) throw new HttpError(400, 'Donnez soit position, soit since');
  const { id, org } = webhook;
  if (position !== undefined) {
    const { kept, last } = await deps.hub.feeds.read(org, position - 1, 1);
    if (position > last) throw new HttpError(400, `La position ${position} est au-delà de la fin du fil (${last})`);
    if (position < kept) throw new HttpError(410, `Cette position n’est plus conservée : la plus ancienne est ${kept}`);
    await act(deps, request, { kind: 'webhook.replay', id, position });
    return { status: 202, json: { position } };
  }
  const after = await keeping(deps.counts.feed, () => positionBefore(deps.hub.feeds, org, readDate(since ?? '') ?? 0));
  await act(deps, request, { kind: 'webhook.rewind', id, after });
  return { status: 202, json: { after } };
}

async function rotate(deps: ApiDeps, request: Request): Promise<Reply> {
  const { webhook } = await findOwn(deps, request.caller, request);
  const { overlapHours = DEFAULT_OVERLAP_H } = validate(WebhookRotation, (await request.json()) ?? {}, request);
  const { secret, publicKey, sealed } = deps.webhooks.secrets.make(webhook.id);
  const overlapMs = overlapHours * HOUR_MS;
  await act(deps, request, { kind: 'webhook.rotate', id: webhook.id, secret: { sealed, publicKey }, overlapMs });
  const previousValidUntil = dateText(deps.hub.now() + overlapMs);
  return { status: 200, json: { secret, publicKey, previousValidUntil }, headers: NO_STORE };
}

const SCOPES = ['OSL', 'SI', 'PARTNER'] as const;
const ONE = `${PATH}/{webhookId}`;

export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'POST',
    path: `${ONE}/pause`,
    scopes: SCOPES,
    summary: 'Suspend un webhook ; rien n’est perdu',
    schemas: { answers: { 204: null, 404: Fault } },
    handler: (request) => pause(deps, request),
  },
  {
    method: 'POST',
    path: `${ONE}/resume`,
    scopes: SCOPES,
    body: 'json',
    summary: 'Reprend un webhook là où il s’est arrêté, ou après une position',
    schemas: { body: Resumption, answers: { 204: null, 400: Fault, 404: Fault } },
    handler: (request) => resume(deps, request),
  },
  {
    method: 'POST',
    path: `${ONE}/replay`,
    scopes: SCOPES,
    body: 'json',
    summary: 'Renvoie une nouvelle, ou toutes celles depuis une date',
    schemas: {
      body: Replay,
      answers: { 202: Type.Unsafe({ type: 'object' }), 400: Fault, 404: Fault, 410: Fault },
    },
    handler: (request) => replay(deps, request),
  },
  {
    method: 'POST',
    path: `${ONE}/rotate`,
    scopes: SCOPES,
    body: 'json',
    summary: 'Change le secret d’un webhook ; l’ancien signe encore quelque temps',
    schemas: { body: WebhookRotation, answers: { 200: RotatedSecret, 404: Fault } },
    handler: (request) => rotate(deps, request),
  },
];
