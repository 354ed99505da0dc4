import { Type } from 'typebox';
import { cursorProblem } from '#api/feed/cursor.ts';
import { bodyOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import {
  attemptAnswer,
  NewWebhook,
  Webhook,
  WebhookAttempt,
  WebhookChange,
  WebhookWithSecret,
  webhookAnswer,
} from '#api/schemas/webhook.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { checkUrl } from '#api/webhooks/address.ts';
import { findOwn, isVisible, processesOf } from '#api/webhooks/own.ts';
import { prove } from '#api/webhooks/proof.ts';
import { KIND, newId } from '#engine/domain/ids.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { type WebhookState, webhookConsumer } from '#engine/domain/records/webhook.ts';
import { demand } from './demand.ts';

/** Secrets are shown in an answer: no cache may keep it. */
const NO_STORE = { 'Cache-Control': 'no-store' } as const;

/** @throws Problem: its form, it did not answer, this organisation's proofs are under way */
async function proved(
  deps: ApiDeps,
  request: Request,
  webhook: Pick<WebhookState, 'id' | 'url' | 'secrets'>,
): Promise<void> {
  const { outbound, secrets, proofs } = deps.webhooks;
  const checked = checkUrl(webhook.url, deps.config.webhookPrivate);
  if ('wrong' in checked) throw new Problem('form-invalid', `${checked.wrong}.`);
  const giveBack = proofs.tryTake('quick', request.caller.org);
  if (giveBack === undefined) throw new Problem('too-many-requests', 'Une épreuve d’adresse est déjà en cours.');
  try {
    const wrong = await prove(outbound, secrets, webhook, deps.hub.now());
    if (wrong !== undefined) throw new Problem('webhook-unproved', `${wrong}.`);
  } finally {
    giveBack();
  }
}

/** Somebody can be told when its calls are paused. @throws Problem */
function told({ hub }: ApiDeps, { caller }: Request, email: string | null | undefined): string | null {
  if (email || hub.referential.organization(caller.org)?.email) return email ?? null;
  const detail = 'attendu : l’organisation n’a pas d’adresse à laquelle dire que les appels sont suspendus';
  throw new Problem('form-invalid', undefined, { errors: [{ pointer: '/email', detail }] });
}

async function create(deps: ApiDeps, request: Request): Promise<Reply> {
  const { hub, webhooks } = deps;
  const { org } = request.caller;
  const { url, processCodes, email, after } = await bodyOf(NewWebhook, request);
  const processes = processesOf(request.caller, processCodes);
  const address = told(deps, request, email);
  const partition = partitionOf(org);
  const id = newId(KIND.other, partition, hub.now());
  const { secret, publicKey, sealed } = webhooks.secrets.make(id);
  await proved(deps, request, { id, url, secrets: [{ sealed, publicKey, until: null }] });
  const answer = await hub.ask(partition, {
    kind: 'webhook.create',
    id,
    org,
    url,
    processes,
    email: address,
    secret: { sealed, publicKey },
    after: after ?? null,
  });
  if (answer.status === 400) throw await cursorProblem(hub, org, after ?? 0);
  if (answer.status > 400) throw refused(answer);
  webhooks.dispatch.look();
  const made = await findOwn(deps, request.caller, id);
  return { status: 201, json: { ...webhookAnswer(made.webhook, made.cursor), secret, publicKey }, headers: NO_STORE };
}

async function list({ hub }: ApiDeps, { caller }: Request): Promise<Reply> {
  const [webhooks, cursors] = await Promise.all([
    hub.webhooks.of(partitionOf(caller.org), caller.org),
    hub.feeds.cursors(caller.org),
  ]);
  const own = webhooks.filter((webhook) => isVisible(webhook, caller));
  return { status: 200, json: own.map((webhook) => webhookAnswer(webhook, cursors[webhookConsumer(webhook.id)])) };
}

async function show(deps: ApiDeps, request: Request): Promise<Reply> {
  const { webhook, cursor } = await findOwn(deps, request.caller, request);
  return { status: 200, json: webhookAnswer(webhook, cursor) };
}

async function change(deps: ApiDeps, request: Request): Promise<Reply> {
  const { webhook } = await findOwn(deps, request.caller, request);
  const { url, processCodes, email } = await bodyOf(WebhookChange, request);
  if (url !== undefined && url !== webhook.url) await proved(deps, request, { ...webhook, url });
  await demand(deps.hub, partitionOf(webhook.org), {
    kind: 'webhook.change',
    id: webhook.id,
    ...(url !== undefined && { url }),
    ...(processCodes !== undefined && { processes: processesOf(request.caller, processCodes) }),
    ...(email !== undefined && { email: told(deps, request, email) }),
  });
  deps.webhooks.dispatch.look();
  return show(deps, request);
}

async function remove(deps: ApiDeps, request: Request): Promise<Reply> {
  const { webhook } = await findOwn(deps, request.caller, request);
  await demand(deps.hub, partitionOf(webhook.org), { kind: 'webhook.delete', id: webhook.id });
  deps.webhooks.dispatch.look();
  return { status: 204 };
}

async function attempts(deps: ApiDeps, request: Request): Promise<Reply> {
  const { webhook } = await findOwn(deps, request.caller, request);
  return { status: 200, json: webhook.log.toReversed().map(attemptAnswer) };
}

const SCOPES = ['OSL', 'SI', 'PARTNER'] as const;
export const PATH = '/relais/v1/webhooks';

export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'POST',
    path: PATH,
    scopes: SCOPES,
    body: 'json',
    summary: 'Inscrit une adresse à appeler pour chaque nouvelle du fil, après une épreuve',
    schemas: { body: NewWebhook, answers: { 201: WebhookWithSecret, ...problems(409, 410, 422, 429) } },
    handler: (request) => create(deps, request),
  },
  {
    method: 'GET',
    path: PATH,
    scopes: SCOPES,
    summary: 'Liste les webhooks et leur état',
    schemas: { answers: { 200: Type.Array(Webhook) } },
    handler: (request) => list(deps, request),
  },
  {
    method: 'GET',
    path: `${PATH}/{webhookId}`,
    scopes: SCOPES,
    summary: 'Montre un webhook et son état',
    schemas: { answers: { 200: Webhook, ...problems(404) } },
    handler: (request) => show(deps, request),
  },
  {
    method: 'PATCH',
    path: `${PATH}/{webhookId}`,
    scopes: SCOPES,
    body: 'json',
    summary: 'Change un webhook ; une nouvelle adresse passe l’épreuve',
    schemas: { body: WebhookChange, answers: { 200: Webhook, ...problems(404, 422, 429) } },
    handler: (request) => change(deps, request),
  },
  {
    method: 'DELETE',
    path: `${PATH}/{webhookId}`,
    scopes: SCOPES,
    summary: 'Supprime un webhook et sa position dans le fil',
    schemas: { answers: { 204: null, ...problems(404) } },
    handler: (request) => remove(deps, request),
  },
  {
    method: 'GET',
    path: `${PATH}/{webhookId}/attempts`,
    scopes: SCOPES,
    summary: 'Montre les derniers appels d’un webhook, le plus récent d’abord',
    schemas: { answers: { 200: Type.Array(WebhookAttempt), ...problems(404) } },
    handler: (request) => attempts(deps, request),
  },
];
