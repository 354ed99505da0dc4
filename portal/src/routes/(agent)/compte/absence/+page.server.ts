import { fail, redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { endAbsence } from '#lib/server/hub/absences.ts';
import { absencePage, todayInParis, typedAbsence, writeAbsence } from '#lib/server/organisation/absence.ts';
import { ownPlace } from '#lib/server/organisation/place.ts';
import { absenceText } from '#lib/text/absences.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const session = sessionOf(locals);
  const own = await ownPlace(session);
  return { name: own.name, ...(await absencePage(own.token, session.agentId)) };
};

export const actions: Actions = {
  enregistrer: async ({ request, locals, cookies }) => {
    const session = sessionOf(locals);
    const own = await ownPlace(session);
    const typed = typedAbsence(await request.formData());
    const errors = await writeAbsence(own.token, session.agentId, typed, todayInParis());
    if (errors.length > 0) return fail(422, { errors, typed });
    leaveNotice(cookies, absenceText.saved);
    redirect(303, '/compte/absence');
  },
  retirer: async ({ locals, cookies }) => {
    const session = sessionOf(locals);
    const own = await ownPlace(session);
    await endAbsence(own.token, session.agentId);
    leaveNotice(cookies, absenceText.ended);
    redirect(303, '/compte/absence');
  },
};
