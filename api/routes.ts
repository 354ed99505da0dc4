import { logged } from './access/logged.ts';
import { routes as accesses } from './access/routes.ts';
import { routes as absences } from './agents/absences.ts';
import { routes as account } from './agents/account.ts';
import { routes as leave } from './agents/leave.ts';
import { routes as office } from './agents/office.ts';
import { routes as guests } from './agents/passkeys/guests.ts';
import { routes as ownPasskeys } from './agents/passkeys/own.ts';
import { routes as passkeySessions } from './agents/passkeys/signin.ts';
import { routes as sessions } from './agents/sessions.ts';
import { routes as staff } from './agents/staff.ts';
import { routes as ownSubscriptions } from './agents/subscriptions.ts';
import { routes as templates } from './agents/templates.ts';
import { asyncapiRoute } from './asyncapi.ts';
import { routes as bulk } from './bulk/routes.ts';
import { routes as decisions } from './desk/decisions.ts';
import { routes as desk } from './desk/routes.ts';
import { routes as exports } from './exports/routes.ts';
import { dressed } from './native/dressed.ts';
import { Quota } from './native/quota.ts';
import { routes as native } from './native/routes.ts';
import { openapiRoute } from './openapi.ts';
import { routes as attachments } from './routes/attachments.ts';
import { routes as caseNotifications } from './routes/case-notifications.ts';
import { routes as cases } from './routes/cases.ts';
import { routes as clients } from './routes/clients.ts';
import { routes as consumers } from './routes/consumers.ts';
import { routes as dead } from './routes/dead.ts';
import { routes as digests } from './routes/digests.ts';
import { routes as events } from './routes/events.ts';
import { routes as feed } from './routes/feed.ts';
import { routes as folders } from './routes/folders.ts';
import { routes as health } from './routes/health.ts';
import { routes as held } from './routes/held.ts';
import { routes as lists } from './routes/lists.ts';
import { routes as metrics } from './routes/metrics.ts';
import { routes as migrate } from './routes/migrate.ts';
import { routes as notifications } from './routes/notifications.ts';
import { routes as organizations } from './routes/organizations.ts';
import { routes as presence } from './routes/presence.ts';
import { routes as processes } from './routes/processes.ts';
import { routes as purge } from './routes/purge.ts';
import { routes as push } from './routes/push.ts';
import { routes as recipients } from './routes/recipients.ts';
import { routes as recipientsHealth } from './routes/recipients-health.ts';
import { routes as routing } from './routes/routing.ts';
import { routes as security } from './routes/security.ts';
import { routes as subscriptions } from './routes/subscriptions.ts';
import { routes as token } from './routes/token.ts';
import { routes as watchlist } from './routes/watchlist.ts';
import { routes as webhookActs } from './routes/webhook-acts.ts';
import { routes as webhooks } from './routes/webhooks.ts';
import type { ApiDeps } from './server/deps.ts';
import type { Route } from './server/types.ts';
import { togetherRoute } from './together/routes.ts';
import { routes as views } from './views/routes.ts';

const FILES = [
  token,
  notifications,
  folders,
  cases,
  events,
  attachments,
  migrate,
  purge,
  organizations,
  processes,
  subscriptions,
  clients,
  held,
  dead,
  watchlist,
  recipientsHealth,
  health,
  metrics,
  security,
] as const;

/** Those of `/relais/v1`. */
const NATIVE = [
  feed,
  consumers,
  recipients,
  lists,
  caseNotifications,
  accesses,
  routing,
  presence,
  push,
  webhooks,
  webhookActs,
  native,
  sessions,
  passkeySessions,
  guests,
  account,
  ownPasskeys,
  leave,
  staff,
  absences,
  office,
  templates,
  ownSubscriptions,
  decisions,
  desk,
  bulk,
  exports,
  views,
  digests,
] as const;

/** The one table: it feeds the router, `/openapi.json` and the authorization tests. */
export function allRoutes(deps: ApiDeps): Route[] {
  const ofAll = FILES.flatMap((routes) => routes(deps));
  const ofNative = NATIVE.flatMap((routes) => routes(deps));
  const single = logged([...ofAll, ...dressed(ofNative, new Quota())], deps.access);
  const table = [...single, togetherRoute(deps, single)];
  return [...table, asyncapiRoute(deps.config), openapiRoute(table)];
}
