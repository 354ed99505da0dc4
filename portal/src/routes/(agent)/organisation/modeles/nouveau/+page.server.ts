import { fail, redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { addTemplate } from '#lib/server/hub/templates.ts';
import { administered } from '#lib/server/organisation/place.ts';
import { processesOf } from '#lib/server/organisation/processes.ts';
import { readTemplate } from '#lib/server/organisation/template.ts';
import { templateText } from '#lib/text/templates.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const own = await administered(sessionOf(locals));
  return { name: own.name, processes: await processesOf(own.token) };
};

export const actions: Actions = {
  default: async ({ request, locals, cookies }) => {
    const own = await administered(sessionOf(locals));
    const { typed, template } = await readTemplate(request, own.token);
    if (Array.isArray(template)) return fail(422, { errors: template, typed });
    try {
      await addTemplate(own.token, template);
    } catch (error) {
      if (!(error instanceof HubProblem) || error.code !== 'limit-reached') throw error;
      return fail(422, { errors: [{ field: 'nom', message: templateText.full }], typed });
    }
    leaveNotice(cookies, templateText.saved(template.name));
    redirect(303, '/organisation/modeles');
  },
};
