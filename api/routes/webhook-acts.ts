import { Type } from 'typebox';
import { cursorProblem } from '#api/feed/cursor.ts';
import { gone, keeping } from '#api/feed/position.ts';
import { PositionAhead, PositionGone } from '#api/feed/reader.ts';
import { bodyOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { dateText, readDate } from '#api/schemas/dates.ts';
import { DEFAULT_OVERLAP_H, Replay, Resumption, RotatedSecret, WebhookRotation } from '#api/schemas/webhook.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { findOwn } from '#api/webhooks/own.ts';
import { positionBefore } from '#api/webhooks/since.ts';
import type { Command } from '#engine/domain/commands.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { PATH } from './webhooks.ts';

const HOUR_MS = 3_600_000;
const NO_STORE = { 'Cache-Control': 'no-store' } as const;

/** @param after position the command names. Decides, and lets this process's couriers know at once; those of another one look from time to time. */
async function act(deps: ApiDeps, { caller: { org } }: Request, command: Command, after = 0): Promise<void> {
  const answer = await deps.hub.ask(partitionOf(org), command);
  if (answer.status === 400) throw await cursorProblem(deps.hub, org, after);
  if (answer.status === 404) throw new Problem('webhook-unknown');
  if (answer.status > 400) throw refused(answer);
  deps.webhooks.dispatch.look();
}

async function pause(deps: ApiDeps, request: Request): Promise<Reply> {
  const { webhook } = await findOwn(deps, request.caller, request);
  await act(deps, request, { kind: 'webhook.pause', id: webhook.id });
  return { status: 204 };
}

async function resume(deps: ApiDeps, request: Request): Promise<Reply> {
  const { webhook } = await findOwn(deps, request.caller, request);
  const { after } = await bodyOf(Resumption, request, {});
  await act(deps, request, { kind: 'webhook.resume', id: webhook.id, after: after ?? null }, after);
  return { status: 204 };
}

async function replay(deps: ApiDeps, request: Request): Promise<Reply> {
  const { webhook } = await findOwn(deps, request.caller, request);
  const { position, since } = await bodyOf(Replay, request);
  if ((position === undefined) === (since === undefined))
    throw new Problem('form-invalid', 'Donner soit position, soit since.');
  const { id, org } = webhook;
  if (position !== undefined) {
    const { kept, last } = await deps.hub.feeds.read(org, position - 1, 1);
    if (position > last) throw gone(new PositionAhead(last));
    if (position < kept) throw gone(new PositionGone(kept - 1));
    await act(deps, request, { kind: 'webhook.replay', id, position }, position);
    return { status: 202, json: { position } };
  }
  const after = await keeping(deps.counts.feed, () => positionBefore(deps.hub.feeds, org, readDate(since ?? '') ?? 0));
  await act(deps, request, { kind: 'webhook.rewind', id, after }, after);
  return { status: 202, json: { after } };
}

async function rotate(deps: ApiDeps, request: Request): Promise<Reply> {
  const { webhook } = await findOwn(deps, request.caller, request);
  const { overlapHours = DEFAULT_OVERLAP_H } = await bodyOf(WebhookRotation, request, {});
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
    schemas: { answers: { 204: null, ...problems(404) } },
    handler: (request) => pause(deps, request),
  },
  {
    method: 'POST',
    path: `${ONE}/resume`,
    scopes: SCOPES,
    body: 'json',
    summary: 'Reprend un webhook là où il s’est arrêté, ou après une position',
    schemas: { body: Resumption, answers: { 204: null, ...problems(404, 409, 410) } },
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
      answers: { 202: Type.Unsafe({ type: 'object' }), ...problems(404, 409, 410) },
    },
    handler: (request) => replay(deps, request),
  },
  {
    method: 'POST',
    path: `${ONE}/rotate`,
    scopes: SCOPES,
    body: 'json',
    summary: 'Change le secret d’un webhook ; l’ancien signe encore quelque temps',
    schemas: { body: WebhookRotation, answers: { 200: RotatedSecret, ...problems(404) } },
    handler: (request) => rotate(deps, request),
  },
];
