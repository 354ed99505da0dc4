import { fail, redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { endAbsence } from '#lib/server/hub/absences.ts';
import { absencePage, todayInParis, typedAbsence, writeAbsence } from '#lib/server/organisation/absence.ts';
import { colleague } from '#lib/server/organisation/colleague.ts';
import { administered } from '#lib/server/organisation/place.ts';
import { whoIs } from '#lib/server/organisation/who.ts';
import { absenceText } from '#lib/text/absences.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const own = await administered(sessionOf(locals));
  const one = await colleague(own.token, params.agent);
  return { organisation: own.name, id: one.id, name: whoIs(one), ...(await absencePage(own.token, one.id)) };
};

export const actions: Actions = {
  enregistrer: async ({ request, locals, cookies, params }) => {
    const own = await administered(sessionOf(locals));
    const typed = typedAbsence(await request.formData());
    const errors = await writeAbsence(own.token, params.agent, typed, todayInParis());
    if (errors.length > 0) return fail(422, { errors, typed });
    leaveNotice(cookies, absenceText.saved);
    redirect(303, `/organisation/agents/${params.agent}`);
  },
  retirer: async ({ locals, cookies, params }) => {
    const own = await administered(sessionOf(locals));
    await endAbsence(own.token, params.agent);
    leaveNotice(cookies, absenceText.ended);
    redirect(303, `/organisation/agents/${params.agent}`);
  },
};
