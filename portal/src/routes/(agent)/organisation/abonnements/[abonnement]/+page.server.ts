import { fail, type RequestEvent, redirect } from '@sveltejs/kit';
import { day, midnightOf } from '#lib/format/date.ts';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { type Change, changeSubscription, listSubscriptions } from '#lib/server/hub/subscriptions.ts';
import { administered } from '#lib/server/organisation/place.ts';
import { subscriptionText as texts } from '#lib/text/subscriptions.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const own = await administered(sessionOf(locals));
  const one = (await listSubscriptions(own.token)).find(({ id }) => id === params.abonnement);
  if (one === undefined) throw new HubProblem(404, 'not-found', 'no such subscription');
  return { organisation: own.name, ...one, name: one.processName ?? one.processCode };
};

/** Changes it, says so on its page, or says there why not. */
async function perform({ locals, params, cookies }: RequestEvent, change: Change, done: string) {
  const own = await administered(sessionOf(locals));
  try {
    await changeSubscription(own.token, params['abonnement'] ?? '', change);
  } catch (error) {
    if (!(error instanceof HubProblem)) throw error;
    if (error.code === 'conflict') return fail(409, { errors: [{ field: 'etat', message: texts.conflict }] });
    if (error.code === 'form-invalid') return fail(422, { errors: [{ field: 'email', message: texts.badEmail }] });
    throw error;
  }
  leaveNotice(cookies, done);
  redirect(303, `/organisation/abonnements/${params['abonnement']}`);
}

export const actions: Actions = {
  activer: (event) => perform(event, { status: 'Actif' }, texts.activated),
  suspendre: (event) => perform(event, { status: 'Suspendu' }, texts.suspendedNotice),
  deprogrammer: (event) => perform(event, { activateDateTime: null }, texts.saved),
  programmer: async (event) => {
    const chosen = String((await event.request.formData()).get('jour') ?? '');
    const midnight = midnightOf(chosen);
    const message = midnight === undefined ? texts.missingDay : midnight.getTime() <= Date.now() ? texts.pastDay : '';
    if (midnight === undefined || message) return fail(422, { errors: [{ field: 'jour', message }], day: chosen });
    const at = midnight.toISOString();
    return perform(event, { activateDateTime: at }, texts.planned(day(at)));
  },
  courriel: async (event) => {
    const form = await event.request.formData();
    const email = String(form.get('email') ?? '').trim();
    const each = form.get('envoi') === 'unitaire';
    if (each && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
      return fail(422, { errors: [{ field: 'email', message: texts.badEmail }], email, each });
    }
    const change: Change = { email: email || null, notificationFrequency: each ? 'unitaire' : 'aucune' };
    return perform(event, change, texts.saved);
  },
  acces: async (event) => {
    const mode = (await event.request.formData()).get('acces') === 'API' ? 'API' : 'PORTAIL';
    return perform(event, { accessMode: mode }, mode === 'API' ? texts.toApiNotice : texts.toPortalNotice);
  },
};
