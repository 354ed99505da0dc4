import { Type } from 'typebox';
import { Fault } from '#api/schemas/fault.ts';
import { noMatch } from '#api/schemas/faults.ts';
import { optional, text } from '#api/schemas/fields.ts';
import { exactInteger } from '#api/schemas/int64.ts';
import { onlyQuery, pathId, queryText } from '#api/schemas/parameters.ts';
import {
  EMAIL,
  NewSubscription,
  Subscription,
  subscriptionAnswer,
  subscriptionAsked,
} from '#api/schemas/subscription.ts';
import { compile, validate } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { formError } from '#api/server/errors.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { Order } from '#engine/client/referential-view.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { KIND, newId, toUuid } from '#engine/domain/ids.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { SubscriptionState } from '#engine/domain/records/subscription.ts';
import { demand } from './demand.ts';
import { type Columns, contentRange, listReply, orderOf, querySiret, rowsOf } from './listing.ts';
import { withPartner } from './partner.ts';

compile(NewSubscription);

const actorEmail = ({ delegationActor }: SubscriptionState): string | null =>
  delegationActor !== null && 'email' in delegationActor ? delegationActor.email : null;

/** Columns of `orderBy` (contract §7). */
const COLUMNS: Columns<SubscriptionState> = {
  id: (subscription) => toUuid(subscription.id),
  datapass_id: (subscription) => Number(subscription.datapassId),
  si_type: (subscription) => subscription.subscriber.type,
  si_company_register: (subscription) => subscription.subscriber.companyRegister,
  si_branch_code: (subscription) => subscription.subscriber.branchCode,
  notification_frequency: (subscription) => subscription.notificationFrequency,
  access_mode: (subscription) => subscription.accessMode,
  delegation_actor: actorEmail,
  email: (subscription) => subscription.email,
  local_admin: (subscription) => subscription.localAdministrator.email,
  rejection_reason: (subscription) => subscription.rejectionReason,
  status: (subscription) => subscription.status,
  activate_date_time: (subscription) => subscription.activateDateTime,
  validate_date_time: (subscription) => subscription.validateDateTime,
  reject_date_time: (subscription) => subscription.rejectDateTime,
  end_date_time: (subscription) => subscription.endDateTime,
  update_date_time: (subscription) => subscription.updateDateTime,
  process_code: (subscription) => subscription.processCode,
};

/** Clients take the first of «already exists» (contract §16.3): `Refusé` ones come last. */
const LIVE_FIRST: Order<SubscriptionState> = {
  name: 'default',
  compare: (a, b) =>
    Number(a.status === 'Refusé') - Number(b.status === 'Refusé') || a.creationDateTime - b.creationDateTime,
};

const SubscriptionQuery = Type.Object({
  processCode: optional(Type.Array(text(30))),
  status: optional(text(20)),
  companyRegister: optional(text(14)),
  delegationActorEmail: optional(text(320)),
  orderBy: optional(text(40)),
  offSet: optional(Type.Integer({ minimum: 0, default: 0 })),
  maxResult: optional(Type.Integer({ minimum: 1, default: 25 })),
});
const PARAMETERS = Object.keys(SubscriptionQuery.properties);

const answerOf =
  ({ hub }: ApiDeps) =>
  (state: SubscriptionState): Subscription =>
    subscriptionAnswer(state, hub.referential.organization(orgKey(state.subscriber))?.name ?? null);

/** What is asked for, with a `datapassId` beyond what a double holds read again from the text. */
async function asked(request: Request): Promise<ReturnType<typeof subscriptionAsked>> {
  const body = validate(NewSubscription, await request.json(), request);
  const given = body.datapassId;
  const exact = Number.isSafeInteger(given) ? given : exactInteger(await request.text(), 'datapassId');
  if (exact === undefined)
    throw formError(request, 'body', "[Path '/datapassId'] Instance is not an integer of 64 bits");
  return subscriptionAsked(body, exact);
}

async function create(deps: ApiDeps, request: Request): Promise<Reply> {
  const { hub } = deps;
  const subscription = await asked(request);
  const id = newId(KIND.other, REFERENTIAL, hub.now());
  const answer = await demand(hub, REFERENTIAL, { kind: 'subscription.create', subscription: { ...subscription, id } });
  return { status: 201, json: answerOf(deps)(answer.body as SubscriptionState) };
}

function list(deps: ApiDeps, request: Request): Reply {
  const { referential } = deps.hub;
  onlyQuery(request, PARAMETERS, '/subscriptions');
  const codes = request.query.list('processCode');
  const status = queryText(request, 'status', 20);
  const group = querySiret(request, 'companyRegister');
  const email = delegationEmail(request);
  const order = orderOf(request, COLUMNS, LIVE_FIRST);
  const rows = rowsOf(request);
  const { scope, org } = request.caller;
  const own = new Set<string>();
  for (const { code, osl } of referential.processes()) if (scope !== 'OSL' || orgKey(osl) === org) own.add(code);
  const wanted = codes.length > 0 ? new Set(codes.filter((code) => own.has(code))) : own;
  const where = (subscription: SubscriptionState): boolean =>
    wanted.has(subscription.processCode) &&
    (status === undefined || subscription.status === status) &&
    (email === undefined || actorEmail(subscription)?.toLowerCase() === email);
  const page = referential.subscriptionPage({ order, where, group, ...rows });
  return listReply(page.items, answerOf(deps), {
    // the contract's spelling
    'Content-Range': contentRange('Susbscriptions', rows.offset, page),
  });
}

function delegationEmail(request: Request): string | undefined {
  const email = queryText(request, 'delegationActorEmail', 320);
  if (email !== undefined && !new RegExp(EMAIL).test(email)) {
    throw formError(request, 'query.delegationActorEmail', noMatch(email, EMAIL));
  }
  return email?.toLowerCase();
}

/** A sender sees the subscriptions to its own démarches only. */
function read(deps: ApiDeps, request: Request): Reply {
  const { referential } = deps.hub;
  const subscription = referential.subscription(pathId(request, 'subscriptionId'));
  if (subscription === undefined) throw new DomainError('subscriptionUnknown');
  const { scope, org } = request.caller;
  const process = referential.process(subscription.processCode);
  if (scope === 'OSL' && (process === undefined || orgKey(process.osl) !== org)) throw new DomainError('forbidden');
  return { status: 200, json: answerOf(deps)(subscription) };
}

async function replace(deps: ApiDeps, request: Request): Promise<Reply> {
  const id = pathId(request, 'subscriptionId');
  const subscription = await asked(request);
  const answer = await demand(deps.hub, REFERENTIAL, { kind: 'subscription.update', id, subscription });
  return { status: 200, json: answerOf(deps)(answer.body as SubscriptionState) };
}

const ALL = '/referential/v1/subscriptions';
const ONE = `${ALL}/{subscriptionId}`;

export const routes = (deps: ApiDeps): Route[] =>
  withPartner([
    {
      method: 'POST',
      path: ALL,
      scopes: ['DATAPASS', 'ADMIN'],
      body: 'json',
      summary: 'Crée un abonnement',
      schemas: { body: NewSubscription, answers: { 201: Subscription } },
      handler: (request) => create(deps, request),
    },
    {
      method: 'GET',
      path: ALL,
      scopes: ['OSL', 'ADMIN'],
      summary: 'Liste les abonnements',
      schemas: {
        query: SubscriptionQuery,
        answers: { 200: Type.Array(Subscription) },
        headers: { 200: { 'Content-Range': '`Susbscriptions premier-dernier/total`, ou `*/0`' } },
      },
      handler: (request) => list(deps, request),
    },
    {
      method: 'GET',
      path: ONE,
      scopes: ['OSL', 'ADMIN'],
      summary: 'Lit un abonnement',
      schemas: { answers: { 200: Subscription, 404: Fault } },
      handler: (request) => read(deps, request),
    },
    {
      method: 'PUT',
      path: ONE,
      scopes: ['ADMIN'],
      body: 'json',
      summary: 'Remplace un abonnement',
      schemas: { body: NewSubscription, answers: { 200: Subscription, 404: Fault } },
      handler: (request) => replace(deps, request),
    },
  ]);
