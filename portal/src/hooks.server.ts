import { randomUUID } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { error, type RequestEvent, redirect } from '@sveltejs/kit';
import type { Handle, HandleServerError } from '@sveltejs/kit/hooks';
import { choiceCookie, dropCookie, sessionCookie } from '#lib/server/auth/cookies.ts';
import { loadSession } from '#lib/server/auth/load.ts';
import { issuerOrigin } from '#lib/server/auth/provider.ts';
import { compressed } from '#lib/server/compress.ts';
import { guard } from '#lib/server/guard.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { settings } from '#lib/server/settings.ts';
import { keepLost } from '#lib/server/talk/lost.ts';
import { nameOwner } from '#lib/server/talk/owner.ts';
import { sentenceOf } from '#lib/text/errors.ts';

/** Whoever counts requests hears which route each is for. */
const routed = channel('relais:portal.routed');
/** Pages of the files' host, and nothing else there. */
const FILES = '/fichiers/';
/** The one page that takes files; no other needs more than texts. */
const UPLOAD = '/(agent)/dossiers/[dossier]/envoyer';
/** What a page asks by itself, which is no gesture of an agent. */
const LIVE = '/(agent)/evenements';
const MOST_TEXT = 512 * 1024;
/** Statuses that have a page of their own. */
const KNOWN = [400, 401, 403, 404, 409, 410, 413, 422, 429, 503];
/** The hub's words for two of them: a version that is another by now, and a body beyond what it takes. */
const SAME: Readonly<Record<number, number>> = { 412: 409, 414: 413 };

function secure(headers: Headers, file: boolean): void {
  headers.set('x-content-type-options', 'nosniff');
  headers.set('referrer-policy', 'same-origin');
  headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
  headers.set('cross-origin-opener-policy', 'same-origin');
  if (settings().url.protocol === 'https:') headers.set('strict-transport-security', 'max-age=31536000');
  const policy = headers.get('content-security-policy');
  // Forms also follow the redirections of their answers: the provider's address must be in the list.
  const more = `form-action 'self' ${issuerOrigin()}; frame-src ${settings().filesUrl.origin}`;
  if (policy && !file) headers.set('content-security-policy', `${policy}; ${more}`);
}

/** The page a form is on. */
const pageOf = (path: string): string => path.replace(/\/envoyer$/, '');

/** Sign in, then back to the page that was asked for. What a form held is kept, or said to be lost. */
async function signInFirst(event: RequestEvent, hadSession: boolean): Promise<never> {
  const { request, url } = event;
  const isGet = request.method === 'GET';
  const back = encodeURIComponent(isGet ? url.pathname + url.search : pageOf(url.pathname));
  const lost = isGet ? '' : (await keepLost(event)) ? '&garde=1' : '&perdu=1';
  redirect(303, `${hadSession || lost ? '/connexion/expiree' : '/connexion'}?retour=${back}${lost}`);
}

export const handle: Handle = async ({ event, resolve }) => {
  if (routed.hasSubscribers && event.route.id && event.platform)
    routed.publish({ request: event.platform.req, route: event.route.id });
  event.locals.requestId = randomUUID();
  event.locals.session = null;
  event.locals.trouble = undefined;
  const length = Number(event.request.headers.get('content-length') ?? Number.NaN);
  if (event.request.body && event.route.id !== UPLOAD && !(length <= MOST_TEXT)) error(413, sentenceOf(413));
  const { filesUrl, url } = settings();
  const file = event.url.host === filesUrl.host && filesUrl.host !== url.host;
  if (file !== event.url.pathname.startsWith(FILES)) error(404, sentenceOf(404));
  if (!file) {
    const secret = event.cookies.get(sessionCookie());
    const needed = guard.needsSession(event.route.id);
    if (secret && (needed || guard.readsSession(event.route.id))) {
      try {
        const gesture = event.route.id !== LIVE;
        event.locals.session = await loadSession(secret, event.cookies.get(choiceCookie()), gesture);
        if (!event.locals.session) dropCookie(event.cookies, sessionCookie());
      } catch (error) {
        // The page itself says so, in its own words; one that needs no session does without.
        event.locals.trouble = error;
      }
    }
    if (event.locals.session) nameOwner(event.cookies, event.locals.session.agent.email);
    if (needed && !event.locals.session && !event.locals.trouble) await signInFirst(event, secret !== undefined);
    // A hub that is away takes nothing: what was typed waits for it.
    const isForm = event.request.method === 'POST';
    if (needed && event.locals.trouble && isForm && (await keepLost(event))) redirect(303, pageOf(event.url.pathname));
  }
  const response = await resolve(event, { preload: ({ type }) => type === 'css' || type === 'js' });
  secure(response.headers, file);
  if (!file && (event.locals.session || guard.needsSession(event.route.id)))
    response.headers.set('cache-control', 'no-store');
  response.headers.set('x-request-id', event.locals.requestId);
  return file ? response : compressed(event.request, response);
};

export const handleError: HandleServerError = ({ kind, error: thrown, event }) => {
  const { requestId } = event.locals;
  if (kind !== 'unknown') return { requestId };
  if (thrown instanceof HubProblem) {
    const status = SAME[thrown.status] ?? thrown.status;
    const shown = KNOWN.includes(status) ? status : 503;
    if (shown === 503)
      console.error(JSON.stringify({ requestId, hub: thrown.status, code: thrown.code, why: thrown.message }));
    return { message: sentenceOf(shown), status: shown, requestId };
  }
  console.error(JSON.stringify({ requestId, error: thrown instanceof Error ? thrown.stack : String(thrown) }));
  return { message: sentenceOf(500), requestId };
};
